package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.Chance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** On a clock that we move, so that hours of calls take no time. */
class InMemoryRateLimitsTest {
    @Test
    void everyAnswerIsTheOneThatAListOfAllGrantedCallsGives() {
        Chance.tries(300, chance -> {
            // Begins shortly before the clock's number overflows, which nanoTime may do at any time.
            AtomicLong clock = new AtomicLong(Long.MAX_VALUE - chance.between(0, 5_000));
            InMemoryRateLimits limits = new InMemoryRateLimits(clock::get);
            int calls = (int) chance.between(1, 25);
            long window = chance.between(1_000_000, 1_000_100);
            RateLimit limit = new RateLimit("made up", calls, Duration.ofNanos(window));
            Map<String, List<Long>> granted = new HashMap<>();
            long elapsed = 0;
            for (int i = 0; i < 400; i++) {
                long step = chance.toss() ? chance.between(0, 5) : chance.between(0, window / calls * 2);
                elapsed += step;
                clock.addAndGet(step);
                String key = chance.of("one", "two");
                List<Long> known = granted.computeIfAbsent(key, k -> new ArrayList<>());
                long now = elapsed;
                known.removeIf(at -> at <= now - window);
                boolean free = known.size() < calls;
                if (free) {
                    known.add(now);
                }
                Allowance answer = limits.take(key, limit);
                assertThat(answer.granted()).isEqualTo(free);
                assertThat(answer.left()).isEqualTo(calls - known.size());
                assertThat(answer.nextIn()).isEqualTo(Duration.ofNanos(known.getFirst() + window - now));
            }
        });
    }

    @Test
    void keysThatNobodyCallsByAreForgotten() {
        AtomicLong clock = new AtomicLong();
        InMemoryRateLimits limits = new InMemoryRateLimits(clock::get);
        RateLimit limit = RateLimit.perMinute("minute", 3);
        for (int i = 0; i < 10_000; i++) {
            limits.take("key " + i, limit);
        }
        assertThat(limits.size()).isEqualTo(10_000);
        clock.addAndGet(Duration.ofSeconds(59).toNanos());
        limits.take("key 0", limit);
        assertThat(limits.size()).isEqualTo(10_000);
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(limits.size()).isEqualTo(1);
        assertThat(limits.take("key 0", limit).left()).isEqualTo(1);
    }

    @Test
    void refusedCallsDoNotKeepAKeyAlive() {
        AtomicLong clock = new AtomicLong();
        InMemoryRateLimits limits = new InMemoryRateLimits(clock::get);
        RateLimit limit = RateLimit.perMinute("minute", 1);
        limits.take("key", limit);
        clock.addAndGet(Duration.ofSeconds(40).toNanos());
        assertThat(limits.take("key", limit).granted()).isFalse();
        clock.addAndGet(Duration.ofSeconds(21).toNanos());
        assertThat(limits.size()).isZero();
    }

    @Test
    void thereAreNeverMoreKeysThanFit() {
        InMemoryRateLimits limits = new InMemoryRateLimits();
        RateLimit limit = RateLimit.perMinute("minute", 3);
        for (int i = 0; i < 250_000; i++) {
            limits.take("key " + i, limit);
        }
        assertThat(limits.size()).isLessThanOrEqualTo(200_000);
    }
}
