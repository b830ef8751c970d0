package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TestRedis;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is held to which limit, and what the answers say of it. */
class RateLimitsTest {
    private static final String POST = "{\"title\":\"Hello\",\"body\":\"Some *text*\",\"outlets\":[\"feed\"]}";
    private static final Pattern SECONDS = Pattern.compile("t=(\\d+)$");

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of(
                "rate_limit_person_write", "3/60s",
                "rate_limit_person_read", "off",
                "rate_limit_agent_write", "2/1h",
                "rate_limit_anonymous_read", "4/60s"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyAnswerTellsWhatIsLeftAndTheOneTooManyWhenToComeBack() {
        String olga = server.token(Role.OPERATOR);
        for (int left = 2; left >= 0; left--) {
            Answer created = server.post("/api/content", olga, POST);
            assertThat(created.status()).isEqualTo(201);
            assertThat(created.header("RateLimit-Policy")).isEqualTo("\"person-write\";q=3;w=60");
            assertThat(created.header("RateLimit")).matches("\"person-write\";r=" + left + ";t=(60|5\\d)");
            assertThat(created.header("Retry-After")).isEmpty();
        }
        Answer refused = server.post("/api/content", olga, POST);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"person-write\";q=3;w=60");
        assertThat(refused.header("RateLimit")).matches("\"person-write\";r=0;t=(60|5\\d)");
        assertThat(refused.header("Retry-After")).isEqualTo(seconds(refused));
        assertThat(refused.header("Content-Type")).isEqualTo(Problem.MEDIA_TYPE);
        assertThat(refused.text("/type")).isEqualTo("https://iana.org/assignments/http-problem-types#quota-exceeded");
        assertThat(refused.text("/code")).isEqualTo("IM230");
        assertThat(refused.json().at("/status").asInt()).isEqualTo(429);
        assertThat(refused.json().at("/violated-policies").toString()).isEqualTo("[\"person-write\"]");
        assertThat(refused.text("/detail")).contains("3 requests in 60 s", "in " + seconds(refused) + " s");
    }

    @Test
    void aPersonIsOneCallerByEachOfTheirTokensAndEachAgentIsOneOfItsOwn() {
        Person olga = new People(server.jdbi()).add("olga of two tokens", Set.of(Role.OPERATOR));
        String one = server.token(TokenKind.PERSONAL, olga);
        String other = server.token(TokenKind.PERSONAL, olga);
        String agent = server.token(TokenKind.AGENT, olga);
        String second = server.token(TokenKind.AGENT, olga);
        assertThat(server.post("/api/content", one, POST).header("RateLimit")).contains("r=2");
        assertThat(server.post("/api/content", other, POST).header("RateLimit")).contains("r=1");
        Answer byAgent = server.post("/api/content", agent, POST);
        assertThat(byAgent.header("RateLimit-Policy")).isEqualTo("\"agent-write\";q=2;w=3600");
        assertThat(byAgent.header("RateLimit")).contains("r=1");
        assertThat(server.post("/api/content", second, POST).header("RateLimit"))
                .contains("r=1");
        assertThat(server.post("/api/content", server.token(Role.OPERATOR), POST)
                        .header("RateLimit"))
                .contains("r=2");
    }

    @Test
    void readingIsNotWritingAndWhatIsOffIsNotCounted() {
        String olga = server.token(Role.OPERATOR);
        for (int i = 0; i < 10; i++) {
            Answer read = server.get("/api/content", olga);
            assertThat(read.status()).isEqualTo(200);
            assertThat(read.header("RateLimit")).isEmpty();
            assertThat(read.header("RateLimit-Policy")).isEmpty();
        }
        assertThat(server.post("/api/content", olga, POST).header("RateLimit")).contains("r=2");
    }

    @Test
    void whoeverIsRefusedForItsRoleIsCountedToo() {
        String vera = server.token(Role.VIEWER);
        for (int i = 0; i < 3; i++) {
            assertThat(server.post("/api/content", vera, POST).status()).isEqualTo(403);
        }
        assertThat(server.post("/api/content", vera, POST).status()).isEqualTo(429);
    }

    @Test
    void strangersAreCountedByAddressAndHealthIsNeverRefused() {
        int refused = 0;
        for (int i = 0; i < 6; i++) {
            int status =
                    server.get(i % 2 == 0 ? "/feed.xml" : "/api/content", null).status();
            refused += status == 429 ? 1 : 0;
            assertThat(status).isIn(i % 2 == 0 ? 200 : 401, 429);
        }
        assertThat(refused).isEqualTo(2);
        assertThat(server.get("/healthz", null).status()).isEqualTo(200);
    }

    @Test
    void withRedisTwoServersCountTogetherAndWithoutItEachGoesOnAlone() {
        Map<String, String> limit = Map.of("rate_limit_person_write", "3/60s");
        TestRedis redis = TestRedis.start();
        try (TestServer one = TestServer.start(
                        with(limit, "redis_url", redis.uri().toURI().toString()));
                TestServer other =
                        one.another(with(limit, "redis_url", redis.uri().toURI().toString()))) {
            String warm = one.token(Role.OPERATOR);
            untilRedisIsUsed(redis, () -> one.get("/api/content", warm));
            untilRedisIsUsed(redis, () -> other.get("/api/content", warm));

            String olga = one.token(Role.OPERATOR);
            assertThat(one.post("/api/content", olga, POST).header("RateLimit")).contains("r=2");
            assertThat(other.post("/api/content", olga, POST).header("RateLimit"))
                    .contains("r=1");
            assertThat(one.post("/api/content", olga, POST).header("RateLimit")).contains("r=0");
            assertThat(other.post("/api/content", olga, POST).status()).isEqualTo(429);
            assertThat(redis.commands().keys("imprimatur:rate:person-write:*")).hasSize(1);

            redis.close();
            assertThat(other.post("/api/content", olga, POST).header("RateLimit"))
                    .contains("r=1");
            assertThat(other.post("/api/content", olga, POST).header("RateLimit"))
                    .contains("r=0");
            assertThat(other.post("/api/content", olga, POST).status()).isEqualTo(429);
        } finally {
            redis.close();
        }
    }

    /** A first call may find Redis not yet connected, and then counts alone. */
    private static void untilRedisIsUsed(TestRedis redis, Runnable call) {
        redis.commands().flushall();
        for (int i = 0; redis.commands().dbsize() == 0; i++) {
            assertThat(i).as("calls that did not reach Redis").isLessThan(10_000);
            call.run();
        }
    }

    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        Map<String, String> more = new java.util.HashMap<>(settings);
        more.put(key, value);
        return more;
    }

    private static String seconds(Answer answer) {
        Matcher matcher = SECONDS.matcher(answer.header("RateLimit"));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }
}
