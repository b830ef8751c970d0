package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where in a request the policy is asked: before anything is read or looked up, and again once the thing is known. */
class PolicyApiTest {
    private static final String POST = "{\"title\":\"Hello\",\"body\":\"Some *text*\",\"outlets\":[\"feed\"]}";
    private static final String NOTHING = UUID.randomUUID().toString();

    private static TestServer server;
    private static String operator;
    private static String approver;
    private static String viewer;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        operator = server.token(Role.OPERATOR);
        approver = server.token(Role.APPROVER);
        viewer = server.token(Role.VIEWER);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** The body is no JSON, and the thing does not exist. */
    @ParameterizedTest
    @CsvSource({
        "POST, /api/content, operator",
        "PUT, /api/content/{id}, operator",
        "POST, /api/content/{id}/submission, operator",
        "POST, /api/content/{id}/comments, operator or approver",
        "POST, /api/approvals, approver",
        "POST, /api/approvals/{id}/withdrawal, approver",
        "POST, /api/publications, operator",
        "POST, /api/publications/{id}/cancellation, operator",
        "POST, /api/publications/{id}/release, operator",
        "PUT, /api/publications/{id}/schedule, operator",
        "PUT, /api/feature-flags/nothing, operator or approver",
        "PUT, /api/feature-flags/global-stop, operator or approver"
    })
    void whoMayNotIsToldSoBeforeAnythingElse(String method, String path, String roles) {
        Answer refused = send(method, path.replace("{id}", NOTHING), viewer, "{");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("/code")).isEqualTo("IM201");
        assertThat(refused.text("/detail")).contains(" takes the role " + roles + "; ", " has viewer");
    }

    @Test
    void onlyWhoMayIsToldThatThereIsNothing() {
        String word = """
                {"content_id":"%s","revision":1,"decision":"approved","renditions":[{"outlet":"feed","sha256":"%s"}]}""".formatted(NOTHING, "0".repeat(64));
        assertThat(server.post("/api/approvals", operator, word).status()).isEqualTo(403);
        assertThat(server.post("/api/approvals", approver, word).status()).isEqualTo(404);
        String withdrawal = "/api/approvals/" + NOTHING + "/withdrawal";
        assertThat(server.post(withdrawal, operator, "").status()).isEqualTo(403);
        assertThat(server.post(withdrawal, approver, "").status()).isEqualTo(404);
    }

    @Test
    void nobodyApprovesTheirOwnNotEvenInOtherRoles() {
        Person both = new People(server.jdbi()).add("both", Set.of(Role.OPERATOR, Role.APPROVER));
        String token = server.token(TokenKind.PERSONAL, both);
        String id = server.post("/api/content", token, POST).text("/id");
        server.post("/api/content/" + id + "/submission", operator, "");
        Answer own = approve(server, id, token);
        assertThat(own.status()).isEqualTo(403);
        assertThat(own.text("/code")).isEqualTo("IM203");
        assertThat(own.text("/detail")).startsWith("to approve it takes other eyes");
        assertThat(approve(server, id, approver).status()).isEqualTo(201);
    }

    @Test
    void aDecisionIsTakenBackByWhoMadeItAlone() {
        String id = server.post("/api/content", operator, POST).text("/id");
        server.post("/api/content/" + id + "/submission", operator, "");
        String approval = approve(server, id, approver).text("/id");
        Answer others = server.post("/api/approvals/" + approval + "/withdrawal", server.token(Role.APPROVER), "");
        assertThat(others.status()).isEqualTo(403);
        assertThat(others.text("/detail")).isEqualTo("only its approver can take a decision back");
        assertThat(server.post("/api/approvals/" + approval + "/withdrawal", approver, "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anOperatorStopsAndAnApproverStarts() {
        String flag = "/api/feature-flags/feed";
        String stop = "/api/feature-flags/global-stop";
        assertThat(server.put(flag, operator, "{\"mode\":\"off\"}").status()).isEqualTo(200);
        assertThat(server.put(flag, operator, "{\"mode\":\"dry_run\"}").text("/detail"))
                .contains("to switch an outlet on takes the role approver; ");
        assertThat(server.put(flag, approver, "{\"mode\":\"live\"}").status()).isEqualTo(200);
        assertThat(server.put(stop, operator, "{\"stopped\":true}").status()).isEqualTo(200);
        assertThat(server.put(stop, operator, "{\"stopped\":false}").text("/detail"))
                .contains("to lift the stop takes the role approver; ");
        assertThat(server.put(stop, approver, "{\"stopped\":false}").status()).isEqualTo(200);
    }

    @Test
    void aPolicyServerDecidesInsteadAndDeniesWhileItIsAway() throws IOException {
        HttpServer cerbos = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        // It lets everybody create content, and nobody do anything else.
        cerbos.createContext("/api/check/resources", exchange -> {
            String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean creates = asked.contains("\"create\"") && asked.contains("\"content\"");
            byte[] answer = """
                    {"results":[{"resource":{"id":"any","kind":"content"},"actions":{"%s":"EFFECT_%s"}}]}""".formatted(creates ? "create" : "read", creates ? "ALLOW" : "DENY")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        cerbos.start();
        Map<String, String> settings =
                Map.of("cerbos_url", "http://127.0.0.1:" + cerbos.getAddress().getPort());
        try (TestServer asking = server.another(settings)) {
            assertThat(asking.post("/api/content", viewer, POST).status()).isEqualTo(201);
            assertThat(asking.get("/api/content", viewer).text("/detail"))
                    .contains("the policy server does not let ", " read content");
            cerbos.stop(0);
            Answer away = asking.post("/api/content", operator, POST);
            assertThat(away.status()).isEqualTo(403);
            assertThat(away.text("/detail")).startsWith("the policy server does not answer");
            assertThat(asking.get("/api/me", viewer).status()).isEqualTo(200);
        } finally {
            cerbos.stop(0);
        }
    }

    private static Answer approve(TestServer server, String id, String token) {
        Answer rendition = server.get("/api/content/" + id + "/renditions", viewer);
        return server.post("/api/approvals", token, """
                {"content_id":"%s","revision":%s,"decision":"approved","renditions":[{"outlet":"feed","sha256":"%s"}]}""".formatted(
                        id, rendition.json().at("/items/0/revision"), rendition.text("/items/0/sha256")));
    }

    private static Answer send(String method, String path, String token, String body) {
        return method.equals("PUT") ? server.put(path, token, body) : server.post(path, token, body);
    }
}
