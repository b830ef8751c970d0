package dev.imprimatur.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as its administrator meets it: starts, stops, refusals to start, and the commands beside it. */
class ServeTest {
    /** As for every program that ends because it was told to: 128 and the number of SIGTERM. */
    private static final int TERMINATED = 143;

    private static final int CANNOT_START = 3;

    /** One for all tests, since making a database takes longer than all the rest. */
    private static Installation installation;

    private static HttpClient http;

    @BeforeAll
    static void install(@TempDir Path folder) throws IOException {
        installation = new Installation(folder);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void remove() throws IOException {
        http.close();
        installation.close();
    }

    @Test
    void whatWasWrittenIsThereAfterACleanStopAndAfterAKill() {
        add("Alone", "operator");
        String alone = token("Alone");
        assertNothingRuns();
        String content;
        try (Program server = installation.serve()) {
            String url = url(server);
            assertThat(get(url + "/api/me", alone).body()).contains("\"name\":\"Alone\"");
            add("Beside", "operator");
            content = create(url, token("Beside"), "Before the stop");
            assertThat(server.terminate()).as(server.said()).isEqualTo(TERMINATED);
            assertNothingRuns();
            assertThat(installation.temporary()).isEmptyDirectory();
        }
        String killed;
        List<ProcessHandle> orphans;
        try (Program server = installation.serve()) {
            String url = url(server);
            assertThat(get(url + content, alone).body()).contains("Before the stop");
            killed = create(url, alone, "Before the kill");
            server.kill();
            orphans = installation.postmasters();
            assertThat(orphans).hasSize(1);
        }
        try (Program server = installation.serve()) {
            String url = url(server);
            assertThat(get(url + content, alone).body()).contains("Before the stop");
            assertThat(get(url + killed, alone).body()).contains("Before the kill");
            assertThat(installation.postmasters()).hasSize(1).doesNotContainAnyElementsOf(orphans);
            server.terminate();
        }
        assertNothingRuns();
    }

    @Test
    void aSecondStartOnTheSameFolderIsRefusedWithTheFolderAndTheProcess() {
        try (Program first = installation.serve()) {
            String url = url(first);
            try (Program second = installation.serve()) {
                assertRefused(
                        second,
                        "IM505",
                        "The data folder " + installation.data() + " is in use by process " + first.pid());
            }
            assertThat(send(HttpRequest.newBuilder(URI.create(url + "/healthz")))
                            .statusCode())
                    .as("the first goes on")
                    .isEqualTo(200);
            first.terminate();
        }
    }

    @Test
    void aPortInUseIsRefusedAndNothingIsLeftRunning() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Program server = installation.run("serve", "--port", Integer.toString(taken.getLocalPort()))) {
            assertRefused(server, "IM505", "port " + taken.getLocalPort() + " is in use", "--port");
        }
        assertNothingRuns();
    }

    @Test
    void anAddressOfAnotherMachineIsRefusedAndNothingIsLeftRunning() {
        try (Program server = installation.serve("--bind", "192.0.2.1")) {
            assertRefused(server, "IM505", "192.0.2.1", "--bind");
        }
        assertNothingRuns();
    }

    @Test
    void anUnknownVariableRefusesTheStart() {
        try (Program server = installation.run(Map.of("IMPRIMATUR_PROT", "1"), "serve")) {
            assertRefused(server, "IM506", "IMPRIMATUR_PROT");
        }
    }

    @Test
    void aPolicyThatIsNotEvaluatedRefusesTheStartWithItsLine() throws IOException {
        Path policy = installation.ownPolicies().resolve("content.yaml");
        String text = Files.readString(policy);
        Files.writeString(policy, text.replaceFirst("EFFECT_ALLOW", "EFFECT_DENY"));
        try (Program server = installation.serve()) {
            assertRefused(server, "IM505", policy + ":8: EFFECT_DENY is not evaluated here");
        } finally {
            Files.writeString(policy, text);
        }
        assertNothingRuns();
    }

    @Test
    void aStopDuringTheStartLeavesNothingRunning() {
        try (Program server = installation.serve()) {
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (installation.postmasters().isEmpty()) {
                assertThat(System.nanoTime()).as(server.said()).isLessThan(deadline);
                Thread.onSpinWait();
            }
            assertThat(server.terminate()).isEqualTo(TERMINATED);
        }
        assertNothingRuns();
    }

    /** While the framework sets logging up, a line from the thread that opens the database finds no place to go to. */
    private static final Pattern LOGBACKS_OWN = Pattern.compile("\\|-WARN in Logger\\[.*No appenders present");

    private static void assertRefused(Program program, String... parts) {
        assertThat(program.exitCode()).as(program.said()).isEqualTo(CANNOT_START);
        assertThat(program.out()).isEmpty();
        assertThat(program.err().stream()
                        .filter(line -> !LOGBACKS_OWN.matcher(line).find()))
                .singleElement()
                .asString()
                .contains(parts);
    }

    private static void assertNothingRuns() {
        assertThat(installation.servers()).as("PostgreSQL's processes").isEmpty();
    }

    private static String url(Program server) {
        String line = server.awaitLine("Imprimatur serves at ");
        return line.substring(line.indexOf("http"));
    }

    private static void add(String name, String role) {
        try (Program command = installation.run("user", "add", name, "--role", role)) {
            assertThat(command.exitCode()).as(command.said()).isZero();
        }
    }

    /** A script may take the whole of standard output for the token. */
    private static String token(String owner) {
        try (Program command = installation.run("token", "create", "--owner", owner)) {
            assertThat(command.exitCode()).as(command.said()).isZero();
            assertThat(command.out()).singleElement().asString().matches("imp_[\\w-]{43}");
            return command.out().getFirst();
        }
    }

    private static String create(String url, String token, String title) {
        HttpResponse<String> created = send(HttpRequest.newBuilder(URI.create(url + "/api/content"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .POST(BodyPublishers.ofString(
                        "{\"title\":\"%s\",\"body\":\"Some text\",\"outlets\":[\"feed\"]}".formatted(title))));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return created.headers().firstValue("Location").orElseThrow();
    }

    private static HttpResponse<String> get(String url, String token) {
        return send(HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
