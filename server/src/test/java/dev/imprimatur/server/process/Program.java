package dev.imprimatur.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.server.Main;
import dev.imprimatur.server.runtime.Canaries;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Our command in a JVM of its own: to be listened to, told to stop, and killed. It never outlives the tests. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<Program> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Program::killAll)));
    }

    private final Process process;
    private final Lines out;
    private final Lines err;

    private Program(Process process) {
        this.process = process;
        this.out = Lines.of(process.getInputStream(), line -> {});
        this.err = Lines.of(process.getErrorStream(), Canaries::heard);
        RUNNING.add(this);
    }

    /** Runs {@code imprimatur} with these arguments, in an environment that names no database and no server. */
    static Program start(Path home, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dimprimatur.home=" + home,
                "-Djava.io.tmpdir=" + home.resolve("tmp"),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("IMPRIMATUR_") || name.startsWith("DATABASE_"));
        builder.environment().putAll(environment);
        try {
            return new Program(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits for this text on standard output for the n-th time; null if the program ended without. */
    @Nullable
    String awaitLine(String text, int times) {
        return out.await(text, times);
    }

    String awaitLine(String text) {
        String line = out.await(text, 1);
        assertThat(line).as("a line with '%s'; there was %s", text, said()).isNotNull();
        return line == null ? "" : line;
    }

    /** Waits for this text on standard error. */
    String awaitComplaint(String text) {
        String line = err.await(text, 1);
        assertThat(line).as("a complaint with '%s'; there was %s", text, said()).isNotNull();
        return line == null ? "" : line;
    }

    boolean hasEndedAfter(Duration time) {
        try {
            return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int exitCode() {
        assertThat(hasEndedAfter(PATIENCE)).as("it ends; it said %s", said()).isTrue();
        RUNNING.remove(this);
        return process.exitValue();
    }

    /** SIGTERM. */
    int terminate() {
        process.destroy();
        return exitCode();
    }

    /** SIGKILL: nothing gets to clean up. */
    void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** SIGKILL to it and to everything it started, as when a container is thrown away. */
    void killAll() {
        List<ProcessHandle> everything = process.descendants().toList();
        process.destroyForcibly();
        everything.forEach(ProcessHandle::destroyForcibly);
        exitCode();
    }

    List<String> out() {
        return out.all();
    }

    List<String> err() {
        return err.all();
    }

    String said() {
        return "out %s, err %s".formatted(out.all(), err.all());
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            killAll();
        }
        RUNNING.remove(this);
    }

    /** What one of its outputs has said so far. */
    private static final class Lines {
        private final Consumer<String> besides;
        private final List<String> lines = new ArrayList<>();
        private boolean ended;

        private Lines(Consumer<String> besides) {
            this.besides = besides;
        }

        /** @param besides who else is told each line */
        static Lines of(InputStream stream, Consumer<String> besides) {
            Lines lines = new Lines(besides);
            Thread.ofVirtual().start(() -> lines.read(stream));
            return lines;
        }

        private void read(InputStream stream) {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    add(line);
                }
            } catch (IOException e) {
                add("(unreadable: " + e + ")");
            } finally {
                end();
            }
        }

        private synchronized void add(String line) {
            besides.accept(line);
            lines.add(line);
            notifyAll();
        }

        private synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized @Nullable String await(String text, int times) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                List<String> found =
                        lines.stream().filter(line -> line.contains(text)).toList();
                if (found.size() >= times) {
                    return found.get(times - 1);
                }
                long left = deadline - System.nanoTime();
                if (ended || left <= 0) {
                    return null;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
        }

        synchronized List<String> all() {
            return List.copyOf(lines);
        }
    }
}
