package dev.imprimatur.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A program folder with examples of its own and a data folder, from which nothing remains in the end. */
final class Installation implements AutoCloseable {
    private static final Path CHECKOUT = Path.of(System.getProperty("imprimatur.home", ".."))
            .toAbsolutePath()
            .normalize();

    private final Path home;
    private final Path data;

    Installation(Path folder) throws IOException {
        this.home = Files.createDirectories(folder.resolve("home"));
        this.data = folder.resolve("data");
        Files.createSymbolicLink(home.resolve("db"), CHECKOUT.resolve("db"));
        Files.createDirectories(ownPolicies());
        try (Stream<Path> policies = Files.list(CHECKOUT.resolve("infra/cerbos/policies"))) {
            for (Path policy : policies.toList()) {
                Files.copy(policy, ownPolicies().resolve(policy.getFileName()));
            }
        }
        Files.createDirectories(home.resolve("docs/examples"));
        Files.createDirectories(temporary());
    }

    Path data() {
        return data;
    }

    /** A copy, which a test may change. */
    Path ownPolicies() {
        return home.resolve("infra/cerbos/policies");
    }

    /** What a program leaves here it has left behind. */
    Path temporary() {
        return home.resolve("tmp");
    }

    /** A post that the demo will carry. */
    void write(String title) throws IOException {
        Files.writeString(home.resolve("docs/examples").resolve(title + ".md"), """
                ---
                title: %s
                outlets: [feed]
                ---

                This is *%s*.
                """.formatted(title, title));
    }

    void withdrawPosts() throws IOException {
        try (Stream<Path> posts = Files.list(home.resolve("docs/examples"))) {
            for (Path post : posts.toList()) {
                Files.delete(post);
            }
        }
    }

    Program demo(String... more) {
        return Program.start(
                home,
                Map.of(),
                Stream.concat(Stream.of("demo", "--port", "0", "--data", data.toString()), Stream.of(more))
                        .toArray(String[]::new));
    }

    Program serve(String... more) {
        return run(Stream.concat(Stream.of("serve", "--port", "0"), Stream.of(more))
                .toArray(String[]::new));
    }

    /** Any command that works on the data folder. */
    Program run(String... arguments) {
        return run(Map.of(), arguments);
    }

    Program run(Map<String, String> environment, String... arguments) {
        return Program.start(
                home,
                environment,
                Stream.concat(Stream.of(arguments), Stream.of("--data", data.toString()))
                        .toArray(String[]::new));
    }

    /** PostgreSQL's processes that were started on the data folder. */
    List<ProcessHandle> servers() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(data.toString()))
                        .isPresent())
                .toList();
    }

    /** Those of them that a program starts and stops. */
    List<ProcessHandle> postmasters() {
        return servers().stream()
                .filter(process -> process.info().commandLine().orElse("").contains("postgres -D "))
                .toList();
    }

    @Override
    public void close() throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        for (List<ProcessHandle> left = servers(); !left.isEmpty(); left = servers()) {
            assertThat(System.nanoTime()).as("%s do not end", left).isLessThan(deadline);
            left.forEach(ProcessHandle::destroyForcibly);
            Thread.onSpinWait();
        }
        delete(home);
        // The last of PostgreSQL's processes may still write for a moment.
        while (!delete(data)) {
            assertThat(System.nanoTime()).as("%s cannot be removed", data).isLessThan(deadline);
        }
    }

    private static boolean delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return true;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            return true;
        } catch (DirectoryNotEmptyException | UncheckedIOException e) {
            return false;
        }
    }
}
