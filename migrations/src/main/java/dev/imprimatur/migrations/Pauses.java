package dev.imprimatur.migrations;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waiting that can be interrupted. */
final class Pauses {

    private Pauses() {}

    /** A random duration from half of {@code longest} to all of it: runs that collide part again. */
    static Duration jittered(Duration longest) {
        long nanos = longest.toNanos();
        return nanos < 2
                ? longest
                : Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos));
    }

    static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MigrationException(
                    MigrationException.Reason.STOPPED, "The run was stopped while it waited for others.", e);
        }
    }
}
