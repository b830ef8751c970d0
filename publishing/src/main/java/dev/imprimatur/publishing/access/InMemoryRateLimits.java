package dev.imprimatur.publishing.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Counts in this process alone, by its monotonic clock. A key is forgotten a window after its last granted call; should
 * there ever be more live ones than fit, those that are used least go first.
 */
public final class InMemoryRateLimits implements RateLimitStore {
    private static final long MOST_KEYS = 200_000;

    private final LongSupplier clock;
    private final long started;
    private final Instant start = Instant.now();
    private final Cache<Key, Log> logs;

    public InMemoryRateLimits() {
        this(System::nanoTime);
    }

    /** @param clock nanoseconds since some instant, never going back */
    InMemoryRateLimits(LongSupplier clock) {
        this.clock = clock;
        this.started = clock.getAsLong();
        this.logs = Caffeine.newBuilder()
                .maximumSize(MOST_KEYS)
                .ticker(clock::getAsLong)
                .expireAfter(new WhenNothingCounts())
                .build();
    }

    private record Key(String key, RateLimit limit) {}

    @Override
    public Allowance take(String key, RateLimit limit) {
        AtomicReference<Allowance> answer = new AtomicReference<>();
        // One key's calls come here one after the other, so that time does not run backwards in its log.
        logs.asMap().compute(new Key(key, limit), (k, known) -> {
            Log log = known == null ? new Log() : known;
            answer.setPlain(allowance(log, limit));
            return log;
        });
        return answer.getPlain();
    }

    private Allowance allowance(Log log, RateLimit limit) {
        long window = limit.window().toNanos();
        long now = clock.getAsLong();
        log.forget(now - window);
        boolean granted = log.size < limit.calls();
        if (granted) {
            log.add(now, limit.calls());
        }
        return new Allowance(
                granted,
                limit.calls() - log.size,
                Duration.ofNanos(log.oldest() + window - now),
                start.plusNanos(now - started));
    }

    /** How many keys are remembered. */
    long size() {
        logs.cleanUp();
        return logs.estimatedSize();
    }

    /** When the calls that count were granted: a ring that grows up to the limit. */
    private static final class Log {
        private long[] granted = new long[1];
        private int first;
        private int size;

        long oldest() {
            return granted[first];
        }

        long newest() {
            return granted[(first + size - 1) % granted.length];
        }

        void forget(long upTo) {
            while (size > 0 && oldest() - upTo <= 0) {
                first = (first + 1) % granted.length;
                size--;
            }
        }

        void add(long now, int most) {
            if (size == granted.length) {
                long[] larger = new long[(int) Math.min(2L * size, most)];
                int tail = size - first;
                System.arraycopy(granted, first, larger, 0, tail);
                System.arraycopy(granted, 0, larger, tail, first);
                granted = larger;
                first = 0;
            }
            granted[(first + size) % granted.length] = now;
            size++;
        }
    }

    /** Reckoned from the last granted call, and not from when the cache was told of it. */
    private static final class WhenNothingCounts implements Expiry<Key, Log> {
        @Override
        public long expireAfterCreate(Key key, Log log, long now) {
            return log.newest() + key.limit().window().toNanos() - now;
        }

        @Override
        public long expireAfterUpdate(Key key, Log log, long now, long left) {
            return expireAfterCreate(key, log, now);
        }

        @Override
        public long expireAfterRead(Key key, Log log, long now, long left) {
            return left;
        }
    }
}
