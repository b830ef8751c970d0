package dev.imprimatur.bench;

import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.Drafts;
import dev.imprimatur.publishing.content.IdempotencyKey;
import dev.imprimatur.publishing.content.Manuscript;
import dev.imprimatur.publishing.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * The floor: the statement that the product runs for a create, prepared once on each connection, with auto-commit, one
 * thread a connection, and nothing else around it.
 */
final class JdbcLoad implements Load {
    private final ConnectionFactory connections;
    private final RecordedStatement statement = new RecordedStatement();
    private final UUID id;
    private final String key = "recorded";
    private final List<Connection> open = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();

    JdbcLoad(ConnectionFactory connections, Principal author, Manuscript manuscript, Content.Plan plan) {
        this.connections = connections;
        this.id = new Drafts(Database.jdbi(statement.recording(connections)))
                .create(author, manuscript, plan, new IdempotencyKey(key))
                .content()
                .id();
    }

    @Override
    public Round run(int threads, Duration atLeast) throws Exception {
        while (open.size() < threads) {
            open.add(connections.openConnection());
        }
        LongStream nanos = LongStream.empty();
        long start = System.nanoTime();
        long end = start + atLeast.toNanos();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<LongStream>> running = open.subList(0, threads).stream()
                    .map(connection -> executor.submit(() -> createUntil(end, connection)))
                    .toList();
            for (Future<LongStream> one : running) {
                nanos = LongStream.concat(nanos, one.get());
            }
        }
        long elapsed = System.nanoTime() - start;
        return Round.of(nanos, Duration.ofNanos(elapsed));
    }

    private LongStream createUntil(long end, Connection connection) throws SQLException {
        LongStream.Builder nanos = LongStream.builder();
        try (PreparedStatement prepared = connection.prepareStatement(statement.text())) {
            for (long begun = System.nanoTime(); begun < end; begun = System.nanoTime()) {
                create(prepared);
                nanos.add(System.nanoTime() - begun);
            }
        }
        return nanos.build();
    }

    private void create(PreparedStatement prepared) throws SQLException {
        UUID newId = UUID.randomUUID();
        String newKey = "jdbc-%016d".formatted(sent.getAndIncrement());
        statement.bind(prepared, value -> value.equals(id) ? newId : withKey(value, newKey));
        try (ResultSet row = prepared.executeQuery()) {
            if (!row.next() || !row.getBoolean("free") || row.getObject("created_at", OffsetDateTime.class) == null) {
                throw new SQLException("nothing was created");
            }
        }
    }

    /** The key itself, and the name of the lock on it, which ends with it. */
    private Object withKey(Object value, String newKey) {
        return value instanceof String text && text.endsWith(key)
                ? text.substring(0, text.length() - key.length()) + newKey
                : value;
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : open) {
            connection.close();
        }
    }
}
