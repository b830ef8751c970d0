package dev.imprimatur.migrations;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An empty database of its own on one PostgreSQL 17 that all tests of this run share. */
public final class TestDatabase implements AutoCloseable {

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final String name;

    public TestDatabase() throws SQLException {
        name = "test_" + COUNTER.incrementAndGet();
        inMaintenance("CREATE DATABASE " + name);
    }

    public DatabaseUrl url() {
        return DatabaseUrl.parse("postgres://postgres@localhost:" + Server.INSTANCE.getPort() + "/" + name);
    }

    public Connection open() throws SQLException {
        return url().open();
    }

    /** Runs SQL, several statements at once if need be. */
    public void run(String sql) throws SQLException {
        try (Connection connection = open();
                java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** The first column of each row. */
    public List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = open();
                java.sql.Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                rows.add(String.valueOf(row.getString(1)));
            }
        }
        return rows;
    }

    public String value(String sql) throws SQLException {
        return rows(sql).getFirst();
    }

    @Override
    public void close() throws SQLException {
        inMaintenance("DROP DATABASE " + name + " WITH (FORCE)");
    }

    private static void inMaintenance(String sql) throws SQLException {
        try (Connection connection = Server.INSTANCE.getPostgresDatabase().getConnection();
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static final class Server {
        private static final EmbeddedPostgres INSTANCE = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "60")
                        .setServerConfig("timezone", "UTC")
                        .setServerConfig("shared_preload_libraries", "pg_stat_statements")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
