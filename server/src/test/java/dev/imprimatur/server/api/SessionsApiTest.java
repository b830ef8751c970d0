package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.OneTimeLinks;
import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.net.HttpCookie;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logging in and out over HTTP. */
class SessionsApiTest {
    private static final String PASSWORD = "correct horse battery";

    private static TestServer server;
    private static Person olga;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        olga = new People(server.jdbi()).add("olga", Set.of(Role.OPERATOR));
        new Passwords(server.jdbi()).set(olga, PASSWORD, null, null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer logIn(String name, String password, String... headers) {
        return server.post(
                "/api/session", null, "{\"name\": \"%s\", \"password\": \"%s\"}".formatted(name, password), headers);
    }

    private static Map<String, String> cookies(Answer answer) {
        Map<String, String> cookies = new TreeMap<>();
        for (String header : answer.response().headers().allValues("Set-Cookie")) {
            HttpCookie.parse(header).forEach(cookie -> cookies.put(cookie.getName(), cookie.getValue()));
        }
        return cookies;
    }

    private static String session(Answer answer) {
        return "__Host-session=" + cookies(answer).get("__Host-session");
    }

    @Test
    void letsInWhoKnowsThePassword() {
        Answer in = logIn("olga", PASSWORD);

        assertThat(in.status()).isEqualTo(201);
        assertThat(in.text("/person/name")).isEqualTo("olga");
        assertThat(in.text("/methods/0")).isEqualTo("password");
        assertThat(in.header("Cache-Control")).contains("no-store");
        Answer me = server.get("/api/me", null, "Cookie", session(in));
        assertThat(me.status()).isEqualTo(200);
        assertThat(me.text("/name")).isEqualTo("olga");
        assertThat(me.text("/session/id")).isEqualTo(in.text("/id"));
        assertThat(me.json().path("token").isNull()).isTrue();
        assertThat(in.body()).doesNotContain(cookies(in).get("__Host-session"));
    }

    @Test
    void guardsItsCookies() {
        Answer in = logIn("olga", PASSWORD);

        assertThat(in.response().headers().allValues("Set-Cookie"))
                .hasSize(4)
                .allSatisfy(cookie -> assertThat(cookie)
                        .startsWith("__Host-")
                        .contains("; Path=/")
                        .contains("; Secure")
                        .matches(it -> it.contains("; HttpOnly") != it.startsWith("__Host-csrf="))
                        .contains("; SameSite=Lax")
                        .doesNotContain("Domain"));
    }

    @Test
    void tellsNotWhetherThereIsSuchAPerson() {
        Answer wrong = logIn("olga", "wrong horse battery");
        Answer nobody = logIn("nobody", "wrong horse battery");

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(nobody.body()).isEqualTo(wrong.body());
        assertThat(cookies(wrong)).isEmpty();
    }

    @Test
    void slowsGuessingDown() {
        new People(server.jdbi()).add("otto", Set.of(Role.OPERATOR));
        for (int i = 0; i < 6; i++) {
            assertThat(logIn("otto", "wrong horse " + i).status()).isEqualTo(401);
        }

        Answer refused = logIn("otto", "wrong horse battery");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.text("/code")).isEqualTo("IM211");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
        assertThat(logIn("olga", PASSWORD).status()).isEqualTo(201);
    }

