package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Fills the tables of a database with made-up rows that keep to its types, keys, checks and triggers. What a constraint
 * means is not worked out: values are chosen with its literals in mind, and the server says whether a row may stand.
 *
 * @param seed the same seed gives the same rows in the same schema, but for what triggers and defaults read off a clock
 * @param rows how many a table is to have, at least 1; a table that has some is topped up
 */
public record GeneratedRows(long seed, int rows) {

    /** Ten rows a table. */
    public static final GeneratedRows DEFAULT = new GeneratedRows(17, 10);

    public GeneratedRows {
        if (rows < 1) {
            throw new IllegalArgumentException("a table has at least one row, not " + rows);
        }
    }

    /**
     * Fills every table that takes rows, those first that others refer to, and commits.
     *
     * @param connection outside a transaction, in simple query mode, with the {@code search_path} that triggers expect
     * @throws SQLException when the connection breaks; a row that the server refuses only leaves its table with fewer
     */
    public FilledTables fill(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(
                    "SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL statement_timeout = '10s'; SET LOCAL jit = off");
            FilledTables filled = fill(statement, new Targets(connection).read());
            connection.commit();
            return filled;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private FilledTables fill(Statement statement, SortedMap<String, Target> targets) throws SQLException {
        List<String> filled = new ArrayList<>();
        List<FilledTables.Empty> empty = new ArrayList<>();
        for (Target target : ordered(targets)) {
            long there = count(statement, target);
            RowMaker maker =
                    new RowMaker(statement, target, seed + target.name().hashCode() + there * 31);
            while (there < rows && maker.insert(there == 0)) {
                there++;
            }
            if (there == 0) {
                empty.add(new FilledTables.Empty(target.name(), maker.refusal()));
            } else {
                filled.add(target.name());
            }
        }
        return new FilledTables(filled, empty);
    }

    /** Those first that others need; where references go in a circle, wishes give way before needs do. */
    private static List<Target> ordered(SortedMap<String, Target> targets) {
        List<Target> ordered = new ArrayList<>();
        Set<String> open = new TreeSet<>(targets.keySet());
        while (!open.isEmpty()) {
            String next = open.stream()
                    .filter(name -> isFree(target(targets, name).wishes(), open))
                    .findFirst()
                    .or(() -> open.stream()
                            .filter(name -> isFree(target(targets, name).needs(), open))
                            .findFirst())
                    .orElseGet(() -> open.iterator().next());
            open.remove(next);
            ordered.add(target(targets, next));
        }
        return ordered;
    }

    private static boolean isFree(Set<String> needed, Set<String> open) {
        return needed.stream().noneMatch(open::contains);
    }

    private static Target target(SortedMap<String, Target> targets, String name) {
        return java.util.Objects.requireNonNull(targets.get(name));
    }

    private static long count(Statement statement, Target target) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + target.name())) {
            row.next();
            return row.getLong(1);
        }
    }
}
