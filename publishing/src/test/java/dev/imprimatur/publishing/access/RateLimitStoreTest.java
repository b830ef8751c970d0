package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every store promises, asked of each of them by three clients at once. Time is read off the answers, which carry
 * the store's own clock: ours says nothing about when a call was counted.
 */
class RateLimitStoreTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RateLimit TWENTY = new RateLimit("twenty", 20, SECOND);
    private static final AtomicInteger KEYS = new AtomicInteger();

    enum Kind {
        IN_MEMORY,
        REDIS,
        REDIS_OF_A_CLUSTER,
        FALLBACK
    }

    private static TestRedis redis;
    private static TestRedis cluster;
    private static final List<RedisRateLimits> OPEN = new ArrayList<>();
    private static final RateLimitStore MEMORY = new InMemoryRateLimits();

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        cluster = TestRedis.cluster();
    }

    @AfterAll
    static void stop() {
        OPEN.forEach(RedisRateLimits::close);
        redis.close();
        cluster.close();
    }

    /** Three that share what they count, as three replicas would; each has its own connection. */
    private static List<RateLimitStore> clients(Kind kind) {
        return switch (kind) {
            case IN_MEMORY -> List.of(MEMORY, MEMORY, MEMORY);
            case REDIS -> List.of(client(redis), client(redis), client(redis));
            case REDIS_OF_A_CLUSTER -> List.of(client(cluster), client(cluster), client(cluster));
            case FALLBACK ->
                List.of(
                        new FallbackRateLimits(client(redis)),
                        new FallbackRateLimits(client(redis)),
                        new FallbackRateLimits(client(redis)));
        };
    }

    private static RedisRateLimits client(TestRedis redis) {
        RedisRateLimits client = new RedisRateLimits(redis.uri(), Duration.ofSeconds(10));
        OPEN.add(client);
        return client;
    }

    private static String key() {
        return "key " + KEYS.incrementAndGet();
    }

    @ParameterizedTest
    @EnumSource
    void twentyAreGrantedAndTheTwentyFirstIsRefused(Kind kind) {
        RateLimitStore store = clients(kind).getFirst();
        RateLimit minute = RateLimit.perMinute("minute", 20);
        String key = key();
        Allowance first = store.take(key, minute);
        assertThat(first.granted()).isTrue();
        assertThat(first.left()).isEqualTo(19);
        assertThat(first.nextIn()).isEqualTo(Duration.ofMinutes(1));
        for (int left = 18; left >= 0; left--) {
            Allowance next = store.take(key, minute);
            assertThat(next.granted()).isTrue();
            assertThat(next.left()).isEqualTo(left);
            assertThat(next.at().plus(next.nextIn())).isEqualTo(first.at().plus(minute.window()));
        }
        Allowance refused = store.take(key, minute);
        assertThat(refused.granted()).isFalse();
        assertThat(refused.left()).isZero();
        assertThat(refused.at().plus(refused.nextIn())).isEqualTo(first.at().plus(minute.window()));
    }

    @ParameterizedTest
    @EnumSource
    void refusedCallsDoNotPutOffTheNextThatIsGranted(Kind kind) {
        RateLimitStore store = clients(kind).getFirst();
        String key = key();
        Instant oldest = store.take(key, TWENTY).at();
        for (int i = 1; i < 20; i++) {
            store.take(key, TWENTY);
        }
        Allowance last = store.take(key, TWENTY);
        Allowance next = last;
        while (!next.granted()) {
            last = next;
            next = store.take(key, TWENTY);
        }
        assertThat(last.granted()).isFalse();
        assertThat(last.at()).isBefore(oldest.plus(SECOND));
        assertThat(next.at()).isAfterOrEqualTo(oldest.plus(SECOND));
    }

    @ParameterizedTest
    @EnumSource
    void keysPoliciesAndWindowsAreCountedApart(Kind kind) {
        RateLimitStore store = clients(kind).getFirst();
        RateLimit one = RateLimit.perMinute("one", 1);
        String key = key();
        assertThat(store.take(key, one).granted()).isTrue();
        assertThat(store.take(key, one).granted()).isFalse();
        assertThat(store.take(key(), one).granted()).isTrue();
        assertThat(store.take(key, RateLimit.perMinute("other", 1)).granted()).isTrue();
        assertThat(store.take(key, new RateLimit("one", 1, Duration.ofHours(1))).granted())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whateverTheCallersDoNoSpanHoldsMoreThanTwentyAndNoneIsRefusedWithoutNeed(Kind kind) throws Exception {
        List<RateLimitStore> clients = clients(kind);
        String key = key();
        List<Allowance> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Allowance>>> running = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                RateLimitStore store = clients.get(i % clients.size());
                running.add(callers.submit(() -> call(store, key)));
            }
            for (Future<List<Allowance>> caller : running) {
                answers.addAll(caller.get());
            }
        }
        assertExact(answers);
        assertThat(answers.stream().filter(Allowance::granted))
                .as("twenty in each second of them")
                .hasSizeGreaterThanOrEqualTo(60);
    }

    /** For two seconds and a half, as fast as it goes; of refused calls one in each millisecond is kept. */
    private static List<Allowance> call(RateLimitStore store, String key) {
        List<Allowance> answers = new ArrayList<>();
        Allowance last = store.take(key, TWENTY);
        Instant end = last.at().plusMillis(2500);
        Instant keep = last.at();
        while (last.at().isBefore(end)) {
            if (last.granted() || !last.at().isBefore(keep)) {
                answers.add(last);
                keep = last.at().plusMillis(1);
            }
            last = store.take(key, TWENTY);
        }
        if (last.granted()) {
            answers.add(last);
        }
        return answers;
    }

    private static void assertExact(List<Allowance> answers) {
        List<Instant> granted = answers.stream()
                .filter(Allowance::granted)
                .map(Allowance::at)
                .sorted()
                .toList();
        for (int i = 20; i < granted.size(); i++) {
            assertThat(Duration.between(granted.get(i - 20), granted.get(i)))
                    .as("from the call granted before twenty others to the last of them")
                    .isGreaterThanOrEqualTo(SECOND);
        }
        int before = 0;
        int tooOld = 0;
        for (Allowance refused : answers.stream()
                .filter(answer -> !answer.granted())
                .sorted(Comparator.comparing(Allowance::at))
                .toList()) {
            while (before < granted.size() && !granted.get(before).isAfter(refused.at())) {
                before++;
            }
            while (tooOld < before && !granted.get(tooOld).isAfter(refused.at().minus(SECOND))) {
                tooOld++;
            }
            assertThat(before - tooOld)
                    .as("calls that count when one is refused")
                    .isEqualTo(20);
            assertThat(refused.at().plus(refused.nextIn()))
                    .isEqualTo(granted.get(tooOld).plus(SECOND));
        }
    }
}
