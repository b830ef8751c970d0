package dev.imprimatur.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sees from a second session what the first one holds and waits for. A session that waits can tell nothing of itself, and
 * one that has failed holds nothing any more. It connects only when something takes longer than half the time that a wait
 * may last, and nobody waits long for it.
 */
final class Witness {

    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(2);

    private static final Failure.Locks NOTHING = new Failure.Locks(List.of(), List.of(), List.of());

    private static final String HELD = """
            SELECT pg_catalog.format('%s on %s', pg_catalog.string_agg(DISTINCT lock.mode, ', '),
                                     class.oid::pg_catalog.regclass)
              FROM pg_catalog.pg_locks lock
              JOIN pg_catalog.pg_class class ON class.oid = lock.relation
             WHERE lock.pid = ? AND lock.granted
               AND lock.database = (SELECT oid FROM pg_catalog.pg_database
                                     WHERE datname = pg_catalog.current_database())
               AND class.relnamespace::pg_catalog.regnamespace::text NOT IN
                   ('pg_catalog', 'pg_toast', 'information_schema')
             GROUP BY class.oid ORDER BY class.oid::pg_catalog.regclass::text
            """;

    private static final String WAITED = """
            SELECT pg_catalog.format('%s on %s', lock.mode,
                     coalesce('a row of ' || CASE WHEN lock.locktype = 'tuple' THEN lock.relation::pg_catalog.regclass::text END,
                              lock.relation::pg_catalog.regclass::text,
                              'transaction ' || lock.transactionid::text, lock.locktype))
              FROM pg_catalog.pg_locks lock
             WHERE lock.pid = ? AND NOT lock.granted
            """;

    private static final String BLOCKERS = """
            SELECT pg_catalog.format('pid %s (%s, %s, transaction since %s)%s', activity.pid,
                     coalesce(nullif(activity.application_name, ''), 'unnamed'),
                     coalesce(activity.state, 'state unknown'),
                     coalesce(pg_catalog.to_char(activity.xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS') || ' UTC', 'unknown'),
                     (SELECT ' holds ' || pg_catalog.string_agg(DISTINCT held.mode || ' on ' || held.relation::pg_catalog.regclass, ', ')
                        FROM pg_catalog.pg_locks held
                        JOIN pg_catalog.pg_locks wanted ON wanted.relation = held.relation
                                                       AND wanted.database = held.database
                       WHERE held.pid = activity.pid AND held.granted
                         AND wanted.pid = asked.pid AND NOT wanted.granted))
              FROM (SELECT ?::integer AS pid) asked, pg_catalog.pg_stat_activity activity
             WHERE activity.pid = ANY (pg_catalog.pg_blocking_pids(asked.pid))
             ORDER BY activity.xact_start NULLS LAST
            """;

    /** A transaction or a bare statement under observation, until it is closed. */
    final class Watch implements AutoCloseable {

        private final CountDownLatch ended = new CountDownLatch(1);
        private final Thread thread;

        private Watch() {
            thread = Thread.ofVirtual().name("witness").start(this::watch);
        }

        /** Twice in the time that a wait may last, so that none goes unseen. */
        private void watch() {
            try {
                if (ended.await(period.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                try (Connection connection = connections.open()) {
                    do {
                        look(connection);
                    } while (!ended.await(period.toMillis(), TimeUnit.MILLISECONDS));
                }
            } catch (SQLException e) {
                unseen("SQLSTATE " + e.getSQLState());
            } catch (RuntimeException e) {
                // A pool may throw what it likes, and this thread has nobody to tell but the incident.
                unseen(e.getClass().getSimpleName());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void unseen(String why) {
            List<String> lines = List.of("(could not be seen: %s)".formatted(why));
            seen = new Failure.Locks(lines, lines, lines);
        }

        @Override
        public void close() {
            ended.countDown();
            join(thread);
        }
    }

    private final ConnectionSource connections;
    private final int pid;
    private final Duration period;
    private volatile Failure.Locks seen = NOTHING;

    private Witness(ConnectionSource connections, int pid, Duration period) {
        this.connections = connections;
        this.pid = pid;
        this.period = period;
    }

    /** One for the session of this connection, whose waits last as long as the lock timeout. */
    static Witness of(Connection connection, ConnectionSource connections, Duration lockTimeout) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("SELECT pg_catalog.pg_backend_pid()");
                ResultSet row = query.executeQuery()) {
            row.next();
            Duration half = lockTimeout.dividedBy(2);
            return new Witness(connections, row.getInt(1), half.compareTo(SHORTEST) < 0 ? SHORTEST : half);
        }
    }

    /** Watches what is about to be done; what was seen before is forgotten. */
    Watch watch() {
        seen = NOTHING;
        return new Watch();
    }

    /** A look that comes when all is over sees nothing, and does not count. */
    private void look(Connection connection) throws SQLException {
        List<String> waits = lines(connection, WAITED);
        List<String> blocking = waits.isEmpty() ? List.of() : lines(connection, BLOCKERS);
        List<String> holds = lines(connection, HELD);
        if (!waits.isEmpty() || !holds.isEmpty()) {
            seen = new Failure.Locks(holds, waits, blocking);
        }
    }

    private List<String> lines(Connection connection, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setInt(1, pid);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    lines.add(row.getString(1));
                }
            }
        }
        return lines;
    }

    private static void join(Thread thread) {
        try {
            thread.join(LONGEST_LOOK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    Failure.Locks seen() {
        return seen;
    }
}
