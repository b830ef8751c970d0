package dev.imprimatur.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.server.runtime.TestServer.Answer;
import dev.imprimatur.server.settings.Settings;
import dev.imprimatur.server.settings.SettingsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.HttpCookie;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Secrets are planted wherever one may be sent or set, and must come out nowhere; {@link Canaries} reads the logs. */
class SecretsTest {
    private static final String PASSWORD = Canaries.plant("canary-password-5f1b");
    private static final String DATABASE_PASSWORD = Canaries.plant("canary-database-7a3d");
    private static final String KEY = Canaries.plant("Y2FuYXJ5LWtleS1jYW5hcnkta2V5LWNhbmFyeS1rZXk");
    private static final String KEYS = "canary 2026-01-01T00:00:00Z " + KEY;

    @Test
    void noAnswerLogOrThreadDumpTellsWhatWasEntrusted(@TempDir Path folder) throws IOException {
        try (TestServer server = TestServer.start(Map.of("keys", KEYS))) {
            Person olga = new People(server.jdbi()).add("olga", Set.of(Role.OPERATOR));
            new Passwords(server.jdbi()).set(olga, PASSWORD, null, null);
            String token = Canaries.plant(server.token(Role.OPERATOR));
            String login = "{\"name\": \"%s\", \"password\": \"%s\"}";
            Answer in = server.post("/api/session", null, login.formatted("olga", PASSWORD));
            assertThat(in.status()).isEqualTo(201);
            List<String> cookies = new ArrayList<>();
            in.response()
                    .headers()
                    .allValues("Set-Cookie")
                    .forEach(header -> HttpCookie.parse(header).forEach(cookie -> {
                        if (!cookie.getValue().isEmpty()) {
                            cookies.add(cookie.getName() + "=" + Canaries.plant(cookie.getValue()));
                        }
                    }));
            String all = String.join("; ", cookies);

            List<Answer> answers = new ArrayList<>(List.of(
                    server.post("/api/session", null, login.formatted("otto", PASSWORD)),
                    server.post("/api/session", null, "{\"password\": \"" + PASSWORD),
                    server.post("/api/session", null, "{\"name\": 1, \"password\": [\"" + PASSWORD + "\"]}"),
                    server.get("/api/me", null, "Cookie", all),
                    server.get("/api/sessions", null, "Cookie", all),
                    server.get("/api/me", token),
                    server.get("/api/tokens", token),
                    server.get("/api/me", token + "x"),
                    server.get("/api/me", null, "Authorization", "Basic " + token),
                    server.get("/api/me", null, "Authorization", token),
                    server.post("/api/content", null, "{}", "Cookie", all, "Sec-Fetch-Site", "same-origin"),
                    server.post("/api/content", null, "{}", "Cookie", all, "Sec-Fetch-Site", "cross-site"),
                    server.post("/api/content", token, "{\"title\": 1}"),
                    server.send("PATCH", "/api/me", token, BodyPublishers.noBody())));
            server.database().getPostgresDatabase();
            server.jdbi()
                    .useHandle(handle -> assertThat(catchThrowable(
                                    () -> handle.execute("SELECT * FROM nothing WHERE token = ?", token)))
                            .isNotNull());
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(Canaries.in(
                                    answer.body() + answer.response().headers()))
                            .as(answer.response().uri().toString())
                            .isEmpty());
            assertThat(Canaries.in(threadDump(folder))).as("the thread dump").isEmpty();
        }
    }

    @Test
    void whatCannotStartSaysWhyAndNotWithWhat() {
        String url = "postgres://imprimatur_app:%s@127.0.0.1:1/none".formatted(DATABASE_PASSWORD);
        Settings settings = SettingsReader.read(Map.of("port", "0", "database_url", url, "keys", KEYS), Map.of(), null);
        assertThat(Canaries.in(settings.toString())).isEmpty();
        for (Map<String, String> options : List.of(
                Map.of("port", "0", "database_url", url, "keys", KEYS),
                Map.of("port", "0", "database_url", url),
                Map.of("port", "0", "database_url", url, "keys", KEYS + "x"),
                Map.of("port", "x", "database_url", url + "?x=y", "keys", "canary " + KEY))) {
            Throwable failure = catchThrowable(
                    () -> Server.start(SettingsReader.read(options, Map.of(), null), Store.Migrate.WHEN_EMBEDDED));
            assertThat(failure).isNotNull();
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            assertThat(Canaries.in(trace.toString())).as(trace.toString()).isEmpty();
        }
    }

    /** Else all of the above would pass by hearing nothing. */
    @Test
    void aCanaryThatSingsIsHeard() {
        String canary = "canary-to-be-heard-" + System.nanoTime();
        Canaries.heard("unrelated");
        assertThat(Canaries.in("before " + Canaries.plant(canary) + " after")).containsExactly(canary);
        assertThat(Canaries.in("imp_" + "x".repeat(43))).isNotEmpty();
        assertThat(Canaries.in("nothing of that kind")).isEmpty();
        String line = "heard by the test alone " + System.nanoTime();
        LoggerFactory.getLogger(SecretsTest.class).warn("{}", line);
        assertThat(Canaries.wasLogged(line)).isTrue();
    }

    private static String threadDump(Path folder) throws IOException {
        Path dump = folder.resolve("threads");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
        String text = Files.readString(dump);
        assertThat(text).contains("\"threads\"");
        return text;
    }
}
