package dev.imprimatur.publishing.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a policy server can do wrong; each of it denies. */
class CerbosServerTest {
    private static final String YES = """
            {"requestId": "", "results": [{"resource": {"id": "any", "kind": "content", "policyVersion": ""},
             "actions": {"create": "EFFECT_ALLOW"}}]}""";

    private final Principal olga =
            Principal.atTheCommandLine(new Person(UUID.randomUUID(), "olga", Set.of(Role.OPERATOR), false));
    private final AtomicReference<String> asked = new AtomicReference<>("");
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Responder responder = exchange -> answer(exchange, 200, YES);
    private final HttpServer http = server();
    private final Policy policy = policy(url());

    interface Responder {
        void answer(HttpExchange exchange) throws IOException;
    }

    private HttpServer server() {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            made.createContext("/", exchange -> {
                asked.set(exchange.getRequestMethod() + " " + exchange.getRequestURI() + "\n"
                        + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                responder.answer(exchange);
            });
            made.setExecutor(threads);
            return made;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() {
        http.start();
    }

    @AfterEach
    void stop() {
        policy.close();
        http.stop(0);
        threads.shutdownNow();
    }

    @Test
    void itsYesAllowsAndItIsToldEverything() {
        policy.require(olga, Action.CREATE_CONTENT);
        assertThat(asked.get()).startsWith("POST /api/check/resources\n");
        JsonNode question = new JsonMapper()
                .readTree(asked.get().lines().skip(1).findFirst().orElseThrow());
        assertThat(question).isEqualTo(new JsonMapper().readTree("""
                {"principal": {"id": "%s", "roles": ["operator"], "attr": {"kind": "personal", "manages_people": false}},
                 "resources": [{"resource": {"kind": "content", "id": "any", "attr": {}}, "actions": ["create"]}]}
                """.formatted(olga.id())));
        assertThat(policy.unanswered()).isZero();
    }

    @Test
    void itsNoDeniesThoughOurFilesWouldAllow() {
        responder = exchange -> answer(exchange, 200, YES.replace("EFFECT_ALLOW", "EFFECT_DENY"));
        assertThatThrownBy(() -> policy.require(olga, Action.CREATE_CONTENT))
                .hasMessage("the policy server does not let olga write content");
        assertThat(policy.unanswered()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"results\": []}",
                "{\"results\": [{\"actions\": {\"create\": \"EFFECT_ALLOW\"}}]}",
                "{\"results\": [{\"resource\": {\"id\": \"any\", \"kind\": \"content\"}}]}",
                "{\"results\": [{\"resource\": {\"id\": \"any\", \"kind\": \"content\"}, \"actions\": {\"edit\": \"EFFECT_ALLOW\"}}]}",
                "{\"results\": [{\"resource\": {\"id\": \"any\", \"kind\": \"content\"}, \"actions\": {\"create\": true}}]}",
                "{\"results\": [{\"resource\": {\"id\": \"any\", \"kind\": \"content\"}, \"actions\": {\"create\": \"EFFECT_NO_MATCH\"}}]}",
                "{\"results\": [{\"resource\": {\"id\": \"other\", \"kind\": \"content\"}, \"actions\": {\"create\": \"EFFECT_ALLOW\"}}]}",
                "{\"results\": [{\"resource\": {\"id\": \"any\", \"kind\": \"token\"}, \"actions\": {\"create\": \"EFFECT_ALLOW\"}}]}"
            })
    void anAnswerThatIsNoneDenies(String answer) {
        responder = exchange -> answer(exchange, 200, answer);
        denied();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 404, 429, 500, 503})
    void aStatusThatIsNotOkDenies(int status) {
        responder = exchange -> {
            exchange.getResponseHeaders().set("Location", url() + "/elsewhere");
            answer(exchange, status, YES);
        };
        denied();
    }

    @Test
    void anAnswerWithoutEndDenies() {
        responder = exchange -> answer(exchange, 200, YES + " ".repeat(100_000));
        denied();
    }

    @Test
    @Timeout(20)
    void whoNeverAnswersDeniesWithinItsTime() {
        responder = exchange -> await(exchange);
        long begun = System.nanoTime();
        denied();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    @Timeout(20)
    void whoStopsInTheMiddleDeniesToo() {
        responder = exchange -> {
            exchange.sendResponseHeaders(200, YES.length());
            exchange.getResponseBody().write(YES.getBytes(StandardCharsets.UTF_8), 0, 10);
            exchange.getResponseBody().flush();
            await(exchange);
        };
        denied();
    }

    @Test
    void whoHangsUpDenies() {
        responder = HttpExchange::close;
        denied();
    }

    @Test
    void whoIsNotThereDeniesUntilItIs() throws IOException {
        int port = http.getAddress().getPort();
        http.stop(0);
        denied();
        HttpServer again = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        again.createContext("/", exchange -> answer(exchange, 200, YES));
        again.start();
        try {
            policy.require(olga, Action.CREATE_CONTENT);
            assertThat(policy.unanswered()).isEqualTo(1);
        } finally {
            again.stop(0);
        }
    }

    @Test
    void aPersonWithoutRolesIsDeniedWithoutAsking() {
        Principal nobody = Principal.atTheCommandLine(new Person(UUID.randomUUID(), "nils", Set.of(), true));
        assertThatThrownBy(() -> policy.require(nobody, Action.CREATE_CONTENT)).hasMessageContaining("nils has none");
        assertThat(asked.get()).isEmpty();
    }

    private void denied() {
        assertThatThrownBy(() -> policy.require(olga, Action.CREATE_CONTENT))
                .hasMessage("the policy server does not answer; until it does, nothing is allowed");
        assertThat(policy.unanswered()).isEqualTo(1);
    }

    private String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private static Policy policy(String url) {
        return Policy.of(Policies.load(PolicyFolder.OURS), Optional.of(URI.create(url)));
    }

    /** Until the client gives up, or the test ends. */
    private static void await(HttpExchange exchange) {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            exchange.close();
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
