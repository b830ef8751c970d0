package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a client sends is our fault, and every refusal looks alike, even the web server's own. */
class NoServerErrorTest {
    private static TestServer server;
    private static String operator;
    private static String approver;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        operator = server.token(Role.OPERATOR);
        approver = server.token(Role.APPROVER);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "renditions":[null]                                                              | 422
                    "renditions":[{"outlet":"\\u0000","sha256":"%s"}]                              | 400
                    "renditions":[{"outlet":"feed","sha256":"%s"}],"not_after":"+999999-01-01T00:00:00Z" | 422
                    "renditions":[{"outlet":"feed","sha256":"%s"}],"not_before":"-999999-01-01T00:00:00Z" | 422
                    "renditions":[{"outlet":"feed","sha256":"%s"}],"not_after":99999999999999        | 4
                    """)
    void anApprovalWithNonsenseIsRefused(String fields, int status) {
        String id = server.post("/api/content", operator, "{\"title\":\"t\",\"body\":\"b\",\"outlets\":[\"feed\"]}")
                .text("/id");
        server.post("/api/content/" + id + "/submission", operator, "");
        Answer refused = server.post(
                "/api/approvals",
                approver,
                "{\"content_id\":\"%s\",\"revision\":1,\"decision\":\"approved\",%s}"
                        .formatted(id, fields.replace("%s", "0".repeat(64))));
        assertThat(String.valueOf(refused.status())).as(refused.body()).startsWith(String.valueOf(status));
        assertThat(refused.header("Content-Type")).isEqualTo(Problem.MEDIA_TYPE);
    }

    @Test
    void whoDoesNotTakeJsonIsToldBeforeAnythingIsMade() {
        long before = count();
        Answer refused =
                server.post("/api/content", operator, "{\"title\":\"t\",\"body\":\"b\"}", "Accept", "text/html");
        assertThat(refused.status()).isEqualTo(406);
        assertThat(count()).isEqualTo(before);
    }

    @Test
    void aFormOrAMultipartIsNotJson() {
        assertThat(server.post("/api/content", operator, "x=1", "Content-Type", "application/x-www-form-urlencoded")
                        .status())
                .isEqualTo(415);
        assertThat(server.post("/feed.xml", null, "x", "Content-Type", "multipart/form-data")
                        .status())
                .isBetween(400, 499);
        assertThat(server.get("/error", null).status()).isEqualTo(404);
        assertThat(server.get(
                                "/api/content?cursor=KzMwMDAwMC0xMi0zMVQyMzo1OTo1OVogMDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw",
                                operator)
                        .status())
                .isEqualTo(400);
        assertThat(server.send("FOO", "/api/content", operator, BodyPublishers.noBody())
                        .header("Content-Type"))
                .isEqualTo(Problem.MEDIA_TYPE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/[x HTTP/1.1",
                "GET /feed.xml?cursor=%zz HTTP/1.1",
                "GET /api/feature-flags/%00 HTTP/1.1",
                "GET /api/feature-flags/a%2fb HTTP/1.1",
                "GET /api/content;x=1 HTTP/1.1",
                "GET /api//content HTTP/1.1"
            })
    void whatIsHardlyHttpIsRefusedInTheSameForm(String line) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.url().getPort())) {
            socket.getOutputStream()
                    .write((line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d .*").contains(Problem.MEDIA_TYPE, "/problems/");
        }
    }

    @Test
    void aLostAnswerIsGivenAgainAfterThePlannedTimeHasCome() {
        Instant due = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(2);
        String plan = "{\"title\":\"t\",\"body\":\"soon\",\"publish_at\":\"%s\"}".formatted(due);
        Answer first = server.post("/api/content", operator, plan, "Idempotency-Key", "soon");
        assertThat(first.status()).as(first.body()).isEqualTo(201);
        while (!Instant.now().isAfter(due)) {
            LockSupport.parkUntil(due.toEpochMilli() + 1);
        }
        Answer again = server.post("/api/content", operator, plan, "Idempotency-Key", "soon");
        assertThat(again.text("/id")).as(again.body()).isEqualTo(first.text("/id"));
        assertThat(server.post("/api/content", operator, plan, "Idempotency-Key", "other")
                        .text("/code"))
                .isEqualTo("IM105");
    }

    private static long count() {
        return server.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM content")
                        .mapTo(Long.class)
                        .one());
    }
}