    @Test
    void refusesToChangeAnythingByACookieAlone() {
        String cookie = session(logIn("olga", PASSWORD));

        for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH"}) {
            Answer answer = server.send(
                    method,
                    "/api/sessions",
                    null,
                    java.net.http.HttpRequest.BodyPublishers.ofString("{}"),
                    "Cookie",
                    cookie);
            assertThat(answer.status()).as(method).isEqualTo(403);
        }
        assertThat(server.get("/api/me", null, "Cookie", cookie).status()).isEqualTo(200);
    }

    @Test
    void ignoresCookiesBesideAnAuthorization() {
        String cookie = session(logIn("olga", PASSWORD));
        String ottos = server.token(Role.VIEWER);

        assertThat(server.get("/api/me", ottos, "Cookie", cookie).text("/name")).isNotEqualTo("olga");
        assertThat(server.get("/api/me", "imp_wrong", "Cookie", cookie).status())
                .isEqualTo(401);
    }

    @Test
    void takesNoCookieThatIsNone() {
        for (String value : new String[] {"", "x", "%00", "a".repeat(43), "a".repeat(5000)}) {
            assertThat(server.get("/api/me", null, "Cookie", "__Host-session=" + value)
                            .status())
                    .as(value)
                    .isIn(400, 401);
        }
    }

    @Test
    void makesTheFirstAccountByALink() {
        try (TestServer empty = TestServer.start()) {
            OneTimeLinks links = new OneTimeLinks(empty.jdbi(), new Passwords(empty.jdbi()));
            String link = links.forTheFirst();
            String login = "{\"link\": \"%s\", \"name\": \"first\", \"password\": \"%s\"}".formatted(link, PASSWORD);

            Answer in = empty.post("/api/session", null, login);

            assertThat(in.status()).isEqualTo(201);
            Answer me = empty.get("/api/me", null, "Cookie", session(in));
            assertThat(me.json().path("manages_people").asBoolean()).isTrue();
            assertThat(empty.post("/api/session", null, login).status()).isEqualTo(401);
            assertThat(empty.post(
                                    "/api/session",
                                    null,
                                    "{\"name\": \"first\", \"password\": \"%s\"}".formatted(PASSWORD))
                            .status())
                    .isEqualTo(201);
        }
    }

    @Test
    void listsAndEndsOnesOwnSessions() {
        Answer in = logIn("olga", PASSWORD);
        String token = server.token(TokenKind.PERSONAL, olga);
        assertThat(server.get("/api/sessions", token).body()).contains(in.text("/id"));
        String stranger = server.token(Role.APPROVER);
        String path = "/api/sessions/" + in.text("/id");

        assertThat(delete(path, stranger)).isEqualTo(404);
        assertThat(delete(path, server.token(TokenKind.AGENT, olga))).isEqualTo(403);
        assertThat(delete(path, token)).isEqualTo(204);
        assertThat(delete(path, token)).isEqualTo(404);
        assertThat(server.get("/api/me", null, "Cookie", session(in)).status()).isEqualTo(401);
    }

    @Test
    void endsAnybodysSessionForAnApproverWhoManagesPeople() {
        Answer in = logIn("olga", PASSWORD);
        Person mona = new People(server.jdbi()).addManager("mona", Set.of(Role.APPROVER));

        assertThat(delete("/api/sessions/" + in.text("/id"), server.token(TokenKind.PERSONAL, mona)))
                .isEqualTo(204);
        assertThat(server.get("/api/me", null, "Cookie", session(in)).status()).isEqualTo(401);
    }

    @Test
    void setsAPasswordOnlyInAFreshSession() {
        assertThat(server.put("/api/me/password", server.token(Role.OPERATOR), "{\"password\": \"x\"}")
                        .text("/code"))
                .isEqualTo("IM212");
    }

    @Test
    void tellsEveryFaultOfALogin() {
        assertThat(server.post("/api/session", null, "{\"nme\": \"olga\"}").status())
                .isEqualTo(400);
        assertThat(server.post("/api/session", null, "{\"password\": \"x\"}").status())
                .isEqualTo(422);
        assertThat(server.send(
                                "POST",
                                "/api/session",
                                null,
                                java.net.http.HttpRequest.BodyPublishers.ofString("name=olga"),
                                "Content-Type",
                                "application/x-www-form-urlencoded")
                        .status())
                .isEqualTo(415);
    }

    private static int delete(String path, String token) {
        return server.send("DELETE", path, token, java.net.http.HttpRequest.BodyPublishers.noBody())
                .status();
    }
}
