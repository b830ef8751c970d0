package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server that a killed run left behind. To be looked for with the folder's lock held: then it has no owner. */
final class Orphan {
    private static final Logger LOG = LoggerFactory.getLogger(Orphan.class);
    private static final Duration TO_STOP = Duration.ofSeconds(60);
    private static final Duration TO_ABORT = Duration.ofSeconds(10);
    private static final Path PROCESSES = Path.of("/proc");

    private Orphan() {}

    static void stopIfAny(DataFolder data) {
        try {
            if (!Files.exists(data.postmasterPid())) {
                return;
            }
            Optional<ProcessHandle> process = noted(data.postmasterPid());
            if (process.isPresent() && isServer(process.get(), data.cluster())) {
                stop(process.get(), data);
            }
            forget(data);
        } catch (IOException e) {
            throw data.failure("does not tell whether a killed run left a server", e);
        }
    }

    private static Optional<ProcessHandle> noted(Path pidFile) throws IOException {
        String firstLine = Files.readString(pidFile).lines().findFirst().orElse("");
        return firstLine.matches("\\d{1,18}") ? ProcessHandle.of(Long.parseLong(firstLine)) : Optional.empty();
    }

    private static void stop(ProcessHandle orphan, DataFolder data) {
        LOG.info("Stopping the PostgreSQL ({}) that a killed run left in {}", orphan.pid(), data.root());
        Command.signal("INT", orphan.pid());
        if (isGone(orphan, data, TO_STOP)) {
            return;
        }
        Command.signal("QUIT", orphan.pid());
        if (!isGone(orphan, data, TO_ABORT)) {
            throw stillThere(data, orphan.pid());
        }
    }

    /** The file counts besides the process: where nobody reaps an orphan it stays a zombie for ever. */
    private static boolean isGone(ProcessHandle orphan, DataFolder data, Duration atMost) {
        return Command.await(atMost, () -> !orphan.isAlive() || !Files.exists(data.postmasterPid()));
    }

    /**
     * Of a crashed server the file stays, and if its pid was since given to a stranger, PostgreSQL would refuse to
     * start for ever. The file also is what tells it that backends survived, so we look for these ourselves.
     */
    private static void forget(DataFolder data) throws IOException {
        Command.await(TO_ABORT, () -> servers(data).isEmpty());
        Optional<ProcessHandle> survivor = servers(data);
        if (survivor.isPresent()) {
            throw stillThere(data, survivor.get().pid());
        }
        Files.deleteIfExists(data.postmasterPid());
    }

    private static Optional<ProcessHandle> servers(DataFolder data) {
        return ProcessHandle.allProcesses()
                .filter(process -> isServer(process, data.cluster()))
                .findFirst();
    }

    private static LocalPostgresException stillThere(DataFolder data, long pid) {
        return new LocalPostgresException("A killed run left a PostgreSQL in " + data.root()
                + " that does not stop. End process " + pid + " and start again.");
    }

    /** Every process of a server is called postgres and works in its data folder, which a recycled pid would not. */
    static boolean isServer(ProcessHandle process, Path cluster) {
        Path shown = PROCESSES.resolve(Long.toString(process.pid()));
        if (!Files.isDirectory(PROCESSES.resolve("self"))) {
            return isCalledWith(process, cluster);
        }
        try {
            return Files.readString(shown.resolve("comm")).strip().equals("postgres")
                    && Files.isSameFile(shown.resolve("cwd"), cluster);
        } catch (NoSuchFileException e) {
            return false; // It is gone, or a zombie.
        } catch (AccessDeniedException e) {
            return isCalledWith(process, cluster);
        } catch (IOException e) {
            // Of a process that ends while we look, Linux says ESRCH.
            LOG.debug("Process {} cannot be looked at", process.pid(), e);
            return isCalledWith(process, cluster);
        }
    }

    private static boolean isCalledWith(ProcessHandle process, Path cluster) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains("postgres -D " + cluster))
                .isPresent();
    }
}
