package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is Redis's own: scripts that it forgets, its clock, what it keeps and for how long. */
class RedisRateLimitsTest {
    private static final RateLimit THREE = RateLimit.perMinute("three", 3);
    private static final String STORED = "imprimatur:rate:three:60000000:key";

    private static TestRedis redis;
    private static RedisRateLimits limits;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        limits = new RedisRateLimits(redis.uri(), Duration.ofSeconds(10));
    }

    @AfterAll
    static void stop() {
        limits.close();
        redis.close();
    }

    @BeforeEach
    void forget() {
        redis.commands().flushall();
    }

    @Test
    void aScriptThatRedisHasForgottenIsGivenAgainAndWhatWasCountedStands() {
        limits.take("key", THREE);
        redis.commands().scriptFlush();
        assertThat(limits.take("key", THREE).left()).isEqualTo(1);
        assertThat(limits.take("key", THREE).left()).isZero();
        assertThat(limits.take("key", THREE).granted()).isFalse();
    }

    @Test
    void aCallIsOneCommand() {
        limits.take("key", THREE);
        redis.commands().configResetstat();
        for (int i = 0; i < 50; i++) {
            limits.take("key", THREE);
        }
        assertThat(redis.commands().info("commandstats"))
                .contains("cmdstat_evalsha:calls=50,")
                .doesNotContain("cmdstat_eval:", "cmdstat_script");
    }

    @Test
    void whatIsCountedIsGoneAWindowAfterTheLastGrantedCall() {
        RateLimit brief = new RateLimit("short", 1, Duration.ofMillis(50));
        limits.take("key", brief);
        limits.take("key", THREE);
        assertThat(redis.commands().pttl(STORED)).isBetween(50_000L, 60_001L);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (redis.commands().dbsize() > 1 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
        assertThat(redis.commands().keys("*")).containsExactly(STORED);
    }

    @Test
    void refusedCallsAddNothingToWhatIsKept() {
        for (int i = 0; i < 3; i++) {
            limits.take("key", THREE);
        }
        List<String> kept = redis.commands().lrange(STORED, 0, -1);
        limits.take("key", THREE);
        assertThat(kept).hasSize(3);
        assertThat(redis.commands().lrange(STORED, 0, -1)).isEqualTo(kept);
    }

    @Test
    void aClockThatWasSetBackNeverGrantsMoreAndRefusesForOneWindowAtMost() {
        Instant now = now();
        redis.commands()
                .rpush(
                        STORED,
                        micros(now.minusSeconds(30)),
                        micros(now.plusSeconds(3600)),
                        micros(now.plusSeconds(7200)));
        Allowance refused = limits.take("key", THREE);
        assertThat(refused.granted()).isFalse();
        assertThat(refused.nextIn()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(30));
        assertThat(redis.commands().lrange(STORED, 1, -1)).containsExactly(micros(refused.at()), micros(refused.at()));
        assertThat(redis.commands().pttl(STORED)).isBetween(50_000L, 60_001L);
    }

    @Test
    void aLimitThatWasLoweredWaitsUntilEnoughHaveGone() {
        Instant now = now();
        redis.commands()
                .rpush(
                        STORED,
                        micros(now.minusSeconds(50)),
                        micros(now.minusSeconds(40)),
                        micros(now.minusSeconds(20)));
        Allowance refused = limits.take("key", RateLimit.perMinute("three", 2));
        assertThat(refused.granted()).isFalse();
        assertThat(refused.left()).isZero();
        assertThat(refused.at().plus(refused.nextIn())).isEqualTo(now.plusSeconds(20));
    }

    @Test
    void whoIsNotThereIsToldInTime() {
        try (RedisRateLimits nobody = new RedisRateLimits(
                RedisURI.create("redis://127.0.0.1:" + TestRedis.freePort()), Duration.ofMillis(75))) {
            assertThatThrownBy(() -> nobody.take("key", THREE))
                    .isInstanceOf(RateLimitStore.UnavailableException.class)
                    .hasMessageContaining("Redis");
        }
    }

    @Test
    void aRedisThatRefusesIsToldWithoutItsPassword() {
        redis.commands().configSet("requirepass", "right");
        try (RedisRateLimits stranger = new RedisRateLimits(
                RedisURI.create("redis://:canary@127.0.0.1:" + redis.port()), Duration.ofSeconds(10))) {
            assertThatThrownBy(() -> stranger.take("key", THREE))
                    .isInstanceOf(RateLimitStore.UnavailableException.class)
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("canary");
        } finally {
            redis.commands().configSet("requirepass", "");
        }
    }

    @Test
    void aStoreThatIsClosedSaysSo() {
        RedisRateLimits closed = new RedisRateLimits(redis.uri(), Duration.ofSeconds(10));
        closed.take("key", THREE);
        closed.close();
        assertThatThrownBy(() -> closed.take("key", THREE)).isInstanceOf(RateLimitStore.UnavailableException.class);
    }

    private static Instant now() {
        List<String> time = redis.commands().time();
        return Instant.ofEpochSecond(Long.parseLong(time.get(0)), Long.parseLong(time.get(1)) * 1000);
    }

    private static String micros(Instant at) {
        return String.valueOf(at.getEpochSecond() * 1_000_000 + at.getNano() / 1000);
    }
}
