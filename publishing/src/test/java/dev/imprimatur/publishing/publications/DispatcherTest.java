package dev.imprimatur.publishing.publications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.flags.FeatureFlags;
import dev.imprimatur.publishing.outlets.Delivery;
import dev.imprimatur.publishing.outlets.Outlet.AfterUnknown;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Once, on time, and what became of it is told: against a real database, with an outlet whose answers are chosen. */
class DispatcherTest {
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final Newsroom newsroom = new Newsroom();
    private final Dispatcher dispatcher = new Dispatcher(newsroom.jdbi, newsroom.outlets, "test", LEASE);

    @AfterEach
    void close() {
        dispatcher.close();
        newsroom.close();
    }

    @Test
    void whatIsApprovedIsSentOnceWithExactlyTheApprovedBytes() {
        newsroom.paper.answer = post -> new Delivery.Accepted("no. 1", URI.create("https://paper.example/1"));
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        dispatcher.start(Dispatcher.Alone.NO);

        Publication published = await(publication.id(), Publication.State.PUBLISHED);
        assertThat(published.externalId()).isEqualTo("no. 1");
        assertThat(published.url()).isEqualTo("https://paper.example/1");
        assertThat(newsroom.paper.printed).singleElement().satisfies(post -> {
            assertThat(post.payload()).isEqualTo("A title\ntext");
            assertThat(post.key()).isEqualTo(publication.id());
        });
        assertThat(newsroom.audited(publication.id()))
                .containsExactly("publication.scheduled", "publication.sending", "publication.published");
    }

    @Test
    void aRefusalIsAFailureAndADeferralIsTriedAgain() {
        CountDownLatch tries = new CountDownLatch(3);
        newsroom.paper.answer = post -> {
            tries.countDown();
            return tries.getCount() > 0
                    ? new Delivery.Deferred(Duration.ofMillis(1), "busy")
                    : new Delivery.Refused("no");
        };
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        dispatcher.start(Dispatcher.Alone.NO);

        await(publication.id(), Publication.State.FAILED);
        assertThat(newsroom.publications.attempts(publication.id()))
                .extracting(Publication.Attempt::outcome)
                .containsExactly("deferred", "deferred", "refused");
    }

    @Test
    void anUnknownOutcomeIsAskedAboutAndNeverSentAgainWhereRepeatingIsNotHarmless() {
        newsroom.paper.answer = post -> {
            throw new IllegalStateException("the connection broke after the request");
        };
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        dispatcher.start(Dispatcher.Alone.NO);

        await(publication.id(), Publication.State.UNCERTAIN);
        assertThat(newsroom.paper.printed).hasSize(1);
    }

    @Test
    void anUnknownOutcomeIsRepeatedWhereThatIsHarmlessAndIsUncertainWhenEditedMeanwhile() {
        newsroom.paper.afterUnknown = AfterUnknown.REPEAT;
        Content content = newsroom.approved("text");
        Publication publication = newsroom.schedule(content);
        newsroom.paper.answer = post -> new Delivery.Unknown("no answer");
        Dispatcher first = new Dispatcher(newsroom.jdbi, newsroom.outlets, "first", LEASE);
        first.start(Dispatcher.Alone.NO);
        await(
                publication.id(),
                Publication.State.SCHEDULED,
                () -> newsroom.publications.attempts(publication.id()).size() == 1
                        && newsroom.publications
                                        .attempts(publication.id())
                                        .getFirst()
                                        .outcome()
                                != null);
        first.close();

        newsroom.edit(newsroom.olga, content, "other text");
        assertThat(newsroom.publications.get(publication.id()).state()).isEqualTo(Publication.State.UNCERTAIN);
    }

    @Test
    void aRefusalAfterAnUnknownOutcomeIsNoProofThatNothingArrived() {
        newsroom.paper.afterUnknown = AfterUnknown.REPEAT;
        newsroom.paper.answer = post ->
                newsroom.paper.printed.size() == 1 ? new Delivery.Unknown("no answer") : new Delivery.Refused("no");
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        Dispatcher first = new Dispatcher(newsroom.jdbi, newsroom.outlets, "first", LEASE);
        try (first) {
            first.start(Dispatcher.Alone.NO);
            await(publication.id(), Publication.State.UNCERTAIN);
        }
        assertThat(newsroom.publications.attempts(publication.id()))
                .extracting(Publication.Attempt::outcome)
                .containsExactly("unknown", "refused");
    }

