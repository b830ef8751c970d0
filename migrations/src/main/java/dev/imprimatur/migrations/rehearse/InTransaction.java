package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.layout.Part;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One transaction that is rolled back: the cheapest ground, for all that can run in one. */
final class InTransaction implements Ground {

    private final Connection connection;
    private final Runner runner;
    private final Map<String, Long> files;

    InTransaction(Connection connection, Duration timeout) throws SQLException {
        this.connection = connection;
        this.runner = new Runner(connection, timeout);
        connection.setAutoCommit(false);
        execute("SAVEPOINT start");
        files = look(Rewrites::files);
    }

    @Override
    public Run run(Part part) throws SQLException {
        return settled(part, runner.within(part));
    }

    @Override
    public Run runAsOneRange(Part part) throws SQLException {
        return settled(part, runner.asOneRange(part));
    }

    private Run settled(Part part, Run run) {
        if (run.failure().isPresent()) {
            return run;
        }
        try {
            execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED");
            if (Transactions.makesTemporaryTables(part)) {
                // They end with the transaction or the session, which a way back never shares with the way there.
                execute("DISCARD TEMP");
            }
            return run;
        } catch (SQLException e) {
            return new Run(
                    run.milliseconds(),
                    run.rows(),
                    run.walBytes(),
                    Optional.of(new Failure(part.file(), Optional.empty(), e)));
        }
    }

    @Override
    public <T> T look(Look<T> look) throws SQLException {
        execute("SAVEPOINT look; RESET SESSION AUTHORIZATION; RESET ROLE");
        try {
            return look.at(connection);
        } finally {
            execute("ROLLBACK TO SAVEPOINT look; RELEASE SAVEPOINT look");
        }
    }

    @Override
    public <T> T use(Look<T> use) throws SQLException {
        return use.at(connection);
    }

    @Override
    public Optional<Set<String>> touched() throws SQLException {
        return Optional.of(look(InTransaction::written));
    }

    /** A table is written to only under a lock that goes beyond reading, and locks are held to the end. */
    static Set<String> written(Connection connection) throws SQLException {
        Set<String> tables = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT DISTINCT pg_catalog.format('%I.%I', namespace.nspname, class.relname)
                          FROM pg_catalog.pg_locks lock
                          JOIN pg_catalog.pg_class class ON class.oid = lock.relation
                          JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
                         WHERE lock.pid = pg_catalog.pg_backend_pid() AND lock.locktype = 'relation' AND lock.granted
                           AND lock.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
                           AND lock.mode NOT IN ('AccessShareLock', 'RowShareLock')
                           AND class.relkind IN ('r', 'm')
                           AND namespace.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'migrate')
                        """)) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        return tables;
    }

    @Override
    public int rewrites() throws SQLException {
        return Rewrites.between(files, look(Rewrites::files));
    }

    @Override
    public void reset() throws SQLException {
        execute("ROLLBACK TO SAVEPOINT start");
    }

    @Override
    public void close() throws SQLException {
        if (connection.isClosed() || !connection.isValid(5)) {
            return;
        }
        connection.rollback();
        connection.setAutoCommit(true);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
