package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TokensApiTest {
    private static TestServer server;
    private static Person olga;
    private static String olgas;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        olga = new People(server.jdbi()).add("olga", Set.of(Role.OPERATOR));
        olgas = server.token(TokenKind.PERSONAL, olga);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void showsANewTokenOnce() {
        Answer created = server.post(
                "/api/tokens",
                olgas,
                "{\"kind\": \"agent\", \"name\": \"drafting\", \"outlets\": [\"feed\"], \"expires_at\": \"2099-01-01T00:00:00Z\"}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Cache-Control")).contains("no-store");
        String secret = created.text("/secret");
        Answer me = server.get("/api/me", secret);
        assertThat(me.text("/token/kind")).isEqualTo("agent");
        assertThat(me.text("/token/outlets/0")).isEqualTo("feed");
        assertThat(me.text("/token/id")).isEqualTo(created.text("/token/id"));
        Answer list = server.get("/api/tokens", olgas);
        assertThat(list.body())
                .contains("drafting")
                .contains("2099-01-01T00:00:00Z")
                .doesNotContain(secret);
    }

    @Test
    void endsATokenAtOnce() {
        Answer created = server.post("/api/tokens", olgas, "{\"kind\": \"personal\"}");
        String secret = created.text("/secret");
        assertThat(server.get("/api/me", secret).status()).isEqualTo(200);
        String path = "/api/tokens/" + created.text("/token/id");

        assertThat(server.send("DELETE", path, server.token(Role.APPROVER), BodyPublishers.noBody())
                        .status())
                .isEqualTo(404);
        assertThat(server.send("DELETE", path, olgas, BodyPublishers.noBody()).status())
                .isEqualTo(204);

        assertThat(server.get("/api/me", secret).status()).isEqualTo(401);
        assertThat(server.get("/api/tokens", olgas).body()).contains("revoked_at");
    }

    @Test
    void letsAgentsMakeNone() {
        String agent = server.token(TokenKind.AGENT, olga);

        assertThat(server.post("/api/tokens", agent, "{\"kind\": \"agent\"}").text("/code"))
                .isEqualTo("IM202");
        assertThat(server.get("/api/tokens", agent).status()).isEqualTo(403);
    }

    @Test
    void tellsEveryFaultAtOnce() {
        Answer refused =
                server.post("/api/tokens", olgas, "{\"kind\": \"robot\", \"outlets\": [\"feed\", \"nowhere\"]}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("/kind").contains("/outlets/1").doesNotContain("/outlets/0");
        assertThat(server.post(
                                "/api/tokens",
                                olgas,
                                "{\"kind\": \"personal\", \"expires_at\": \"%s\"}"
                                        .formatted(Instant.now().minusSeconds(5)))
                        .text("/errors/0/pointer"))
                .isEqualTo("/expires_at");
    }
}
