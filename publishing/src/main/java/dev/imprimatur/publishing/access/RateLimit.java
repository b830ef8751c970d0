package dev.imprimatur.publishing.access;

import java.time.Duration;

/**
 * So many calls in any span of this length, its first instant counted and its last not.
 *
 * @param policy the name that answers carry; part of what is counted together
 * @param calls at least one
 * @param window at least a millisecond
 */
public record RateLimit(String policy, int calls, Duration window) {
    public RateLimit {
        if (calls < 1 || window.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("a rate limit needs a call and a millisecond at least");
        }
    }

    /** What most answers of this policy are held to. */
    public static RateLimit perMinute(String policy, int calls) {
        return new RateLimit(policy, calls, Duration.ofMinutes(1));
    }
}
