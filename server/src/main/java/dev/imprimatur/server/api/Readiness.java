package dev.imprimatur.server.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether requests can be served right now. However many ask, it is looked into once a second at most, and who asks has
 * an answer within two seconds.
 */
public final class Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private record Look(long begun, CompletableFuture<Void> end) {
        boolean isOutdated(long now) {
            return end.isDone() && now - begun > FRESH.toNanos();
        }
    }

    private final Runnable check;
    private final AtomicReference<Look> last;
    private final AtomicReference<Boolean> told = new AtomicReference<>(true);

    /** @param check throws unless all is well; may take its time */
    public Readiness(Runnable check) {
        this.check = check;
        this.last = new AtomicReference<>(
                new Look(System.nanoTime() - 2 * FRESH.toNanos(), CompletableFuture.completedFuture(null)));
    }

    boolean isReady() {
        Look look = look();
        try {
            look.end().get(look.begun() + PATIENCE.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
            tell(true, "");
            return true;
        } catch (ExecutionException e) {
            tell(false, String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            tell(false, "no answer within " + PATIENCE.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private Look look() {
        long now = System.nanoTime();
        Look known = last.get();
        if (!known.isOutdated(now)) {
            return known;
        }
        Look mine = new Look(now, new CompletableFuture<>());
        if (!last.compareAndSet(known, mine)) {
            return last.get();
        }
        Thread.ofVirtual().name("readiness").start(() -> {
            try {
                check.run();
                mine.end().complete(null);
            } catch (RuntimeException e) {
                mine.end().completeExceptionally(e);
            }
        });
        return mine;
    }

    private void tell(boolean ready, String why) {
        if (told.getAndSet(ready) != ready) {
            if (ready) {
                LOG.info("ready again");
            } else {
                LOG.warn("not ready: {}", why);
            }
        }
    }
}
