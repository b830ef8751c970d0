package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Fills the tables of a database with made-up rows that keep to its types, keys, checks and triggers. What a constraint
 * means is not worked out: values are chosen with its literals in mind, and the server says whether a row may stand.
 *
 * <p>Every method runs in the caller's transaction when there is one, under savepoints, and leaves it open; constraints are
 * immediate afterwards. With auto-commit on it opens a transaction of its own and commits it.
 *
 * @param seed the same seed gives the same rows in the same schema, but for what triggers and defaults read off a clock
 * @param rows how many a table is to have, at least 1; a table that has some is topped up
 * @param leftAlone tables that get no rows, qualified, and quoted as in SQL
 */
public record GeneratedRows(long seed, int rows, Set<String> leftAlone) {

    /** Ten rows a table. */
    public static final GeneratedRows DEFAULT = new GeneratedRows(17, 10);

    /** What is done with the tables there are. */
    @FunctionalInterface
    private interface Work<T> {
        T with(Statement statement) throws SQLException;
    }

    public GeneratedRows(long seed, int rows) {
        this(seed, rows, Set.of());
    }

    public GeneratedRows {
        leftAlone = Set.copyOf(leftAlone);
        if (rows < 1) {
            throw new IllegalArgumentException("a table has at least one row, not " + rows);
        }
    }

    /**
     * Fills every table that takes rows, those first that others refer to. Partitions are filled through the table that they
     * are a part of; foreign tables, temporary ones and members of extensions are left out.
     *
     * @param connection with the {@code search_path} that triggers expect
     * @throws SQLException when the connection breaks; a row that the server refuses only leaves its table with fewer
     */
    public FilledTables fill(Connection connection) throws SQLException {
        return inTransaction(connection, statement -> {
            TableList tables = TableList.all(connection, statement).without(leftAlone);
            return new Filling(connection, statement, tables, this).fill(tables.roots());
        });
    }

    /**
     * Fills these tables only; what they refer to must have rows, or be among them.
     *
     * @param tables qualified, and quoted as in SQL; names of anything but tables are ignored, and a partition's means the
     *     whole partitioned table
     * @throws SQLException as {@link #fill(Connection)}
     */
    public FilledTables fill(Connection connection, Collection<String> tables) throws SQLException {
        return inTransaction(connection, statement -> {
            TableList some = TableList.some(connection, statement, tables).without(leftAlone);
            return new Filling(connection, statement, some, this).fill(some.roots());
        });
    }

    /**
     * Writes a few rows as new code would, after a step, so that a way back is tried on a schema in use: new tables get
     * rows, new columns values and NULLs, new enum labels are used, and what only the new schema takes is written: a value
     * that only fits the wider type, a NULL where it was forbidden, a row against a rule that is gone. Each row is tried by
     * itself. {@link #rows} does not matter here.
     *
     * @param before the catalog before the step
     * @param after as it is now
     * @param touched further tables that new code would write to, qualified and quoted: those with rows that the step
     *     changed, say
     * @throws SQLException as {@link #fill(Connection)}
     */
    public UsedTables fillForUse(Connection connection, Snapshot before, Snapshot after, Collection<String> touched)
            throws SQLException {
        List<Use> uses = new Uses(before, after).list(touched);
        return inTransaction(
                connection,
                statement -> new Using(
                                connection,
                                statement,
                                TableList.some(
                                                connection,
                                                statement,
                                                uses.stream().map(Use::table).toList())
                                        .without(leftAlone),
                                this)
                        .use(uses));
    }

    private <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        if (!connection.getAutoCommit()) {
            return pinned(connection, work);
        }
        connection.setAutoCommit(false);
        try {
            T result = pinned(connection, work);
            connection.commit();
            return result;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private <T> T pinned(Connection connection, Work<T> work) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            String before;
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.format('SET LOCAL statement_timeout = %L;"
                    + " SET LOCAL jit = %L', current_setting('statement_timeout'), current_setting('jit'))")) {
                row.next();
                before = row.getString(1);
            }
            statement.execute(
                    "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL statement_timeout = '10s'; SET LOCAL jit = off");
            T result = work.with(statement);
            statement.execute(before);
            return result;
        }
    }
}
