package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Statement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * What a statement of a step may not do.
 *
 * @param timeout how long it may take
 * @param serverIsShared whether others use the server too, so that nothing may change that its databases share
 */
record Limits(Duration timeout, boolean serverIsShared) {

    /** It needs no transaction around it, or ends the one that is there. */
    private static final Set<String> NEEDS_NO_TRANSACTION = Set.of("25001", "2D000");

    /** What may do more than its words say. All of these are the same in a transaction of their own. */
    private static final List<String> CALLS =
            List.of("DO", "SELECT", "WITH", "CALL", "EXECUTE", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES");

    /** A statement tried to reach beyond the copy. */
    static final class Exceeded extends SQLException {
        Exceeded(String what) {
            super(what);
        }
    }

    /** One statement, as it is. */
    @FunctionalInterface
    interface Execution {
        void run() throws SQLException;
    }

    /**
     * Executes a statement within these limits.
     *
     * @throws Exceeded when it changed something that all databases of the server share; the transaction that is open
     *     then is to be rolled back
     */
    void execute(Connection connection, Statement statement, Execution execution) throws SQLException {
        if (!serverIsShared) {
            execution.run();
        } else if (isIdle(connection) && CALLS.stream().anyMatch(statement::startsWith)) {
            wrapped(connection, execution);
        } else {
            execution.run();
            check(connection);
        }
    }

    private void wrapped(Connection connection, Execution execution) throws SQLException {
        connection.setAutoCommit(false);
        try {
            execution.run();
            check(connection);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!NEEDS_NO_TRANSACTION.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            connection.setAutoCommit(true);
            watched(connection, execution);
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** What commits by itself cannot be stopped any more: that it changed something is all that can be told. */
    private static void watched(Connection connection, Execution execution) throws SQLException {
        Globals before = Globals.read(connection);
        execution.run();
        List<Globals.Difference> differences = before.differencesTo(Globals.read(connection));
        if (!differences.isEmpty()) {
            throw new Exceeded(
                    "it commits by itself, and meanwhile this changed, which is still so; take it back by hand,"
                            + " unless it was somebody else who did it\n"
                            + differences.stream()
                                    .map(Globals.Difference::detail)
                                    .collect(Collectors.joining("\n")));
        }
    }

    /** The locks of a transaction tell what it wrote, and nobody else's are among them. */
    private static void check(Connection connection) throws SQLException {
        if (isIdle(connection)) {
            return;
        }
        try (java.sql.Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("""
                        SELECT pg_catalog.string_agg(DISTINCT relation::pg_catalog.regclass::pg_catalog.text, ', ')
                          FROM pg_catalog.pg_locks
                         WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND database = 0
                           AND mode = 'RowExclusiveLock'
                           AND relation IN ('pg_catalog.pg_authid'::pg_catalog.regclass,
                                            'pg_catalog.pg_auth_members'::pg_catalog.regclass,
                                            'pg_catalog.pg_db_role_setting'::pg_catalog.regclass,
                                            'pg_catalog.pg_tablespace'::pg_catalog.regclass)""")) {
            row.next();
            String written = row.getString(1);
            if (written != null) {
                throw new Exceeded("while it ran, it changed the server's roles or what belongs to them (" + written
                        + "), outside the copy; it was taken back");
            }
        }
    }

    private static boolean isIdle(Connection connection) throws SQLException {
        return connection.getAutoCommit()
                && connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
    }
}