    @Test
    void whatADeadDispatcherHadNotMarkedIsSentAndWhatItHadMarkedIsAskedAbout() {
        Publication unmarked = newsroom.schedule(newsroom.approved("unmarked"));
        Publication marked = newsroom.schedule(newsroom.approved("marked"));
        Claims dead = new Claims(newsroom.jdbi, "dead", Duration.ofMillis(1));
        Claims living = new Claims(newsroom.jdbi, "dead too", LEASE);
        for (Claims.Claim claim : living.claim(2)) {
            if (claim.publication().equals(marked.id())) {
                living.markWire(claim);
            }
        }
        assertThat(dead.claim(2)).isEmpty();

        dispatcher.start(Dispatcher.Alone.YES);

        await(unmarked.id(), Publication.State.PUBLISHED);
        await(marked.id(), Publication.State.UNCERTAIN);
        assertThat(newsroom.paper.printed)
                .singleElement()
                .satisfies(post -> assertThat(post.key()).isEqualTo(unmarked.id()));
    }

    @Test
    void whoLostTheLeaseReachesNeitherTheWireNorTheRecord() {
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        Claims slow = new Claims(newsroom.jdbi, "slow", Duration.ZERO);
        Claims.Claim lost = slow.claim(1).getFirst();
        slow.recover(List.of(), false);
        Claims.Claim taken = new Claims(newsroom.jdbi, "other", LEASE).claim(1).getFirst();

        assertThat(taken.fence()).isGreaterThan(lost.fence());
        assertThatThrownBy(() -> slow.markWire(lost)).isNotNull();
        slow.finish(lost, Claims.Ending.of("refused", "too late", Publication.State.FAILED));
        assertThat(newsroom.publications.get(publication.id()).state()).isEqualTo(Publication.State.SENDING);
    }

    @Test
    void aSwitchBetweenClaimAndWireMarkStopsIt() {
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        Claims claims = new Claims(newsroom.jdbi, "test", LEASE);
        Claims.Claim claim = claims.claim(1).getFirst();
        newsroom.flags.set(newsroom.olga, "paper", FeatureFlags.Mode.OFF, null);
        assertThatThrownBy(() -> claims.markWire(claim)).hasMessageContaining("switched off");
        assertThat(newsroom.publications.attempts(publication.id()).getFirst().wireAt())
                .isNull();
    }

    @Test
    void dryRunGoesAsFarAsTheWireAndHolds() {
        newsroom.flags.set(newsroom.anna, "paper", FeatureFlags.Mode.DRY_RUN, null);
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        dispatcher.start(Dispatcher.Alone.NO);

        assertThat(await(publication.id(), Publication.State.HELD).heldReason())
                .isEqualTo(Publication.HeldReason.DRY_RUN);
        assertThat(newsroom.paper.printed).isEmpty();

        newsroom.flags.set(newsroom.anna, "paper", FeatureFlags.Mode.LIVE, null);
        newsroom.publications.release(newsroom.olga, publication.id());
        dispatcher.wake();
        await(publication.id(), Publication.State.PUBLISHED);
    }

    @Test
    void whatFellDueWhileEverythingWasStoppedIsHeldAndNotSentLate() {
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        newsroom.flags.set(newsroom.olga, new FeatureFlags.GlobalStopRequest(true, null));
        dispatcher.start(Dispatcher.Alone.NO);
        assertThat(await(publication.id(), Publication.State.HELD).heldReason())
                .isEqualTo(Publication.HeldReason.GLOBAL_STOP);
        assertThat(newsroom.paper.printed).isEmpty();
    }

    @Test
    void whatIsLateIsHeldAndNeverSent() {
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        // Only a test can turn the clock: the superuser, past the triggers.
        newsroom.database.superuser().useHandle(handle -> handle.execute("""
                SET session_replication_role = replica;
                UPDATE approvals SET not_before = now() - interval '2 hours', not_after = now() - interval '1 hour'"""));
        dispatcher.start(Dispatcher.Alone.NO);
        assertThat(await(publication.id(), Publication.State.HELD).heldReason()).isEqualTo(Publication.HeldReason.LATE);
        assertThat(newsroom.paper.printed).isEmpty();
    }

    @Test
    void twoDispatchersSendEachPublicationOnce() {
        try (Dispatcher other = new Dispatcher(newsroom.jdbi, newsroom.outlets, "other", LEASE)) {
            other.start(Dispatcher.Alone.NO);
            dispatcher.start(Dispatcher.Alone.NO);
            var publications = IntStream.range(0, 20)
                    .mapToObj(i -> newsroom.schedule(newsroom.approved("text " + i)))
                    .toList();
            publications.forEach(publication -> await(publication.id(), Publication.State.PUBLISHED));
        }
        assertThat(newsroom.paper.printed).hasSize(20).doesNotHaveDuplicates();
    }

    private Publication await(UUID id, Publication.State state) {
        return await(id, state, () -> true);
    }

    private Publication await(UUID id, Publication.State state, BooleanSupplier and) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        Publication publication = newsroom.publications.get(id);
        while (publication.state() != state || !and.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s is still %s", id, publication).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            publication = newsroom.publications.get(id);
        }
        return publication;
    }
}
