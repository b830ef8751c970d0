package dev.imprimatur.server.runtime;

import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.KeyRing;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.contract.ApiDocument;
import dev.imprimatur.server.settings.RateLimitSettings;
import dev.imprimatur.server.settings.Settings;
import dev.imprimatur.server.settings.SettingsReader;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real server on a throw-away PostgreSQL 17, connected as the app's role, and a client that speaks to it. */
public class TestServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    /** As an administrator would give them, the same to each server. */
    private static final String KEYS = KeyRing.fresh(Clock.systemUTC()).text();

    private static final AtomicInteger PEOPLE = new AtomicInteger();

    private final EmbeddedPostgres postgres;
    private final Server server;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private TestServer(EmbeddedPostgres postgres, Server server) {
        this.postgres = postgres;
        this.server = server;
    }

    public static TestServer start() {
        return start(Map.of());
    }

    /** With these settings, and for all others those of {@link #settings}. */
    public static TestServer start(Map<String, String> more) {
        EmbeddedPostgres postgres = postgres();
        return new TestServer(postgres, Server.start(settings(postgres, more), Store.Migrate.ALWAYS));
    }

    /** @param parameters of the database's URL, such as {@code ?options=…} */
    static TestServer on(EmbeddedPostgres postgres, String parameters) {
        Map<String, String> app = Map.of("database_url", url(postgres, "imprimatur_app") + parameters);
        return new TestServer(postgres, Server.start(settings(postgres, app), Store.Migrate.ALWAYS));
    }

    /** One more on the same database, as a second machine would run it; it ends before this one. */
    public TestServer another(Map<String, String> more) {
        Settings settings = settings(postgres, more);
        return new TestServer(postgres, Server.start(settings, Store.Migrate.ALWAYS)) {
            @Override
            public void close() {
                super.closeServer();
            }
        };
    }

    /** A server of its own, with the roles that an administrator would have made. */
    public static EmbeddedPostgres postgres() {
        return postgres(EmbeddedPostgres.builder());
    }

    static EmbeddedPostgres postgres(EmbeddedPostgres.Builder builder) {
        try {
            EmbeddedPostgres postgres = builder.start();
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE ROLE imprimatur_owner LOGIN; CREATE ROLE imprimatur_app LOGIN;");
                statement.execute("CREATE DATABASE imprimatur OWNER imprimatur_owner");
            }
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Settings settings(EmbeddedPostgres postgres, Map<String, String> more) {
        Map<String, String> said = new java.util.HashMap<>(more);
        said.putIfAbsent("port", "0");
        said.putIfAbsent("keys", KEYS);
        said.putIfAbsent("database_url", url(postgres, "imprimatur_app"));
        said.putIfAbsent("database_owner_url", url(postgres, "imprimatur_owner"));
        // Every request is counted and none refused: tests ask more than people do.
        for (RateLimitSettings.Group group : RateLimitSettings.Group.values()) {
            said.putIfAbsent("rate_limit_" + group.policy().replace('-', '_'), "1000000/60s");
        }
        return SettingsReader.read(said, Map.of(), null);
    }

    static String url(EmbeddedPostgres postgres, String user) {
        return "postgres://%s@127.0.0.1:%d/imprimatur".formatted(user, postgres.getPort());
    }

    public Jdbi jdbi() {
        return server.jdbi();
    }

    public EmbeddedPostgres database() {
        return postgres;
    }

    /** Every method and path below this one that a handler answers, as {@code GET /api/content/{id}}. */
    public List<String> routes(String below) {
        return server.routes().stream()
                .filter(route -> route.substring(route.indexOf(' ') + 1).startsWith(below))
                .toList();
    }

    /** Without the proxy that its public URL may tell of. */
    public URI local() {
        return URI.create("http://localhost:" + server.port());
    }

    public URI url() {
        return server.url();
    }

    /** Somebody new with these roles, as their token. */
    public String token(Role... roles) {
        return token(TokenKind.PERSONAL, roles);
    }

    public String token(TokenKind kind, Role... roles) {
        Person person = new People(jdbi()).add("person " + PEOPLE.incrementAndGet(), Set.of(roles));
        return token(kind, person);
    }

    public String token(TokenKind kind, Person owner) {
        return new ApiTokens(jdbi()).create(owner, kind);
    }

    /** What came back: the status, the headers, and the JSON if there is any. */
    public record Answer(int status, HttpResponse<byte[]> response, JsonNode json) {
        public String text(String pointer) {
            return json.at(pointer).asString("");
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public String body() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }
    }

    public Answer get(String path, @Nullable String token, String... headers) {
        return send("GET", path, token, BodyPublishers.noBody(), headers);
    }

    /** With an idempotency key of its own, unless one is given. */
    public Answer post(String path, @Nullable String token, String body, String... headers) {
        String[] all =
                Arrays.copyOf(new String[] {"Idempotency-Key", UUID.randomUUID().toString()}, headers.length + 2);
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("POST", path, token, BodyPublishers.ofString(body), all);
    }

    public Answer put(String path, @Nullable String token, String body, String... headers) {
        return send("PUT", path, token, BodyPublishers.ofString(body), headers);
    }

    public Answer send(String method, String path, @Nullable String token, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(local().resolve(path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body)
                .setHeader("Content-Type", "application/json");
        if (token != null) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
            ApiDocument.OURS.check(method, response.uri().getPath(), response);
            boolean json =
                    response.headers().firstValue("Content-Type").orElse("").contains("json");
            return new Answer(
                    response.statusCode(),
                    response,
                    json && response.body().length > 0 ? JSON.readTree(response.body()) : JSON.missingNode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try (EmbeddedPostgres closing = postgres) {
            closeServer();
            closing.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void closeServer() {
        http.close();
        server.close();
    }
}
