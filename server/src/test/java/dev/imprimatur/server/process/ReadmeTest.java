package dev.imprimatur.server.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What README.md promises is true: the commands of its {@code sh} blocks run, in their order, in one shell. Its
 * {@code console} blocks are told to the reader and not to this test, but for {@code serve}, which the tour needs.
 */
class ReadmeTest {
    private static final Path HOME = Path.of(System.getProperty("imprimatur.home", ".."))
            .toAbsolutePath()
            .normalize();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(sh|console)\n(.*?)^```$");
    /** It is what runs this test. */
    private static final String NOT_AGAIN = "./mvnw verify\n";

    private static final String SERVE = "./imprimatur serve\n";

    @TempDir
    Path folder;

    @Test
    void everyCommandOfTheReadmeRuns() throws Exception {
        List<String> commands = blocks("sh");
        assertThat(commands).as("what this test leaves out").contains(NOT_AGAIN);
        assertThat(blocks("console")).as("what this test starts itself").contains(SERVE);
        Process server = withOurSurroundings("./imprimatur", "serve")
                .redirectError(folder.resolve("server.log").toFile())
                .start();
        try {
            String url = addressOf(server);
            String said = run(
                    commands.stream().filter(block -> !block.equals(NOT_AGAIN)).toList(), url);
            assertThat(said).contains("in the feed", "proposed as", "approved", "scheduled");
            awaitInFeed(url, "My first post");
        } finally {
            stop(server);
        }
        assertThat(temporary()).as("what is left behind").isEmptyDirectory();
    }

    private static List<String> blocks(String language) throws IOException {
        return BLOCK.matcher(Files.readString(HOME.resolve("README.md")))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    /** One shell for all, as a reader has. It tells what it runs, and ends at the first command that fails. */
    private String run(List<String> blocks, String url) throws Exception {
        Path script = Files.writeString(folder.resolve("readme.sh"), String.join("\n", blocks));
        Path log = folder.resolve("readme.log");
        ProcessBuilder builder = withOurSurroundings("bash", "-veuo", "pipefail", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("IMPRIMATUR_URL", url);
        Process shell = builder.start();
        try {
            boolean ended = shell.waitFor(150, TimeUnit.SECONDS);
            String said = Files.readString(log);
            assertThat(ended).as("it ends; so far:\n%s", said).isTrue();
            assertThat(shell.exitValue()).as("exit code after:\n%s", said).isZero();
            return said;
        } finally {
            shell.descendants().forEach(ProcessHandle::destroy);
            stop(shell);
        }
    }

    private String addressOf(Process server) throws Exception {
        String line = CompletableFuture.supplyAsync(() -> firstLine(server)).get(120, TimeUnit.SECONDS);
        assertThat(line)
                .as(() -> "what serve says first; its log:\n"
                        + contentOf(folder.resolve("server.log").toFile()))
                .startsWith("Imprimatur serves at http");
        return line.substring(line.indexOf("http"));
    }

    private static void awaitInFeed(String url, String title) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + "/feed.json")).build();
        Instant end = Instant.now().plusSeconds(20);
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!http.send(request, BodyHandlers.ofString()).body().contains("\"title\":\"" + title + '"')) {
                assertThat(Instant.now()).as("waiting for the feed to hold it").isBefore(end);
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private static String firstLine(Process server) {
        try {
            String line = server.inputReader(UTF_8).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The classes that are being tested, and nothing of what this shell or another server has set. */
    private ProcessBuilder withOurSurroundings(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(HOME.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("IMPRIMATUR_") || name.startsWith("DATABASE_"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("IMPRIMATUR_CLASS_PATH", classPath());
        environment.put("IMPRIMATUR_DATA", folder.resolve("data").toString());
        environment.put("IMPRIMATUR_PORT", "0");
        environment.put("TMPDIR", temporary().toString());
        environment.put(
                "IMPRIMATUR_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.io.tmpdir=" + temporary());
        return builder;
    }

    private Path temporary() throws IOException {
        return Files.createDirectories(folder.resolve("tmp"));
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Asks first: a server stops its database too. */
    private static void stop(Process process) throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            children.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
