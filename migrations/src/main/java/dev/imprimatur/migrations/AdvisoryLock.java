package dev.imprimatur.migrations;

import dev.imprimatur.migrations.MigrationException.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Keeps two runs on one database apart. It is polled and never waited in: a session that waits holds a snapshot, and a
 * concurrent index build of the other run would wait for that snapshot for ever.
 *
 * <p>The lock belongs to the session that does the work, so that it ends exactly when the work can no longer go on.
 */
final class AdvisoryLock {

    private static final long KEY = 0x696D7072696D6174L; // "imprimat" in ASCII
    private static final Duration POLL = Duration.ofMillis(200);

    private final Connection connection;

    AdvisoryLock(Connection connection) {
        this.connection = connection;
    }

    void take(Duration deadline, Consumer<? super Progress> progress) throws SQLException {
        long end = System.nanoTime() + deadline.toNanos();
        boolean told = false;
        while (!tryTake()) {
            if (System.nanoTime() >= end) {
                throw new MigrationException(
                        Reason.BUSY,
                        "Another run holds this database: %s. It did not end within %s; try again when it has."
                                .formatted(holder(), Words.duration(deadline)));
            }
            if (!told) {
                progress.accept(new Progress.Waiting(holder()));
                told = true;
            }
            Pauses.sleep(POLL);
        }
    }

    /** Makes sure that no statement of a migration has given the lock away. */
    void keep() throws SQLException {
        if (!tryTake()) {
            throw new MigrationException(
                    Reason.BUSY,
                    "A statement released this run's lock, and another run took it: %s.".formatted(holder()));
        }
    }

    void release() throws SQLException {
        try (java.sql.Statement release = connection.createStatement()) {
            release.execute("SELECT pg_catalog.pg_advisory_unlock_all()");
        }
    }

    private boolean tryTake() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT pg_catalog.pg_try_advisory_lock(?)")) {
            query.setLong(1, KEY);
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private String holder() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT pg_catalog.format('pid %s (%s, role %s) since %s', activity.pid,
                         coalesce(nullif(activity.application_name, ''), 'unnamed'),
                         coalesce(activity.usename, 'unknown'),
                         coalesce(to_char(activity.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'), 'unknown'))
                  FROM pg_catalog.pg_locks lock
                  JOIN pg_catalog.pg_stat_activity activity ON activity.pid = lock.pid
                 WHERE lock.locktype = 'advisory' AND lock.granted AND lock.objsubid = 1
                   AND lock.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
                   AND (lock.classid::bigint << 32) | lock.objid::bigint = ?
                """)) {
            query.setLong(1, KEY);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getString(1) : "a session that has just ended";
            }
        }
    }
}
