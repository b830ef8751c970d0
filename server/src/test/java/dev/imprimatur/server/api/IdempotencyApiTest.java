package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that makes something has one effect and one answer, over three servers on one database. */
class IdempotencyApiTest {
    private static final String POST = "{\"title\":\"t\",\"body\":\"b\",\"outlets\":[\"feed\"]}";
    private static final int AT_ONCE = 100;

    private static TestServer server;
    private static List<TestServer> replicas;
    private static String operator;
    private static String approver;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        replicas = List.of(server, server.another(Map.of()), server.another(Map.of()));
        operator = server.token(Role.OPERATOR);
        approver = server.token(Role.APPROVER);
    }

    @AfterAll
    static void stop() {
        replicas.reversed().forEach(TestServer::close);
    }

    /** A request that makes something: its path and body, by whom, and how many of its kind there are. */
    record Making(String path, String body, String token, String table) {
        long made() {
            return server.jdbi()
                    .withHandle(handle -> handle.createQuery("SELECT count(*) FROM " + table)
                            .mapTo(Long.class)
                            .one());
        }

        Answer at(TestServer replica, String key) {
            return replica.post(path, token, body, "Idempotency-Key", key);
        }

        @Override
        public String toString() {
            return "POST " + path.replaceAll("[0-9a-f]{8}-[-0-9a-f]+", "{id}");
        }
    }

    static List<Making> everythingThatMakes() {
        String commented = content();
        String decided = submitted();
        String published = submitted();
        assertThat(server.post("/api/approvals", approver, yes(published)).status())
                .isEqualTo(201);
        return List.of(
                new Making("/api/tokens", "{\"kind\":\"agent\"}", operator, "api_tokens"),
                new Making("/api/content", POST, operator, "content"),
                new Making("/api/content/" + commented + "/comments", "{\"body\":\"Nice\"}", operator, "comments"),
                new Making("/api/approvals", yes(decided), approver, "approvals"),
                new Making(
                        "/api/publications",
                        "{\"content_id\":\"%s\",\"outlet\":\"feed\"}".formatted(published),
                        operator,
                        "publications"));
    }

    @ParameterizedTest
    @MethodSource("everythingThatMakes")
    void aHundredEqualRequestsOverThreeServersHaveOneEffect(Making making) throws Exception {
        long before = making.made();
        CountDownLatch start = new CountDownLatch(1);
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> asked = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                TestServer replica = replicas.get(i % replicas.size());
                Callable<Answer> ask = () -> {
                    start.await();
                    return making.at(replica, "race");
                };
                asked.add(crowd.submit(ask));
            }
            start.countDown();
            for (Future<Answer> answer : asked) {
                answers.add(answer.get());
            }
        }
        assertThat(making.made()).isEqualTo(before + 1);
        List<Answer> first = answers.stream()
                .filter(answer -> answer.header("Idempotency-Replayed").equals("false"))
                .toList();
        assertThat(first).hasSize(1);
        for (Answer answer : answers) {
            if (answer.status() == 409) {
                assertThat(answer.text("/code")).isEqualTo("IM111");
            } else {
                assertEqual(first.getFirst(), answer);
            }
        }
        assertEqual(first.getFirst(), making.at(server, "\"race\""));
    }

    @ParameterizedTest
    @MethodSource("everythingThatMakes")
    void withoutAKeyNothingIsMade(Making making) {
        long before = making.made();
        Answer refused = server.send("POST", making.path(), making.token(), BodyPublishers.ofString(making.body()));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/code")).isEqualTo("IM117");
        assertThat(making.made()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "a b", "\"a", "a\"b\"c"})
    void aKeyThatIsNoneIsRefused(String key) {
        assertThat(server.post("/api/content", operator, POST, "Idempotency-Key", key)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void theFirstAnswerIsGivenWhateverHasHappenedSince() {
        Answer first = server.post("/api/content", operator, POST, "Idempotency-Key", "since");
        String path = first.header("Location");
        server.put(path, operator, POST.replace("\"b\"", "\"c\""), "If-Match", "\"1\"");
        server.post(path + "/submission", operator, "");
        assertEqual(first, server.post("/api/content", operator, POST, "Idempotency-Key", "since"));
    }

    @Test
    void aTokensSecretIsToldAgainAndReadByNobodyInTheDatabase() {
        String body = "{\"kind\":\"agent\"}";
        Answer first = server.post("/api/tokens", operator, body, "Idempotency-Key", "secret");
        assertEqual(first, replicas.getLast().post("/api/tokens", operator, body, "Idempotency-Key", "secret"));
        assertThat(server.get("/api/me", first.text("/secret")).status()).isEqualTo(200);
        String kept = server.jdbi()
                .withHandle(handle -> handle.createQuery(
                                "SELECT string_agg(to_jsonb(k)::text, ' ') FROM idempotency_keys k")
                        .mapTo(String.class)
                        .one());
        assertThat(kept).contains("POST /api/tokens").doesNotContain(first.text("/secret"), "imp_");
    }

    @Test
    void theSameInOtherWordsIsTheSameRequest() {
        String id = content();
        String path = "/api/content/" + id + "/comments";
        Answer first = server.post(path, operator, "{\"body\":\"Nice\"}", "Idempotency-Key", "words");
        assertEqual(first, server.post(path, operator, "{ \"body\" : \"\\u004eice\" }", "Idempotency-Key", "words"));
        Answer other = server.post(path, operator, "{\"body\":\"Nicer\"}", "Idempotency-Key", "words");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.text("/code")).isEqualTo("IM110");
        Answer elsewhere = server.post(
                "/api/content/" + content() + "/comments", operator, "{\"body\":\"Nice\"}", "Idempotency-Key", "words");
        assertThat(elsewhere.text("/code")).isEqualTo("IM110");
    }

    @Test
    void aRefusalForTheStateOfThingsIsTheAnswerEvenWhenItHasChanged() {
        String id = content();
        String body = "{\"content_id\":\"%s\",\"outlet\":\"feed\"}".formatted(id);
        Answer first = server.post("/api/publications", operator, body, "Idempotency-Key", "early");
        assertThat(first.status()).isEqualTo(409);
        server.post("/api/content/" + id + "/submission", operator, "");
        server.post("/api/approvals", approver, yes(id));
        Answer again = server.post("/api/publications", operator, body, "Idempotency-Key", "early");
        assertEqual(first, again);
        assertThat(again.header("Content-Type")).isEqualTo(Problem.MEDIA_TYPE);
        assertThat(server.post("/api/publications", operator, body).status()).isEqualTo(201);
    }

    @Test
    void aPublicationIsToldAgainAfterItsTimeHasCome() {
        String id = submitted();
        server.post("/api/approvals", approver, yes(id));
        Instant due = Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofSeconds(2));
        String body = "{\"content_id\":\"%s\",\"outlet\":\"feed\",\"due_at\":\"%s\"}".formatted(id, due);
        Answer first = server.post("/api/publications", operator, body, "Idempotency-Key", "due");
        assertThat(first.status()).as(first.body()).isEqualTo(201);
        while (!Instant.now().isAfter(due)) {
            LockSupport.parkUntil(due.toEpochMilli() + 1);
        }
        assertEqual(first, server.post("/api/publications", operator, body, "Idempotency-Key", "due"));
        assertThat(server.post("/api/publications", operator, body).text("/code"))
                .isEqualTo("IM105");
    }

    private static void assertEqual(Answer first, Answer again) {
        assertThat(again.status()).as(again.body()).isEqualTo(first.status());
        assertThat(again.body()).isEqualTo(first.body());
        for (String header : List.of("Location", "ETag", "Content-Type")) {
            assertThat(again.header(header)).isEqualTo(first.header(header));
        }
        assertThat(Map.of("true", true, "false", false)).containsKey(again.header("Idempotency-Replayed"));
    }

    private static String content() {
        return server.post("/api/content", operator, POST).text("/id");
    }

    private static String submitted() {
        String id = content();
        server.post("/api/content/" + id + "/submission", operator, "");
        return id;
    }

    private static String yes(String id) {
        Answer rendition = server.get("/api/content/" + id + "/renditions", approver);
        return "{\"content_id\":\"%s\",\"revision\":1,\"decision\":\"approved\",\"renditions\":[{\"outlet\":\"feed\",\"sha256\":\"%s\"}]}"
                .formatted(id, rendition.text("/items/0/sha256"));
    }
}
