package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.BatchKeys;
import dev.imprimatur.migrations.KeyRange;
import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.layout.TransactionRule;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.jdbc.PgStatement;

/** Runs files in a session, statement by statement, under the clock and the meter of the log. */
final class Runner {

    private final Connection connection;
    private final Limits limits;

    private long nanos;
    private long rows;
    private Optional<Statement> current = Optional.empty();

    Runner(Connection connection, Limits limits) {
        this.connection = connection;
        this.limits = limits;
    }

    /** Runs the file within the transaction that is open. */
    Run within(Part part) throws SQLException {
        return metered(part, () -> statements(part));
    }

    /** Runs the file as the runner of its layout does, and commits. */
    Run committed(Part part) throws SQLException {
        boolean together = Transactions.together(part);
        return metered(part, () -> {
            connection.setAutoCommit(!together);
            statements(part);
            if (together) {
                current = Optional.empty();
                connection.commit();
            }
        });
    }

    private interface Work {
        void run() throws SQLException;
    }

    private Run metered(Part part, Work work) throws SQLException {
        nanos = 0;
        rows = 0;
        current = Optional.empty();
        long before = logPosition();
        Optional<Failure> failure = Optional.empty();
        try {
            work.run();
        } catch (SQLException e) {
            failure = Optional.of(new Failure(part.file(), current, e));
        }
        long wal = failure.isPresent() ? 0 : logPosition() - before;
        return new Run(nanos / 1e6, rows, wal, failure);
    }

    private void statements(Part part) throws SQLException {
        List<Statement> statements = part.statements().list();
        if (part.batch().isPresent() && statements.size() == 1) {
            Statement statement = statements.getFirst();
            current = Optional.of(statement);
            BatchKeys keys = new BatchKeys(connection, part.batch().get(), statement);
            Optional<KeyRange> range = keys.after(Optional.empty());
            while (range.isPresent()) {
                execute(statement, keys.text(range.get()));
                if (!connection.getAutoCommit() && part.transaction() == TransactionRule.NONE) {
                    connection.commit();
                }
                range = keys.after(Optional.of(range.get().last()));
            }
            return;
        }
        for (Statement statement : statements) {
            current = Optional.of(statement);
            execute(statement, statement.text());
        }
    }

    /** Runs a batch's statement once, over all its keys. */
    Run asOneRange(Part part) throws SQLException {
        return metered(part, () -> {
            Statement statement = part.statements().list().getFirst();
            current = Optional.of(statement);
            BatchKeys keys = new BatchKeys(connection, part.batch().orElseThrow(), statement);
            Optional<KeyRange> all = keys.all();
            if (all.isPresent()) {
                execute(statement, keys.text(all.get()));
            }
        });
    }

    private void execute(Statement statement, String sql) throws SQLException {
        limits.execute(connection, statement, () -> execute(sql));
    }

    private void execute(String sql) throws SQLException {
        long start = System.nanoTime();
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement
                    .unwrap(PgStatement.class)
                    .setQueryTimeoutMs(limits.timeout().toMillis());
            statement.execute(sql);
            rows += Math.max(0, statement.getLargeUpdateCount());
        } finally {
            nanos += System.nanoTime() - start;
        }
    }

    private long logPosition() throws SQLException {
        try (java.sql.Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_catalog.pg_current_wal_insert_lsn() OPERATOR(pg_catalog.-) '0/0'")) {
            row.next();
            return row.getLong(1);
        }
    }
}
