package dev.imprimatur.migrations;

import java.time.Duration;

/**
 * How long a run waits for others, and how little it makes others wait.
 *
 * <p>A statement that waits for a table's lock stops everybody who comes after it, readers included. So each waits at
 * most {@code lock}, gives up (SQLSTATE 55P03), lets the others pass for a random pause, and tries again. Statements
 * that build or drop {@code CONCURRENTLY} stop no reader or writer while they wait, and may take longer.
 *
 * @param lock {@code lock_timeout} of a statement; 2 s by default
 * @param concurrentLock {@code lock_timeout} of a {@code CONCURRENTLY} statement, which waits for every transaction
 *     older than itself; 10 minutes by default
 * @param attempts how often a step is tried when it cannot get a lock, at least 1; 10 by default
 * @param pause the longest pause after the first attempt, doubled after each up to 16 times itself; the pause taken is
 *     random, from half of it to all of it; 500 ms by default
 * @param otherRun how long to wait until somebody else's run on this database ends; 1 minute by default
 */
public record Patience(Duration lock, Duration concurrentLock, int attempts, Duration pause, Duration otherRun) {

    public static final Patience DEFAULT = new Patience(
            Duration.ofSeconds(2), Duration.ofMinutes(10), 10, Duration.ofMillis(500), Duration.ofMinutes(1));

    public Patience {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
        }
        if (lock.toMillis() < 1 || concurrentLock.toMillis() < 1) {
            throw new IllegalArgumentException("a lock timeout must be at least 1 ms: 0 would mean to wait for ever");
        }
        if (pause.isNegative() || otherRun.isNegative()) {
            throw new IllegalArgumentException("pauses are never negative");
        }
    }

    /** The longest pause after this attempt, counted from 1. */
    Duration pauseAfter(int attempt) {
        return pause.multipliedBy(1L << Math.min(attempt - 1, 4));
    }
}
