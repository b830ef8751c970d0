package dev.imprimatur.publishing.access.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The policy engine that others run, from the npm package {@code cerbos}: one static program, on a free port of the
 * loopback address. It is fetched once into {@code target}; without npm the tests that need it are skipped, unless
 * {@code -Dimprimatur.require=cerbos} says that they must run.
 */
final class RealCerbos implements AutoCloseable {
    private static final String VERSION = "0.51.0";
    private static final int TRIES = 5;

    private final Path folder;
    private final Process process;
    private final BufferedReader output;
    private final URI url;

    private RealCerbos(Path folder, Process process, BufferedReader output, URI url) {
        this.folder = folder;
        this.process = process;
        this.output = output;
        this.url = url;
    }

    /** What {@code cerbos compile} has to say about a folder of policies; it runs the tests in there too. */
    record Verdict(int exitCode, String said) {}

    static Verdict compile(Path policies) {
        List<String> command = List.of(program().toString(), "compile", policies.toString(), "--color=never");
        try {
            Process compiling =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(compiling.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Verdict(compiling.waitFor(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Ready to answer. */
    static RealCerbos start(Path policies) {
        Path program = program();
        try {
            Path folder = Files.createTempDirectory("cerbos");
            for (int tried = 1; tried < TRIES; tried++) {
                RealCerbos started = tryToStart(program, policies, folder);
                if (started != null) {
                    return started;
                }
            }
            delete(folder);
            throw new AssertionError("cerbos does not start on any port");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url() {
        return url;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            output.close();
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Null where somebody else took a port before it could. */
    private static @Nullable RealCerbos tryToStart(Path program, Path policies, Path folder) throws IOException {
        int port = freePort();
        Path settings = Files.writeString(folder.resolve("cerbos.yaml"), """
                server:
                  httpListenAddr: 127.0.0.1:%d
                  grpcListenAddr: 127.0.0.1:%d
                  requestLimits: {maxActionsPerResource: 50, maxResourcesPerRequest: 500}
                telemetry: {disabled: true}
                storage: {driver: disk, disk: {directory: %s, watchForChanges: false}}
                """.formatted(port, freePort(), policies));
        // It runs a command once it is ready, and ends with it: this one ends when either of the two processes has.
        String whileWeRun = "echo ready; while kill -0 %d && kill -0 $PPID; do sleep 1; done 2>&1"
                .formatted(ProcessHandle.current().pid());
        Process process = new ProcessBuilder(
                        program.toString(),
                        "run",
                        "--config=" + settings,
                        "--log-level=error",
                        "--",
                        "sh",
                        "-c",
                        whileWeRun)
                .redirectErrorStream(true)
                .directory(folder.toFile())
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals("ready")) {
                return new RealCerbos(folder, process, output, URI.create("http://127.0.0.1:" + port));
            }
        }
        output.close();
        return null;
    }

    private static Path program() {
        Path installed = Path.of("target", "cerbos-" + VERSION).toAbsolutePath();
        if (!Files.isDirectory(installed)) {
            install(installed);
        }
        try (Stream<Path> files = Files.walk(installed.resolve("node_modules/@cerbos"))) {
            return files.filter(file -> file.getFileName().toString().matches("cerbos-[a-z]+-[a-z0-9]+"))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the npm package cerbos holds no program for this machine"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void install(Path target) {
        List<String> command = List.of(
                "npm",
                "install",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--no-package-lock",
                "--fetch-retries=1",
                "cerbos@" + VERSION);
        try {
            Path next = Files.createDirectories(target.resolveSibling(target.getFileName() + ".next"));
            Files.writeString(next.resolve("package.json"), "{\"private\": true}");
            Process npm = new ProcessBuilder(command)
                    .directory(next.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (npm.waitFor() != 0) {
                delete(next);
                skip("npm cannot fetch cerbos %s: %s".formatted(VERSION, said));
            }
            Files.move(next, target);
        } catch (IOException e) {
            skip("there is no npm to fetch cerbos %s with: %s".formatted(VERSION, e.getMessage()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void skip(String why) {
        List<String> required =
                List.of(System.getProperty("imprimatur.require", "").split(","));
        if (required.contains("cerbos")) {
            throw new AssertionError("cerbos is required, but " + why);
        }
        System.err.println("SKIPPED: the comparison with Cerbos, because " + why);
        Assumptions.abort(why);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
