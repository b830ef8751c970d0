package dev.imprimatur.bench;

import dev.imprimatur.migrations.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** A server for both sides of a comparison, without flushes to disk, set up as a rehearsal sets up its own. */
final class ScratchServer implements AutoCloseable {
    private static final Map<String, String> SETTINGS = Map.of(
            "timezone", "UTC",
            "max_connections", "40",
            "max_locks_per_transaction", "4096",
            "fsync", "off",
            "synchronous_commit", "off",
            "full_page_writes", "off",
            "autovacuum", "off",
            "max_wal_size", "4GB",
            "shared_buffers", "256MB");

    private final Path folder;
    private final EmbeddedPostgres server;

    private ScratchServer(Path folder, EmbeddedPostgres server) {
        this.folder = folder;
        this.server = server;
    }

    static ScratchServer start() throws IOException {
        Path folder = Files.createTempDirectory("imprimatur-bench");
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.resolve("programs").toFile())
                .setDataDirectory(folder.resolve("data"))
                .setRegisterShutdownHook(false)
                .setLocaleConfig("locale", "C")
                .setLocaleConfig("encoding", "UTF8");
        SETTINGS.forEach(builder::setServerConfig);
        ScratchServer scratch = new ScratchServer(folder, builder.start());
        Runtime.getRuntime().addShutdownHook(new Thread(scratch::closeAtExit));
        return scratch;
    }

    /** For folders of migrations; gone with the server. */
    Path newFolder(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    DatabaseUrl newDatabase(String name) throws SQLException {
        run("postgres", "CREATE DATABASE " + name);
        return url(name);
    }

    void drop(DatabaseUrl database) throws SQLException {
        run("postgres", "DROP DATABASE " + database.database());
    }

    void run(String database, String sql) throws SQLException {
        try (Connection connection = url(database).open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    Jdbi jdbi() {
        return Jdbi.create(() -> url("postgres").open());
    }

    /** What the programs of PostgreSQL read. */
    Map<String, String> environment() {
        return Map.of("PGHOST", "localhost", "PGPORT", Integer.toString(server.getPort()), "PGUSER", "postgres");
    }

    private DatabaseUrl url(String database) {
        return DatabaseUrl.parse("postgres://postgres@localhost:" + server.getPort() + "/" + database);
    }

    private void closeAtExit() {
        try {
            close();
        } catch (IOException e) {
            System.err.println(folder + " is left behind: " + e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        server.close();
        List<Path> files;
        try (Stream<Path> walked = Files.walk(folder)) {
            files = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
