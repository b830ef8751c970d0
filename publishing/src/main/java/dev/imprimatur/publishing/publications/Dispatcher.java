package dev.imprimatur.publishing.publications;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.Failures;
import dev.imprimatur.publishing.outlets.Delivery;
import dev.imprimatur.publishing.outlets.Outlet;
import dev.imprimatur.publishing.outlets.Outlets;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    private static final int WRITES_OF_AN_OUTCOME = 10;
    private static final Duration BETWEEN_WRITES = Duration.ofMillis(500);
    private static final Duration AFTER_A_SURPRISE = Duration.ofSeconds(30);
    private static final Duration LONGEST_NAP = Duration.ofSeconds(1);
    private static final Duration AFTER_UNKNOWN = Duration.ofSeconds(2);
    private static final Duration AFTER_SWITCH_OR_CRASH = Duration.ofSeconds(1);
    /** The proof of the wire mark speaks for this long; a process that slept past it must prove again. */
    private static final Duration MARK_IS_FRESH = Duration.ofSeconds(1);

    private final Claims claims;
    private final Outlets outlets;
    private final List<String> repeatable;
    private final Semaphore wake = new Semaphore(0);
    private final Semaphore hands = new Semaphore(AT_ONCE);
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
                int free = hands.availablePermits();
                List<Claims.Claim> claimed = free == 0 ? List.of() : claims.claim(free);
                claimed.forEach(this::begin);
                if (!claimed.isEmpty()) {
                    continue;
                }
                nap = claims.untilNext()
                        .filter(wait -> free > 0 && wait.compareTo(LONGEST_NAP) < 0)
                        .orElse(LONGEST_NAP);
            } catch (RuntimeException e) {
                LOG.warn(
                        "the queue cannot be read, trying again: {}",
                        Failures.of(e).detail());
            }
            sleep(nap);
        }
    }

    /** Delivers on a thread of its own, so that a slow outlet keeps nobody else waiting. */
    private void begin(Claims.Claim claim) {
        hands.acquireUninterruptibly();
        deliveries.execute(() -> {
            try {
                Claims.Ending ending = attempt(claim);
                if (ending != null) {
                    finish(claim, ending);
                }
            } catch (RuntimeException e) {
                LOG.error("{} broke off; its lease will run out and it will be taken up again", claim.publication(), e);
            } finally {
                hands.release();
                wake();
            }
        });
    }

    /** An answer that was had is not thrown away because the database was out of reach for a moment. */
    private void finish(Claims.Claim claim, Claims.Ending ending) {
        for (int failed = 0; ; failed++) {
            try {
                claims.finish(claim, ending);
                return;
            } catch (RuntimeException e) {
                if (failed == WRITES_OF_AN_OUTCOME) {
                    throw e;
                }
                LOG.warn(
                        "the outcome of {} is not written yet: {}",
                        claim.publication(),
                        Failures.of(e).detail());
                LockSupport.parkNanos(BETWEEN_WRITES.toNanos());
            }
        }
    }

    private Claims.@Nullable Ending attempt(Claims.Claim claim) {
        if (!outlets.names().contains(claim.outlet())) {
            return Claims.Ending.held("stopped", Publication.HeldReason.NO_SUCH_OUTLET);
        }
        boolean dryRun = "dry_run".equals(claim.switchedOff());
        if (claim.switchedOff() != null && !dryRun) {
            return Claims.Ending.held("stopped", Publication.HeldReason.of(claim.switchedOff()));
        }
        long marked = System.nanoTime();
        long onTheWall = System.currentTimeMillis();
        try {
            if (dryRun) {
                claims.prove(claim);
                return Claims.Ending.held("dry_run", Publication.HeldReason.DRY_RUN);
            }
            claims.markWire(claim);
        } catch (RuntimeException e) {
            return refusedMark(claim, Failures.of(e));
        }
        // Both clocks: one stands still while a machine sleeps, the other can be set.
        long age = Math.max((System.nanoTime() - marked) / 1_000_000, Math.abs(System.currentTimeMillis() - onTheWall));
        if (age > MARK_IS_FRESH.toMillis()) {
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
            case LEASE_LOST, APPEND_ONLY -> {
                LOG.warn("{} was not sent: {}", claim.publication(), refused.detail());
                yield null;
            }
            case SWITCHED_OFF, BUSY, DATABASE_UNAVAILABLE ->
                Claims.Ending.retried("stopped", refused.detail(), AFTER_SWITCH_OR_CRASH);
            case OUTSIDE_WINDOW -> Claims.Ending.held("stopped", Publication.HeldReason.LATE);
            case NOT_APPROVED, RENDITIONS_DIFFER -> Claims.Ending.held("stopped", Publication.HeldReason.NOT_APPROVED);
            default -> {
                LOG.error("{} was not sent", claim.publication(), refused);
                yield Claims.Ending.retried("stopped", refused.detail(), AFTER_A_SURPRISE);
            }
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
