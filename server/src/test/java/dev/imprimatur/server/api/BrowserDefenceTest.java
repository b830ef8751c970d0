package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.net.HttpCookie;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole server, behind a proxy that ends TLS, as browsers see it. */
class BrowserDefenceTest {
    private static final String PASSWORD = "correct horse battery";

    private static TestServer server;
    private static Map<String, String> cookies;

    @BeforeAll
    static void start() {
        server =
                TestServer.start(Map.of("public_url", "https://news.example.org", "trusted_proxies", "127.0.0.1, ::1"));
        Person olga = new People(server.jdbi()).add("olga", Set.of(Role.OPERATOR));
        new Passwords(server.jdbi()).set(olga, PASSWORD, null, null);
        cookies = cookies(logIn());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer logIn(String... headers) {
        return server.post(
                "/api/session", null, "{\"name\": \"olga\", \"password\": \"%s\"}".formatted(PASSWORD), headers);
    }

    private static Map<String, String> cookies(Answer answer) {
        Map<String, String> cookies = new TreeMap<>();
        for (String header : answer.response().headers().allValues("Set-Cookie")) {
            HttpCookie.parse(header).forEach(cookie -> cookies.put(cookie.getName(), cookie.getValue()));
        }
        return cookies;
    }

    private static String csrf(Map<String, String> in) {
        return in.getOrDefault("__Host-csrf", "");
    }

    private static Answer create(Map<String, String> in, String... headers) {
        List<String> all = new ArrayList<>(List.of(
                "Idempotency-Key",
                String.valueOf(System.nanoTime()),
                "Cookie",
                "__Host-session=" + in.get("__Host-session")));
        all.addAll(List.of(headers));
        return server.post(
                "/api/content",
                null,
                "{\"title\":\"t\",\"body\":\"b\",\"outlets\":[\"feed\"]}",
                all.toArray(String[]::new));
    }

    @Test
    void aSessionChangesSomethingWithItsTokenFromAPageOfOurs() {
        Answer created = create(cookies, "X-CSRF-Token", csrf(cookies), "Sec-Fetch-Site", "same-origin");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(create(cookies, "X-CSRF-Token", csrf(cookies), "Origin", "https://news.example.org")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void withoutItOrFromElsewhereItChangesNothing() {
        String token = csrf(cookies);
        Map<String, String> another = cookies(logIn());
        assertThat(create(cookies, "Sec-Fetch-Site", "same-origin").text("/code"))
                .isEqualTo("IM220");
        assertThat(create(cookies, "X-CSRF-Token", csrf(another), "Sec-Fetch-Site", "same-origin")
                        .text("/code"))
                .isEqualTo("IM220");
        assertThat(create(cookies, "X-CSRF-Token", token, "Sec-Fetch-Site", "cross-site")
                        .text("/code"))
                .isEqualTo("IM221");
        assertThat(create(cookies, "X-CSRF-Token", token).text("/code")).isEqualTo("IM221");
        assertThat(create(cookies, "X-CSRF-Token", token, "Origin", "null").text("/code"))
                .isEqualTo("IM221");
        assertThat(create(
                                Map.of("__Host-session", "no such session"),
                                "X-CSRF-Token",
                                token,
                                "Sec-Fetch-Site",
                                "same-origin")
                        .status())
                .as("who is nobody is told so first")
                .isEqualTo(401);
        assertThat(logIn("Sec-Fetch-Site", "cross-site").text("/code")).isEqualTo("IM221");
    }

    @Test
    void loggingOutTakesTheTokenAndClearsBothCookies() {
        Map<String, String> in = cookies(logIn());
        String[] headers = {
            "Cookie",
            "__Host-session=" + in.get("__Host-session"),
            "X-CSRF-Token",
            csrf(in),
            "Sec-Fetch-Site",
            "same-origin"
        };
        Answer out = server.send("DELETE", "/api/session", null, BodyPublishers.noBody(), headers);
        assertThat(out.status()).isEqualTo(204);
        assertThat(out.response().headers().allValues("Set-Cookie"))
                .hasSize(2)
                .allSatisfy(cookie -> assertThat(cookie).contains("Max-Age=0"));
        assertThat(server.send("DELETE", "/api/session", null, BodyPublishers.noBody(), headers)
                        .status())
                .isEqualTo(401);
    }

    static Stream<Answer> answers() {
        String token = server.token(Role.OPERATOR);
        return Stream.of(
                server.get("/", null),
                server.get("/feed.xml", null),
                server.get("/feed.json", null),
                server.get("/healthz", null),
                server.get("/problems", null),
                server.get("/problems/four-eyes", null),
                server.get("/none", null),
                server.get("/a;b", null),
                server.get("/api/me", null),
                server.get("/api/me", token),
                server.get("/api/content", token),
                server.get("/api/content", "imp_wrong"),
                server.post("/api/content", token, "{"),
                server.send("TRACE", "/", token, BodyPublishers.noBody()));
    }

    @Test
    void everyAnswerForbidsSniffingAndEveryPageScriptsOfOthers() {
        assertThat(answers()).allSatisfy(answer -> {
            String what = answer.response().uri().toString();
            assertThat(answer.header("X-Content-Type-Options")).as(what).isEqualTo("nosniff");
            if (answer.response().uri().getPath().contains(";")
                    || answer.response().request().method().equals("TRACE")) {
                return; // refused before any page was looked for: JSON, which no browser runs
            }
            assertThat(answer.response().headers().allValues("Content-Security-Policy"))
                    .as(what)
                    .singleElement()
                    .asString()
                    .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
                    .doesNotContain("unsafe-", "*", "http:");
            assertThat(answer.header("X-Frame-Options")).as(what).isEqualTo("DENY");
            assertThat(answer.header("Referrer-Policy")).as(what).isEqualTo("no-referrer");
            assertThat(answer.header("Cross-Origin-Opener-Policy")).as(what).isEqualTo("same-origin");
            assertThat(answer.header("Strict-Transport-Security")).as(what).isEqualTo("max-age=31536000");
            assertThat(answer.response().headers().map()).as(what).doesNotContainKey("server");
        });
    }

    @Test
    void onlyWhatEverybodyMayReadIsKept() {
        assertThat(answers().filter(answer -> answer.status() < 400)).allSatisfy(answer -> {
            String path = answer.response().uri().getPath();
            boolean feed = path.equals("/") || path.startsWith("/feed");
            if (feed) {
                assertThat(answer.header("Cache-Control"))
                        .as(path)
                        .contains("public")
                        .doesNotContain("no-store");
                assertThat(answer.response().headers().allValues("Set-Cookie")).isEmpty();
            }
            if (path.startsWith("/api/")) {
                assertThat(answer.header("Cache-Control")).as(path).contains("no-store");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080", "http://news.example.org"})
    void withoutTlsThereIsNoHsts(String url) {
        try (TestServer plain = TestServer.start(Map.of("public_url", url))) {
            assertThat(plain.get("/api/me", null).header("Strict-Transport-Security"))
                    .isEmpty();
        }
    }

    @Test
    void theClientsAddressIsWhatOurProxySays() {
        String in = cookies(logIn("X-Forwarded-For", "1.2.3.4, 203.0.113.7")).get("__Host-session");
        assertThat(in).isNotNull();
        try (TestServer strict =
                TestServer.start(Map.of("trusted_proxies", "127.0.0.1, ::1", "rate_limit_anonymous_read", "2/1m"))) {
            for (int i = 0; i < 2; i++) {
                assertThat(strict.get("/api/me", null, "X-Forwarded-For", i + ".2.3.4, 203.0.113.7")
                                .status())
                        .isEqualTo(401);
            }
            assertThat(strict.get("/api/me", null, "X-Forwarded-For", "9.9.9.9, 203.0.113.7")
                            .status())
                    .as("whatever the client writes before it")
                    .isEqualTo(429);
            assertThat(strict.get("/api/me", null, "X-Forwarded-For", "203.0.113.8")
                            .status())
                    .isEqualTo(401);
        }
    }
}
