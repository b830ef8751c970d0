package dev.imprimatur.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.imprimatur.publishing.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiTest {
    private static final String ID = "3f2a91c4-1111-4000-8000-000000000000";

    @TempDir
    Path folder;

    private FakeServer server;
    private Terminal terminal;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        terminal = new Terminal(server.url(), folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aClosedPortNamesTheUrlAndTheCommandThatOpensIt() {
        server.close();
        assertThat(terminal.run("status")).isEqualTo(3);
        assertThat(terminal.err())
                .isEqualTo("imprimatur status: nothing listens at " + server.url()
                        + "; start it with: imprimatur serve, or set IMPRIMATUR_URL\n");
    }

    @Test
    void aTokenThatIsNotKnownIsToldWithItsSource() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "wrong\n");
        terminal.environment().remove("IMPRIMATUR_TOKEN");
        terminal.environment().put("IMPRIMATUR_TOKEN_FILE", file.toString());
        assertThat(terminal.run("status")).isEqualTo(1);
        assertThat(terminal.err())
                .isEqualTo("imprimatur status: IM200 unauthenticated: this token is unknown (the token came from "
                        + file + ")\n");
    }

    @Test
    void withoutATokenNothingIsSent() {
        terminal.environment().remove("IMPRIMATUR_TOKEN");
        assertThat(terminal.run("status")).isEqualTo(2);
        assertThat(terminal.err()).contains("there is no token; put one into IMPRIMATUR_TOKEN");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aUrlThatIsNoneIsNamed() {
        terminal.environment().put("IMPRIMATUR_URL", "localhost:8080");
        assertThat(terminal.run("status")).isEqualTo(2);
        assertThat(terminal.err())
                .isEqualTo(
                        "imprimatur status: IMPRIMATUR_URL is \"localhost:8080\"; write it like http://localhost:8080\n");
    }

    @Test
    void anAnswerThatIsNotJsonDoubtsTheUrl() {
        server.once(
                "GET /api/content", exchange -> FakeServer.answer(exchange, 200, "text/html; charset=utf-8", "<p>Hi"));
        assertThat(terminal.run("status")).isEqualTo(3);
        server.once("GET /api/content", exchange -> FakeServer.answer(exchange, 200, "application/json", "{"));
        assertThat(terminal.run("status")).isEqualTo(3);
        assertThat(terminal.err().lines().toList())
                .containsExactly(
                        "imprimatur status: " + server.url()
                                + " answered 200 with text/html instead of JSON; does IMPRIMATUR_URL name an Imprimatur server?",
                        "imprimatur status: " + server.url()
                                + " answered 200 with broken JSON instead of JSON; does IMPRIMATUR_URL name an Imprimatur server?");
    }

    @Test
    void theTokenDoesNotFollowARedirection() {
        server.once("GET /api/content", exchange -> {
            exchange.getResponseHeaders().add("Location", "/api/me");
            FakeServer.answer(exchange, 302, null, "");
        });
        assertThat(terminal.run("status")).isEqualTo(3);
        assertThat(server.requests).containsExactly("GET /api/content");
    }

    @Test
    void aServerThatBreaksIsNoRefusal() {
        server.refuseOnce("GET /api/content", ErrorCode.DATABASE_UNAVAILABLE, "it does not answer");
        assertThat(terminal.run("status")).isEqualTo(3);
        assertThat(terminal.err()).isEqualTo("imprimatur status: IM501 database unavailable: it does not answer\n");
    }

    @Test
    void onlyWhatMayHappenTwiceIsSentAgainWhenTheConnectionBreaks() throws IOException {
        server.put(ID, "Hello", "approved");
        server.once("POST /api/content", HttpExchange::close);
        assertThat(terminal.run("propose", terminal.post("a.md", "A"))).isZero();
        server.once("POST /api/publications", HttpExchange::close);
        assertThat(terminal.run("publish", ID)).isZero();
        assertThat(server.requests.stream().filter(request -> request.startsWith("POST /api/publications")))
                .hasSize(2);

        String submission = "POST /api/content/a0000002-0000-4000-8000-000000000000/submission";
        server.once(submission, HttpExchange::close);
        assertThat(terminal.run("propose", terminal.post("b.md", "B"))).isEqualTo(3);
        assertThat(server.requests).containsOnlyOnce(submission);
        assertThat(terminal.err())
                .endsWith("the connection to " + server.url()
                        + " broke; it may have been done nevertheless, see: imprimatur status\n");
    }

    @Test
    void anUnknownCommandIsCorrected() {
        assertThat(terminal.run("aprove", ID)).isEqualTo(2);
        assertThat(terminal.err())
                .contains("Unmatched arguments from index 0: 'aprove'")
                .contains("approve");
        assertThat(terminal.run()).isEqualTo(2);
        assertThat(terminal.run("propose", "--help")).isZero();
    }
}
