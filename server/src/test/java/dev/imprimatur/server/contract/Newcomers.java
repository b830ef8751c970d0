package dev.imprimatur.server.contract;

import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.net.HttpCookie;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** People of a server, each known in one way, as the headers that they send. */
final class Newcomers {
    static final String PASSWORD = "correct horse battery staple";

    private final TestServer server;
    private final AtomicInteger count = new AtomicInteger();

    Newcomers(TestServer server) {
        this.server = server;
    }

    Person person(Role... roles) {
        return new People(server.jdbi()).add("newcomer " + count.incrementAndGet(), Set.of(roles));
    }

    static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    Map<String, String> byToken(Role... roles) {
        return bearer(server.token(TokenKind.PERSONAL, person(roles)));
    }

    Map<String, String> asAgent(Role... roles) {
        return bearer(server.token(TokenKind.AGENT, person(roles)));
    }

    /** Every role, but only for what concerns this outlet. */
    Map<String, String> narrowedTo(String outlet) {
        return bearer(new ApiTokens(server.jdbi())
                .create(
                        Principal.atTheCommandLine(person(Role.values())),
                        new ApiTokens.Wish(TokenKind.PERSONAL, null, OutletScope.of(List.of(outlet)), null))
                .secret());
    }

    Map<String, String> expired() throws SQLException {
        String token = server.token(Role.values());
        try (Connection superuser =
                        server.database().getDatabase("postgres", "imprimatur").getConnection();
                Statement statement = superuser.createStatement()) {
            statement.execute(
                    "UPDATE api_tokens SET expires_at = now() WHERE sha256 = sha256('%s'::bytea)".formatted(token));
        }
        return bearer(token);
    }

    Person withPassword(Role... roles) {
        Person person = person(roles);
        new Passwords(server.jdbi()).set(person, PASSWORD, null, null);
        return person;
    }

    /** By a browser that has just logged in, with all that a page of ours makes it send. */
    Map<String, String> bySession(Role... roles) {
        Person person = withPassword(roles);
        Answer in = server.post(
                "/api/session", null, "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(person.name(), PASSWORD));
        Map<String, String> cookies = new TreeMap<>();
        in.response()
                .headers()
                .allValues("Set-Cookie")
                .forEach(header ->
                        HttpCookie.parse(header).forEach(cookie -> cookies.put(cookie.getName(), cookie.getValue())));
        Map<String, String> headers = new TreeMap<>();
        headers.put(
                "Cookie",
                cookies.entrySet().stream()
                        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                        .collect(Collectors.joining("; ")));
        headers.put("Sec-Fetch-Site", "same-origin");
        String csrf = cookies.get("__Host-csrf");
        if (csrf != null) {
            headers.put("X-CSRF-Token", csrf);
        }
        return headers;
    }

    static Role[] roles(Set<String> labels) {
        return Arrays.stream(Role.values())
                .filter(role -> labels.contains(role.label()))
                .toArray(Role[]::new);
    }
}
