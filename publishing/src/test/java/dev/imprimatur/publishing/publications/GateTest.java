package dev.imprimatur.publishing.publications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.approvals.Approval;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.ContentState;
import dev.imprimatur.publishing.content.DueTime;
import dev.imprimatur.publishing.content.IdempotencyKey;
import dev.imprimatur.publishing.database.Failures;
import dev.imprimatur.publishing.flags.FeatureFlags;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What must never pass, asked of the stores and of the database as the app's own role. */
class GateTest {
    private final Newsroom newsroom = new Newsroom();

    @AfterEach
    void close() {
        newsroom.close();
    }

    @Test
    void contentGoesFromDraftThroughReviewToApproved() {
        Content content = newsroom.draft(newsroom.olga, "text", null);
        assertThat(content.state()).isEqualTo(ContentState.DRAFT);
        assertThat(newsroom.submissions
                        .submit(newsroom.olga, content.id(), null)
                        .state())
                .isEqualTo(ContentState.IN_REVIEW);

        newsroom.approve(newsroom.anna, content);

        assertThat(newsroom.drafts.get(content.id()).state()).isEqualTo(ContentState.APPROVED);
        assertThat(newsroom.audited(content.id()))
                .containsExactly("content.created", "content.submitted", "approval.decided", "content.approved");
    }

    @Test
    void theAuthorCannotApprove() {
        Content content = newsroom.submitted(newsroom.both, "text");
        refused(ErrorCode.FOUR_EYES, () -> newsroom.approve(newsroom.both, content));
    }

    @Test
    void theLastEditorCannotApprove() {
        Content content = newsroom.edit(newsroom.both, newsroom.draft(newsroom.olga, "text", null), "other text");
        newsroom.submissions.submit(newsroom.olga, content.id(), null);
        refused(ErrorCode.FOUR_EYES, () -> newsroom.approve(newsroom.both, content));
    }

    @Test
    void theSubmitterCannotApprove() {
        Content content = newsroom.draft(newsroom.olga, "text", null);
        newsroom.submissions.submit(newsroom.both, content.id(), null);
        refused(ErrorCode.FOUR_EYES, () -> newsroom.approve(newsroom.both, content));
    }

    @Test
    void aPersonWithoutTheRoleCannotApproveEvenBySql() {
        Content content = newsroom.submitted(newsroom.both, "text");
        refused(ErrorCode.FORBIDDEN, () -> newsroom.approve(newsroom.olga, content));
    }

    @Test
    void otherBytesThanTheRenditionsCannotBeApproved() {
        Content content = newsroom.submitted(newsroom.olga, "text");
        Approval.Word word = new Approval.Word(
                content.id(),
                1,
                Approval.Decision.APPROVED,
                List.of(new Approval.Bytes("paper", "0".repeat(64))),
                null,
                null,
                null);
        refused(ErrorCode.RENDITIONS_DIFFER, () -> newsroom.approvals.decide(newsroom.anna, word));
    }

    @Test
    void anOlderRevisionCannotBeApproved() {
        Content content = newsroom.submitted(newsroom.olga, "text");
        Approval.Word word = newsroom.word(content, Approval.Decision.APPROVED);
        Content edited = newsroom.edit(newsroom.olga, content, "other text");
        newsroom.submissions.submit(newsroom.olga, edited.id(), null);
        refused(ErrorCode.STALE_REVISION, () -> newsroom.approvals.decide(newsroom.anna, word));
    }

    @Test
    void oneCannotApproveTwice() {
        Content content = newsroom.approved("text");
        refused(ErrorCode.ALREADY_DECIDED, () -> newsroom.approve(newsroom.anna, content));
    }

    @Test
    void askingForChangesSendsItBackAndItCanComeAgain() {
        Content content = newsroom.submitted(newsroom.olga, "text");
        newsroom.approvals.decide(newsroom.anna, newsroom.word(content, Approval.Decision.CHANGES_REQUESTED));
        assertThat(newsroom.drafts.get(content.id()).state()).isEqualTo(ContentState.CHANGES_REQUESTED);

        newsroom.submissions.submit(newsroom.olga, content.id(), null);
        newsroom.approve(newsroom.anna, content);
        assertThat(newsroom.drafts.get(content.id()).state()).isEqualTo(ContentState.APPROVED);
    }

    @Test
    void twoApprovalsAreNeededWhereTheOutletAsksForTwo() {
        newsroom.database
                .superuser()
                .useHandle(handle -> handle.execute("UPDATE outlet_feature_flags SET required_approvals = 2"));
        Content content = newsroom.approved("text");
        assertThat(content.state()).isEqualTo(ContentState.IN_REVIEW);
        refused(ErrorCode.NOT_APPROVED, () -> newsroom.schedule(content));

        newsroom.approve(newsroom.both, content);
        assertThat(newsroom.schedule(content).state()).isEqualTo(Publication.State.SCHEDULED);
    }

    @Test
    void whatIsNotApprovedCannotBeScheduled() {
        refused(ErrorCode.NOT_APPROVED, () -> newsroom.schedule(newsroom.draft(newsroom.olga, "text", null)));
        refused(ErrorCode.NOT_APPROVED, () -> newsroom.schedule(newsroom.submitted(newsroom.olga, "text")));
    }

