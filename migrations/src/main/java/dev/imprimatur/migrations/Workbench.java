package dev.imprimatur.migrations;

import dev.imprimatur.migrations.StepFailure.At;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What every way to run a step has in common: one session, transactions, and patience with other people's locks. */
final class Workbench {

    /** Something that is done in one go, and can be done again when it failed. */
    @FunctionalInterface
    interface Work {
        void run() throws StepFailure;
    }

    /** A note in the history. */
    @FunctionalInterface
    interface Note {
        void write() throws SQLException;
    }

    private final Connection connection;
    private final History history;
    private final Patience patience;
    private final Timeline timeline;
    private final Witness witness;

    Workbench(Connection connection, Patience patience, Timeline timeline, Witness witness) {
        this.connection = connection;
        this.history = new History(connection);
        this.patience = patience;
        this.timeline = timeline;
        this.witness = witness;
    }

    Connection connection() {
        return connection;
    }

    History history() {
        return history;
    }

    void tell(Progress happened) {
        timeline.accept(happened);
    }

    Timeline timeline() {
        return timeline;
    }

    Witness witness() {
        return witness;
    }

    /** Sends one statement and returns how many rows it changed. */
    long execute(Statement statement, String text) throws StepFailure {
        boolean patient = statement.hasWord("CONCURRENTLY");
        try (java.sql.Statement sql = connection.createStatement()) {
            sql.setEscapeProcessing(false);
            if (patient) {
                Session.lockTimeout(connection, patience.concurrentLock());
            }
            sql.execute(text);
            long rows = Math.max(0, sql.getLargeUpdateCount());
            if (patient) {
                Session.lockTimeout(connection, patience.lock());
            }
            return rows;
        } catch (SQLException e) {
            throw new StepFailure(At.STATEMENT, Optional.of(statement), e);
        }
    }

    /** Sends a statement that refuses a transaction. */
    void bare(Statement statement) throws StepFailure {
        try (Witness.Watch _ = witness.watch()) {
            execute(statement, statement.text());
        }
    }

    /** Runs the work and its note in the history in one transaction. */
    void inTransaction(Work work, Note note) throws StepFailure {
        begin();
        try (Witness.Watch _ = witness.watch()) {
            work.run();
            at(At.CONSTRAINTS, () -> Session.beforeHistory(connection));
            at(At.HISTORY, note);
            at(At.COMMIT, connection::commit);
        } catch (StepFailure | RuntimeException | Error e) {
            rollBack(e);
            throw e;
        }
        at(At.HISTORY, () -> connection.setAutoCommit(true));
    }

    /** Writes a note in a transaction of its own. */
    void note(Note note) throws StepFailure {
        at(At.HISTORY, note);
    }

    /** Makes the session as it is at the start of a step. */
    void prepare() throws StepFailure {
        at(At.HISTORY, () -> Session.prepare(connection, patience.lock()));
    }

    /** Does the work again, after a pause, as long as it only fails to get a lock. */
    void patiently(Step step, Work work) throws StepFailure {
        for (int attempt = 1; ; attempt++) {
            try {
                work.run();
                return;
            } catch (StepFailure failure) {
                if (!failure.isLockTimeout() || attempt >= patience.attempts()) {
                    throw failure;
                }
                Duration pause = Pauses.jittered(patience.pauseAfter(attempt));
                tell(new Progress.Retrying(step, attempt, pause, lockHolders()));
                Pauses.sleep(pause);
            }
        }
    }

    int attempts() {
        return patience.attempts();
    }

    /** The sessions that hold locks on tables now, oldest transaction first, in words. */
    String lockHolders() throws StepFailure {
        List<String> holders = new ArrayList<>();
        at(At.HISTORY, () -> {
            try (PreparedStatement query = connection.prepareStatement("""
                            SELECT pg_catalog.format('pid %s (%s, %s since %s)', activity.pid,
                                     coalesce(nullif(activity.application_name, ''), 'unnamed'),
                                     coalesce(activity.state, 'state unknown'),
                                     coalesce(to_char(activity.xact_start, 'HH24:MI:SS TZ'), 'unknown'))
                              FROM pg_catalog.pg_stat_activity activity
                             WHERE activity.pid <> pg_catalog.pg_backend_pid()
                               AND EXISTS (
                                     SELECT FROM pg_catalog.pg_locks lock
                                       JOIN pg_catalog.pg_class class ON class.oid = lock.relation
                                      WHERE lock.pid = activity.pid AND lock.granted
                                        AND lock.database = (SELECT oid FROM pg_catalog.pg_database
                                                              WHERE datname = current_database())
                                        AND class.relnamespace <> 'pg_catalog'::regnamespace)
                             ORDER BY activity.xact_start NULLS LAST
                             LIMIT 3
                            """);
                    ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    holders.add(row.getString(1));
                }
            }
        });
        return String.join(", ", holders);
    }

    private void begin() throws StepFailure {
        at(At.HISTORY, () -> connection.setAutoCommit(false));
    }

    private void rollBack(Throwable why) {
        try {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            // The server rolls back by itself when the connection is gone; the first error is the one to tell.
            why.addSuppressed(e);
        }
    }

    private static void at(At at, Note note) throws StepFailure {
        try {
            note.write();
        } catch (SQLException e) {
            throw new StepFailure(at, Optional.empty(), e);
        }
    }
}
