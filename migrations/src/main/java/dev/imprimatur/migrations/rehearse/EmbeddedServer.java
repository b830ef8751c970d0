package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL 17 that lives in a temporary folder and ends with the rehearsal. Nothing in it is worth a flush to disk,
 * and nobody but this machine's users can reach it.
 */
final class EmbeddedServer implements AutoCloseable {

    private final Path folder;
    private final EmbeddedPostgres server;

    private EmbeddedServer(Path folder, EmbeddedPostgres server) {
        this.folder = folder;
        this.server = server;
    }

    static EmbeddedServer start() throws IOException {
        Path folder = Files.createTempDirectory("imprimatur-rehearsal");
        try {
            // A folder of its own for the data: the launcher clears away what lies idle beside the programs.
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(folder.resolve("programs").toFile())
                    .setDataDirectory(folder.resolve("data"))
                    .setRegisterShutdownHook(false)
                    .setLocaleConfig("locale", "C")
                    .setLocaleConfig("encoding", "UTF8")
                    .setServerConfig("timezone", "UTC")
                    .setServerConfig("max_connections", "40")
                    .setServerConfig("max_locks_per_transaction", "4096")
                    .setServerConfig("max_prepared_transactions", "10")
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("synchronous_commit", "off")
                    .setServerConfig("full_page_writes", "off")
                    .setServerConfig("autovacuum", "off")
                    .setServerConfig("max_wal_size", "4GB")
                    .setServerConfig("shared_buffers", "256MB")
                    .start();
            return new EmbeddedServer(folder, server);
        } catch (IOException | RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    /** The server's maintenance database, as its superuser. */
    DatabaseUrl url() {
        return DatabaseUrl.parse("postgres://postgres@localhost:" + server.getPort() + "/postgres");
    }

    @Override
    public void close() throws IOException {
        server.close();
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> files;
        try (Stream<Path> walked = Files.walk(folder)) {
            files = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