    @Test
    void anEditAfterApprovalTakesTheApprovalWithIt() {
        Content content = newsroom.approved("text");
        newsroom.edit(newsroom.olga, content, "other text");
        refused(ErrorCode.NOT_APPROVED, () -> newsroom.schedule(content));
        refused(
                ErrorCode.STALE_REVISION,
                () -> newsroom.publications.schedule(newsroom.olga, content.id(), "paper", content.revision(), null));
    }

    @Test
    void anEditThatChangesNothingLeavesTheApprovalAlone() {
        Content content = newsroom.approved("text");
        Content same = newsroom.edit(newsroom.both, content, "text");
        assertThat(same.state()).isEqualTo(ContentState.APPROVED);
        assertThat(same.revision()).isEqualTo(1);
        assertThat(same.lastEditor()).isEqualTo(content.lastEditor());
    }

    @Test
    void anEditHoldsWhatIsScheduledInTheSameTransaction() {
        Content content = newsroom.approved("text");
        Publication publication = newsroom.schedule(content);
        newsroom.edit(newsroom.olga, content, "other text");

        assertThat(newsroom.publications.get(publication.id()).heldReason()).isEqualTo(Publication.HeldReason.EDITED);
        assertThat(newsroom.audited(publication.id())).containsExactly("publication.scheduled", "publication.held");
        refused(ErrorCode.NOT_APPROVED, () -> newsroom.publications.release(newsroom.olga, publication.id()));
    }

    @Test
    void aWithdrawnYesHoldsWhatIsScheduled() {
        Content content = newsroom.submitted(newsroom.olga, "text");
        Approval approval = newsroom.approve(newsroom.anna, content);
        Publication publication = newsroom.schedule(content);
        newsroom.approvals.withdraw(newsroom.anna, approval.id());

        assertThat(newsroom.drafts.get(content.id()).state()).isEqualTo(ContentState.IN_REVIEW);
        assertThat(newsroom.publications.get(publication.id()).heldReason())
                .isEqualTo(Publication.HeldReason.APPROVAL_WITHDRAWN);
    }

    @Test
    void theSameRevisionGoesToAnOutletOnce() {
        Content content = newsroom.approved("text");
        newsroom.schedule(content);
        refused(ErrorCode.ALREADY_PUBLISHED, () -> newsroom.schedule(content));
    }

    @Test
    void aTimeOutsideTheWindowIsRefused() {
        Content content = newsroom.approved("text");
        DueTime late = DueTime.at(Instant.now().plus(Duration.ofHours(25)), ZoneOffset.UTC);
        refused(
                ErrorCode.OUTSIDE_WINDOW,
                () -> newsroom.publications.schedule(newsroom.olga, content.id(), "paper", null, late));
    }

    @Test
    void reschedulingInsideTheWindowKeepsTheApprovalAndOutsideIsRefused() {
        Content content = newsroom.approved("text");
        DueTime soon = DueTime.at(Instant.now().plus(Duration.ofHours(2)), ZoneOffset.UTC);
        Publication publication = newsroom.publications.schedule(newsroom.olga, content.id(), "paper", null, soon);
        DueTime later = DueTime.at(Instant.now().plus(Duration.ofHours(3)), ZoneOffset.UTC);
        assertThat(newsroom.publications
                        .reschedule(newsroom.olga, publication.id(), later)
                        .state())
                .isEqualTo(Publication.State.SCHEDULED);
        DueTime late = DueTime.at(Instant.now().plus(Duration.ofHours(25)), ZoneOffset.UTC);
        refused(
                ErrorCode.OUTSIDE_WINDOW,
                () -> newsroom.publications.reschedule(newsroom.olga, publication.id(), late));
    }

    @Test
    void whereTheOutletIsOffItIsAcceptedAsHeld() {
        newsroom.flags.set(newsroom.olga, "paper", FeatureFlags.Mode.OFF, "not today");
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        assertThat(publication.state()).isEqualTo(Publication.State.HELD);
        assertThat(publication.heldReason()).isEqualTo(Publication.HeldReason.OUTLET_OFF);
    }

    @Test
    void theGlobalStopHoldsEverything() {
        newsroom.flags.set(newsroom.olga, new FeatureFlags.GlobalStopRequest(true, "fire"));
        assertThat(newsroom.schedule(newsroom.approved("text")).heldReason())
                .isEqualTo(Publication.HeldReason.GLOBAL_STOP);
    }

    @Test
    void theSameKeyMakesTheSameContentOnceAndOtherContentNever() {
        IdempotencyKey key = new IdempotencyKey("k-1");
        Content.Plan plan = new Content.Plan(List.of("paper"), null);
        Content.Created first = newsroom.drafts.create(newsroom.olga, Newsroom.manuscript("text"), plan, key);
        Content.Created second = newsroom.drafts.create(newsroom.olga, Newsroom.manuscript("text"), plan, key);
        assertThat(second.replayed()).isTrue();
        assertThat(second.content()).isEqualTo(first.content());
        refused(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                () -> newsroom.drafts.create(newsroom.olga, Newsroom.manuscript("other"), plan, key));
    }

    static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).satisfies(failure -> {
            RefusedException refused = Failures.of(failure);
            assertThat(refused.code()).as(refused.detail()).isEqualTo(code);
        });
    }
}
