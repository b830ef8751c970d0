package dev.imprimatur.publishing.access;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a shared store, and counts in this process while that one is away: requests go on under a limit of the same
 * size, held by each replica for itself. What this process granted through the shared store counts here too, so going
 * over to the local count grants nobody a second helping. After a few failures in a row the shared store is left alone
 * for a while, then asked by one call at a time until it answers.
 */
public final class FallbackRateLimits implements RateLimitStore {
    private static final Logger LOG = LoggerFactory.getLogger(FallbackRateLimits.class);
    private static final int FAILURES_UNTIL_LEFT_ALONE = 3;
    private static final Duration LEFT_ALONE = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOG_LINES = Duration.ofMinutes(1);

    private final RateLimitStore shared;
    private final InMemoryRateLimits local = new InMemoryRateLimits();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong askAgain = new AtomicLong();
    private final LongAdder degraded = new LongAdder();
    private final AtomicLong sayAgain = new AtomicLong(System.nanoTime());

    public FallbackRateLimits(RateLimitStore shared) {
        this.shared = shared;
    }

    @Override
    public Allowance take(String key, RateLimit limit) {
        if (mayAsk()) {
            try {
                Allowance allowance = shared.take(key, limit);
                answered();
                if (allowance.granted()) {
                    local.take(key, limit);
                }
                return allowance;
            } catch (UnavailableException e) {
                failed(e);
            }
        }
        degraded.increment();
        return local.take(key, limit);
    }

    /** How many calls were decided by this process alone. */
    public long degraded() {
        return degraded.sum();
    }

    @Override
    public void close() {
        shared.close();
    }

    private boolean mayAsk() {
        if (failures.get() < FAILURES_UNTIL_LEFT_ALONE) {
            return true;
        }
        long now = System.nanoTime();
        long due = askAgain.get();
        return now - due >= 0 && askAgain.compareAndSet(due, now + LEFT_ALONE.toNanos());
    }

    private void answered() {
        if (failures.get() > 0 && failures.getAndSet(0) >= FAILURES_UNTIL_LEFT_ALONE) {
            LOG.info("rate limits are shared again; {} calls so far were counted by this process alone", degraded());
        }
    }

    private void failed(UnavailableException e) {
        long now = System.nanoTime();
        if (failures.incrementAndGet() == FAILURES_UNTIL_LEFT_ALONE) {
            askAgain.set(now + LEFT_ALONE.toNanos());
        }
        long due = sayAgain.get();
        if (now - due >= 0 && sayAgain.compareAndSet(due, now + BETWEEN_LOG_LINES.toNanos())) {
            LOG.warn(
                    "rate limits are counted by this process alone, {} calls so far: {}",
                    degraded() + 1,
                    e.getMessage());
        }
    }
}
