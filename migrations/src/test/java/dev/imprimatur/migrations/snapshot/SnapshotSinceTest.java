package dev.imprimatur.migrations.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.Chance;
import dev.imprimatur.migrations.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SnapshotSinceTest {

    private static final String[] CHANGES = lines("/snapshot/changes.sql");

    private static TestDatabase database;

    private static String[] lines(String resource) {
        return text(resource)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("--"))
                .toArray(String[]::new);
    }

    private static String text(String resource) {
        try (var stream = Objects.requireNonNull(SnapshotSinceTest.class.getResourceAsStream(resource))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void objectsOfEveryKind() throws SQLException {
        database = new TestDatabase();
        database.run(text("/snapshot/every-kind.sql"));
        database.run(text("/snapshot/entangled.sql"));
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    /** Every change alone, so that none can hide behind another that has all read anew. */
    @Test
    void eachChangeIsSeenAsAFullSnapshotSeesIt() throws SQLException {
        List<String> refused = new ArrayList<>();
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            Snapshot before = Snapshot.read(connection);
            connection.rollback();
            for (String change : CHANGES) {
                if (!run(connection, change)) {
                    refused.add(change);
                }
                assertSame(connection, before, List.of(change));
                connection.rollback();
            }
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void anyChangesUnderAnySavepointsAreSeenAsAFullSnapshotSeesThem() throws SQLException {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            Chance.tries(60, chance -> {
                try {
                    // Read each time, for sequences do not go back with the transaction.
                    changeAtRandom(connection, Snapshot.read(connection), chance);
                    connection.rollback();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    private static void changeAtRandom(Connection connection, Snapshot before, Chance chance) throws SQLException {
        List<String> done = new ArrayList<>();
        Deque<Savepoint> savepoints = new ArrayDeque<>();
        for (long left = chance.between(1, 12); left > 0; left--) {
            switch ((int) chance.between(0, 6)) {
                case 0 -> {
                    savepoints.push(connection.setSavepoint());
                    done.add("SAVEPOINT");
                }
                case 1 -> {
                    if (!savepoints.isEmpty()) {
                        connection.rollback(savepoints.pop());
                        done.add("ROLLBACK TO SAVEPOINT");
                    }
                }
                case 2 -> {
                    if (!savepoints.isEmpty()) {
                        connection.releaseSavepoint(savepoints.pop());
                        done.add("RELEASE SAVEPOINT");
                    }
                }
                default -> {
                    String change = chance.of(CHANGES);
                    done.add(run(connection, change) ? change : "-- refused: " + change);
                }
            }
            if (chance.between(0, 9) == 0) {
                assertSame(connection, before, done);
            }
        }
        assertSame(connection, before, done);
    }

    /** @return whether the server took it */
    private static boolean run(Connection connection, String sql) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            connection.releaseSavepoint(savepoint);
            return true;
        } catch (SQLException refused) {
            connection.rollback(savepoint);
            return false;
        }
    }

    private static void assertSame(Connection connection, Snapshot before, List<String> done) throws SQLException {
        Snapshot full = Snapshot.read(connection);
        Snapshot since = Snapshot.since(connection, before);
        assertThat(full.effectsTo(since).stream().map(Effect::line).toList())
                .as(String.join(";\n", done))
                .isEmpty();
        assertThat(since).isEqualTo(full);
    }

    @Test
    void whatWasNotTouchedIsTakenOver() throws SQLException {
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            Snapshot before = Snapshot.read(connection);
            run(connection, "ALTER TABLE empty_table ADD more int");
            Snapshot since = Snapshot.since(connection, before);
            assertThat(since.object(Kind.COLUMN, "public.empty_table.more")).isPresent();
            assertThat(since.object(Kind.TABLE, "public.posts").orElseThrow())
                    .isSameAs(before.object(Kind.TABLE, "public.posts").orElseThrow());
            assertThat(since.object(Kind.FUNCTION, "public.twice(integer)").orElseThrow())
                    .isSameAs(before.object(Kind.FUNCTION, "public.twice(integer)")
                            .orElseThrow());
            connection.rollback();
            assertThat(Snapshot.since(connection, before)).isEqualTo(before);
        }
    }
}
