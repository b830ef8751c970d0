package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL's server process, our child; if we are killed it lives on, and {@link Orphan} stops it. */
final class Postmaster {
    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    /** Crash recovery replays at most what stands between two checkpoints; a slow disk may take minutes for it. */
    private static final Duration TO_START = Duration.ofMinutes(5);

    private static final Duration TO_STOP = Duration.ofSeconds(60);
    private static final Duration TO_ABORT = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 5;

    private final Process process;
    private final ServerLog log;
    private final int port;

    private Postmaster(Process process, ServerLog log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    int port() {
        return port;
    }

    static Postmaster start(DataFolder data, PostgresBinaries binaries, RunAs runAs) {
        return start(data, binaries, runAs, Postmaster::freePort);
    }

    static Postmaster start(DataFolder data, PostgresBinaries binaries, RunAs runAs, IntSupplier ports) {
        try {
            for (int attempt = 1; ; attempt++) {
                Orphan.stopIfAny(data);
                Postmaster postmaster = launch(data, binaries, runAs, ports.getAsInt());
                if (postmaster.log.awaitReady(TO_START)) {
                    return postmaster;
                }
                postmaster.stop();
                List<String> said = postmaster.log.tail();
                if (attempt == ATTEMPTS || !isWorthAnotherTry(said)) {
                    throw data.failure("PostgreSQL did not start", said);
                }
            }
        } catch (IOException e) {
            throw data.failure("cannot start PostgreSQL", e);
        }
    }

    private static Postmaster launch(DataFolder data, PostgresBinaries binaries, RunAs runAs, int port)
            throws IOException {
        List<String> command = new ArrayList<>(detachedFromTerminal());
        command.addAll(
                runAs.command(binaries.program("postgres"), "-D", data.cluster().toString()));
        for (String setting : List.of(
                "port=" + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                data.isThrownAway() ? "fsync=off" : "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "logging_collector=off",
                "log_destination=stderr",
                "log_min_messages=warning")) {
            command.add("-c");
            command.add(setting);
        }
        Process process = Command.prepare(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        return new Postmaster(process, ServerLog.follow(process.getInputStream(), data.log()), port);
    }

    /** Ctrl-C is for us: the server must outlive the requests that we still finish. */
    private static List<String> detachedFromTerminal() {
        return Files.isExecutable(Path.of("/usr/bin/setsid")) ? List.of("/usr/bin/setsid") : List.of();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new LocalPostgresException("There is no free port on 127.0.0.1: " + e.getMessage(), e);
        }
    }

    /** Somebody was faster on the port; or a run was killed so early that its server only now shows itself. */
    private static boolean isWorthAnotherTry(List<String> said) {
        return said.stream()
                .anyMatch(line -> line.contains("could not bind IPv4 address")
                        || line.contains("lock file \"postmaster.pid\" already exists"));
    }

    /** Clean and fast: sessions are ended, a checkpoint is written. Only one that hangs is cut off. */
    void stop() {
        long pid = process.pid();
        for (String signal : List.of("INT", "QUIT")) {
            if (!process.isAlive()) {
                break;
            }
            Command.signal(signal, pid);
            awaitExit(signal.equals("INT") ? TO_STOP : TO_ABORT);
        }
        if (process.isAlive()) {
            LOG.warn("PostgreSQL ({}) does not stop and is killed; it will recover at the next start", pid);
            process.destroyForcibly();
        }
        log.awaitEnd(TO_ABORT);
    }

    /** Not interruptible: leaving early would leave an orphan. */
    private void awaitExit(Duration atMost) {
        process.onExit()
                .copy()
                .completeOnTimeout(process, atMost.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
