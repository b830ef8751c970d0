package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL 17 that lives in a temporary folder and ends with the rehearsal. Nothing in it is worth a flush to disk,
 * and nobody but this machine's users can reach it.
 */
final class EmbeddedServer implements AutoCloseable {

    private final Thread atExit = new Thread(this::endWithTheProgram, "end of the embedded server");
    /** The launcher makes this folder whenever it starts, and leaves it empty. */
    private final Path launchers = Path.of(System.getProperty(
            "ot.epg.working-dir",
            Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg").toString()));

    private final boolean launchersWasThere = Files.exists(launchers);
    private @Nullable Path folder;
    private @Nullable EmbeddedPostgres server;
    private boolean closed;

    private EmbeddedServer() {}

    /** Whatever moment the program is told to end at: when it has ended, no process and no folder is left. */
    static EmbeddedServer start() throws IOException {
        EmbeddedServer starting = new EmbeddedServer();
        // First the hook and then the folder: a program that is ending takes no more hooks.
        Runtime.getRuntime().addShutdownHook(starting.atExit);
        starting.launch();
        return starting;
    }

    /** Told to end meanwhile, the program waits here until there is something that can be ended. */
    private synchronized void launch() throws IOException {
        if (closed) {
            throw new IOException("the program is ending");
        }
        try {
            Path made = Files.createTempDirectory("imprimatur-rehearsal");
            folder = made;
            // A folder of its own for the data: the launcher clears away what lies idle beside the programs.
            server = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(made.resolve("programs").toFile())
                    .setDataDirectory(made.resolve("data"))
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
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The server's maintenance database, as its superuser. */
    synchronized DatabaseUrl url() {
        if (server == null) {
            throw new IllegalStateException("the embedded server has ended");
        }
        return DatabaseUrl.parse("postgres://postgres@localhost:" + server.getPort() + "/postgres");
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        EmbeddedPostgres running = server;
        server = null;
        Path made = folder;
        Optional<ProcessHandle> postmaster = made == null ? Optional.empty() : postmaster(made);
        List<ProcessHandle> family =
                postmaster.stream().flatMap(ProcessHandle::descendants).toList();
        if (running != null) {
            running.close();
        }
        // The launcher gives up after a few seconds, which a busy machine may need more of.
        postmaster.filter(ProcessHandle::isAlive).ifPresent(alive -> {
            alive.destroyForcibly();
            alive.onExit().join();
        });
        // Without their postmaster the server's processes end by themselves, but not at once, and write until then.
        family.forEach(each -> each.onExit().join());
        if (made != null) {
            delete(made);
        }
        if (!launchersWasThere) {
            deleteUnlessInUse(launchers);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // The program is ending already: the hook finds nothing left to do.
            return;
        }
    }

    private static Optional<ProcessHandle> postmaster(Path folder) throws IOException {
        Path file = folder.resolve("data").resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())));
        }
    }

    private void endWithTheProgram() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL cannot be cleared away", e);
        }
    }

    private static void deleteUnlessInUse(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException inUse) {
            // Another program's server lives there by now: it is that program's to clear away.
            return;
        }
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
