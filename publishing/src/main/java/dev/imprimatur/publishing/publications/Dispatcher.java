package dev.imprimatur.publishing.publications;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.Failures;
import dev.imprimatur.publishing.outlets.Delivery;
import dev.imprimatur.publishing.outlets.Outlet;
import dev.imprimatur.publishing.outlets.Outlets;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due. Per publication: claim, wire mark, the outlet's own request outside any transaction, outcome. A
 * process may die anywhere in between, and what happens then depends on what the outlet can do, not on hope.
 */
public final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int AT_ONCE = 16;
    private static final Duration LONGEST_NAP = Duration.ofSeconds(1);
    private static final Duration AFTER_UNKNOWN = Duration.ofSeconds(2);
    private static final Duration AFTER_SWITCH_OR_CRASH = Duration.ofSeconds(1);
    /** The proof of the wire mark speaks for this long; a process that slept past it must prove again. */
    private static final Duration MARK_IS_FRESH = Duration.ofSeconds(1);

    private final Claims claims;
    private final Outlets outlets;
    private final List<String> repeatable;
    private final Semaphore wake = new Semaphore(0);
    private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread loop;
    private volatile boolean closing;

    /**
     * @param name who claims, as it stands in the attempts
     * @param lease how long a claim is valid; longer than any outlet's longest request
     */
    public Dispatcher(Jdbi jdbi, Outlets outlets, String name, Duration lease) {
        this.claims = new Claims(jdbi, name, lease);
        this.outlets = outlets;
        this.repeatable = outlets.names().stream()
                .filter(outlet -> outlets.named(outlet).afterUnknown() == Outlet.AfterUnknown.REPEAT)
                .toList();
        this.loop = Thread.ofPlatform().name("dispatcher").daemon().unstarted(this::run);
    }

    /**
     * Begins to send.
     *
     * @param alone whether no other dispatcher can be at work on this database, so that every open claim is a dead one
     */
    public void start(Alone alone) {
        if (alone == Alone.YES) {
            claims.recover(repeatable, true);
        }
        loop.start();
    }

    public enum Alone {
        YES,
        NO
    }

    /** Something may have become due. */
    public void wake() {
        wake.release();
    }

    /** Claims nothing more, and waits for what is on its way. */
    @Override
    public void close() {
        closing = true;
        wake();
        try {
            if (loop.isAlive()) {
                loop.join(Duration.ofSeconds(10));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deliveries.close();
    }

    private void run() {
        while (!closing) {
            Duration nap = LONGEST_NAP;
            try {
                claims.recover(repeatable, false);
                List<Claims.Claim> claimed = claims.claim(AT_ONCE);
                if (!claimed.isEmpty()) {
                    deliver(claimed);
                    continue;
                }
                nap = claims.untilNext()
                        .filter(wait -> wait.compareTo(LONGEST_NAP) < 0)
                        .orElse(LONGEST_NAP);
            } catch (RuntimeException e) {
                LOG.warn(
                        "the queue cannot be read, trying again: {}",
                        Failures.of(e).detail());
            }
            sleep(nap);
        }
    }

    private void deliver(List<Claims.Claim> claimed) {
        var running = claimed.stream()
                .map(claim -> deliveries.submit(() -> deliver(claim)))
                .toList();
        for (var delivery : running) {
            try {
                delivery.get();
            } catch (ExecutionException e) {
                LOG.error("a delivery broke off; its lease will run out and it will be taken up again", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void deliver(Claims.Claim claim) {
        Claims.Ending ending = attempt(claim);
        if (ending != null) {
            claims.finish(claim, ending);
        }
    }

    private Claims.@Nullable Ending attempt(Claims.Claim claim) {
        if (claim.switchedOff() != null) {
            Publication.HeldReason reason = Publication.HeldReason.of(claim.switchedOff());
            return Claims.Ending.held(reason == Publication.HeldReason.DRY_RUN ? "dry_run" : "stopped", reason);
        }
        long marked = System.nanoTime();
        try {
            claims.markWire(claim);
        } catch (RuntimeException e) {
            return refusedMark(claim, Failures.of(e));
        }
        if (System.nanoTime() - marked > MARK_IS_FRESH.toNanos()) {
            return Claims.Ending.retried("stopped", "the proof grew old before it was used", Duration.ZERO);
        }
        Outlet outlet = outlets.named(claim.outlet());
        return ending(outlet, send(outlet, claim));
    }

    private static Delivery send(Outlet outlet, Claims.Claim claim) {
        try {
            return outlet.deliver(claim.post());
        } catch (RuntimeException e) {
            LOG.warn("{} broke while sending {}", outlet.name(), claim.publication(), e);
            return new Delivery.Unknown(Failures.of(e).detail());
        }
    }

    private static Claims.Ending ending(Outlet outlet, Delivery delivery) {
        return switch (delivery) {
            case Delivery.Accepted(String externalId, @Nullable URI url) ->
                new Claims.Ending(
                        "accepted",
                        null,
                        Publication.State.PUBLISHED,
                        null,
                        null,
                        externalId,
                        url == null ? null : url.toString());
            case Delivery.Deferred(Duration wait, String why) -> Claims.Ending.retried("deferred", why, wait);
            case Delivery.Refused(String why) -> Claims.Ending.of("refused", why, Publication.State.FAILED);
            case Delivery.Unknown(String why) ->
                switch (outlet.afterUnknown()) {
                    case REPEAT -> Claims.Ending.retried("unknown", why, AFTER_UNKNOWN);
                    case ASK -> Claims.Ending.of("unknown", why, Publication.State.UNCERTAIN);
                };
        };
    }

    /** Nothing was sent. Null when this attempt is not ours to finish any more, or the database cannot be asked. */
    private static Claims.@Nullable Ending refusedMark(Claims.Claim claim, RefusedException refused) {
        return switch (refused.code()) {
            case LEASE_LOST, DATABASE_UNAVAILABLE -> {
                LOG.warn("{} was not sent: {}", claim.publication(), refused.detail());
                yield null;
            }
            case SWITCHED_OFF, BUSY -> Claims.Ending.retried("stopped", refused.detail(), AFTER_SWITCH_OR_CRASH);
            case OUTSIDE_WINDOW -> Claims.Ending.held("stopped", Publication.HeldReason.LATE);
            case NOT_APPROVED, RENDITIONS_DIFFER -> Claims.Ending.held("stopped", Publication.HeldReason.NOT_APPROVED);
            default -> throw refused;
        };
    }

    private void sleep(Duration nap) {
        try {
            if (wake.tryAcquire(nap.toNanos(), TimeUnit.NANOSECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closing = true;
        }
    }
}
