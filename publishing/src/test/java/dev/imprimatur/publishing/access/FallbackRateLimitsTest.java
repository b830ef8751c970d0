package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Redis goes, hangs and comes back: calls are limited all the while, within the time that a call may wait for it. */
class FallbackRateLimitsTest {
    private static final RateLimit TWENTY = RateLimit.perMinute("twenty", 20);
    private static final Duration TIMEOUT = Duration.ofMillis(75);

    @Test
    void aRedisThatWasNeverThereLimitsEachProcessByItself() {
        try (RedisRateLimits redis =
                new RedisRateLimits(RedisURI.create("redis://127.0.0.1:" + TestRedis.freePort()), TIMEOUT)) {
            FallbackRateLimits limits = new FallbackRateLimits(redis);
            assertThat(granted(limits, 50)).isEqualTo(20);
            assertThat(limits.degraded()).isEqualTo(50);
        }
    }

    @Test
    void whenRedisStopsThoseGrantedBeforeStillCountAndWhenItIsBackItIsAskedAgain() {
        TestRedis redis = TestRedis.start();
        try (RedisRateLimits shared = new RedisRateLimits(redis.uri(), TIMEOUT)) {
            FallbackRateLimits limits = new FallbackRateLimits(shared);
            connect(limits);
            long before = limits.degraded();
            assertThat(granted(limits, 15)).isEqualTo(15);
            assertThat(limits.degraded()).isEqualTo(before);
            redis.close();

            assertThat(granted(limits, 30)).isEqualTo(5);
            assertThat(limits.degraded()).isEqualTo(before + 30);

            redis = TestRedis.on(redis.port());
            connect(limits);
        } finally {
            redis.close();
        }
    }

    @Test
    void aRedisThatHangsDelaysThreeCallsAndThenOneASecond() {
        try (TestRedis redis = TestRedis.start();
                RedisRateLimits shared = new RedisRateLimits(redis.uri(), TIMEOUT)) {
            FallbackRateLimits limits = new FallbackRateLimits(shared);
            connect(limits);
            redis.commands().clientPause(60_000);
            long before = limits.degraded();
            long began = System.nanoTime();
            assertThat(granted(limits, 2_000)).isEqualTo(20);
            long took = System.nanoTime() - began;
            assertThat(limits.degraded()).isEqualTo(before + 2_000);
            assertThat(Duration.ofNanos(took))
                    .as("three that waited, and one more for each second that this machine took")
                    .isBetween(TIMEOUT.multipliedBy(3), TIMEOUT.multipliedBy(3).plusSeconds(2));
        }
    }

    /** Until a call is counted by Redis. */
    private static void connect(FallbackRateLimits limits) {
        await(() -> {
            long degraded = limits.degraded();
            limits.take("connecting", TWENTY);
            return limits.degraded() == degraded;
        });
    }

    private static void await(BooleanSupplier wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!wanted.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static long granted(RateLimitStore limits, int calls) {
        return IntStream.range(0, calls)
                .filter(i -> limits.take("key", TWENTY).granted())
                .count();
    }
}
