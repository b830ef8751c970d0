package dev.imprimatur.publishing.publications;

import static dev.imprimatur.publishing.publications.GateTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.approvals.Approval;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.ContentState;
import dev.imprimatur.publishing.content.DueTime;
import dev.imprimatur.publishing.flags.FeatureFlags;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What somebody with the app's own password tries by plain SQL, and what people try between them. */
class ForgeryTest {
    private final Newsroom newsroom = new Newsroom();

    @AfterEach
    void close() {
        newsroom.close();
    }

    @Test
    void plainSqlCannotScheduleWhatIsNotApproved() {
        Content content = newsroom.submitted(newsroom.olga, "text");
        refused(ErrorCode.NOT_APPROVED, () -> sql("""
                INSERT INTO publications (id, content_id, revision, outlet, rendition_sha256, state, due_at, due_local,
                                          due_zone, scheduled_by)
                SELECT gen_random_uuid(), content_id, revision, outlet, sha256, 'scheduled', now(), now(), 'Z', :id
                FROM renditions WHERE content_id = :id""", content.id()));
    }

    @Test
    void plainSqlCannotCallContentApprovedAndScheduleIt() {
        Content content = newsroom.submitted(newsroom.olga, "text");
        sql("UPDATE content SET state = 'approved' WHERE id = :id", content.id());
        refused(ErrorCode.NOT_APPROVED, () -> newsroom.schedule(content));
    }

    @Test
    void plainSqlCannotMakeTheAuthorSomebodyElseToApprove() {
        Content content = newsroom.submitted(newsroom.both, "text");
        assertThatThrownBy(() -> sql("UPDATE content SET author = gen_random_uuid() WHERE id = :id", content.id()))
                .hasMessageContaining("permission denied");
        refused(
                ErrorCode.APPEND_ONLY,
                () -> sql("UPDATE content SET submitter = gen_random_uuid() WHERE id = :id", content.id()));
        refused(ErrorCode.FOUR_EYES, () -> newsroom.approve(newsroom.both, content));
    }

    @Test
    void aTemporaryTableCannotStandInForTheRealOne() {
        Content content = newsroom.submitted(newsroom.both, "text");
        Approval.Word word = newsroom.word(content, Approval.Decision.APPROVED);
        refused(
                ErrorCode.FOUR_EYES,
                () -> newsroom.jdbi.useTransaction(handle -> {
                    handle.execute(
                            "CREATE TEMP TABLE revisions ON COMMIT DROP AS SELECT * FROM public.revisions LIMIT 0");
                    handle.execute("CREATE TEMP TABLE content ON COMMIT DROP AS SELECT * FROM public.content");
                    handle.execute(
                            "UPDATE pg_temp.content SET author = gen_random_uuid(), submitter = gen_random_uuid()");
                    handle.createUpdate("""
                            INSERT INTO public.approvals (id, content_id, revision, decision, approver, rendition_sha256s,
                                                          not_before, not_after)
                            VALUES (gen_random_uuid(), :content, 1, 'approved', :approver,
                                    ARRAY[decode(:sha256, 'hex')], now(), now() + interval '1 hour')""")
                            .bind("content", content.id())
                            .bind("approver", newsroom.both.id())
                            .bind("sha256", word.renditions().getFirst().sha256())
                            .execute();
                }));
    }

    @Test
    void plainSqlCannotPointAPublicationAtOtherBytesOrCallItPublished() {
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        assertThatThrownBy(() ->
                        sql("UPDATE publications SET rendition_sha256 = sha256('x') WHERE id = :id", publication.id()))
                .hasMessageContaining("permission denied");
        sql(
                "UPDATE publications SET state = 'sending', fence = 1, lease_until = now() + interval '1 minute' WHERE id = :id",
                publication.id());
        refused(
                ErrorCode.WRONG_STATE,
                () -> sql(
                        "UPDATE publications SET state = 'published', published_at = now() WHERE id = :id",
                        publication.id()));
    }

    @Test
    void plainSqlCannotMarkAnAttemptForTheWireAfterAnEdit() {
        Content content = newsroom.approved("text");
        Publication publication = newsroom.schedule(content);
        sql(
                "UPDATE publications SET state = 'sending', fence = 1, lease_until = now() + interval '1 minute' WHERE id = :id",
                publication.id());
        sql("INSERT INTO attempts (publication_id, fence, claimed_by) VALUES (:id, 1, 'test')", publication.id());
        newsroom.edit(newsroom.olga, content, "other text");
        refused(
                ErrorCode.NOT_APPROVED,
                () -> sql("UPDATE attempts SET wire_at = now() WHERE publication_id = :id", publication.id()));
        assertThatThrownBy(() -> sql("""
                        INSERT INTO attempts (publication_id, fence, claimed_by, wire_at)
                        VALUES (:id, 2, 'x', now())""", publication.id())).hasMessageContaining("permission denied");
    }

    @Test
    void revisionsRenditionsAndDecisionsAreNeverChangedNotEvenByTheSuperuser() {
        newsroom.approved("text");
        for (String table :
                List.of("audit", "revisions", "renditions", "approvals", "publications", "attempts", "content")) {
            refused(
                    ErrorCode.APPEND_ONLY,
                    () -> newsroom.database
                            .superuser()
                            .useHandle(handle -> handle.execute("TRUNCATE " + table + " CASCADE")));
        }
        for (String table : List.of("audit", "revisions", "renditions", "approvals", "content")) {
            refused(
                    ErrorCode.APPEND_ONLY,
                    () -> newsroom.database.superuser().useHandle(handle -> handle.execute("DELETE FROM " + table)));
        }
        refused(
                ErrorCode.APPEND_ONLY,
                () -> newsroom.database
                        .superuser()
                        .useHandle(handle -> handle.execute("UPDATE audit SET action = 'nothing happened'")));
        refused(
                ErrorCode.APPEND_ONLY,
                () -> newsroom.database
                        .superuser()
                        .useHandle(handle -> handle.execute("UPDATE renditions SET payload = 'other'")));
        refused(
                ErrorCode.APPEND_ONLY,
                () -> newsroom.database
                        .superuser()
                        .useHandle(handle ->
                                handle.execute("UPDATE approvals SET not_after = now() + interval '9 years'")));
    }

    @Test
    void theAppsRoleMayOnlyReadAndAddToTheAudit() {
        for (String change : List.of("UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit")) {
            assertThatThrownBy(() -> newsroom.jdbi.useHandle(handle -> handle.execute(change)))
                    .as(change)
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void everyTableIsGrantedOnPurpose() {
        List<String> ungranted = newsroom.database
                .superuser()
                .withHandle(
                        handle -> handle.createQuery("""
                        SELECT relname FROM pg_class
                        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                          AND NOT has_table_privilege('imprimatur_app', oid, 'SELECT')""").mapTo(String.class).list());
        assertThat(ungranted).as("tables that db/roles.sql does not name").isEmpty();
    }

    @Test
    void plainSqlCannotPutIntoTheFeedWhatNoAttemptCarries() {
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        refused(ErrorCode.NOT_APPROVED, () -> sql("""
                INSERT INTO feed_entries (subject, key, revision, payload)
                SELECT content_id, id, revision, '{"title":"never approved"}' FROM publications WHERE id = :id""", publication.id()));
    }

    @Test
    void plainSqlCannotRewriteWhatWasPublished() {
        Publication publication = newsroom.schedule(newsroom.approved("text"));
        sending(publication);
        sql("UPDATE attempts SET wire_at = now() WHERE publication_id = :id", publication.id());
        sql(
                "UPDATE attempts SET finished_at = now(), outcome = 'refused' WHERE publication_id = :id",
                publication.id());
        refused(
                ErrorCode.WRONG_STATE,
                () -> sql(
                        "UPDATE publications SET state = 'published', published_at = now() WHERE id = :id",
                        publication.id()));
        refused(ErrorCode.APPEND_ONLY, () -> sql("UPDATE publications SET fence = 0 WHERE id = :id", publication.id()));
    }

    @Test
    void plainSqlCannotChooseTheAuditsNumbers() {
        assertThatThrownBy(() -> newsroom.jdbi.useHandle(handle -> handle.execute("""
                        INSERT INTO audit (id, action, subject_kind, subject_id) OVERRIDING SYSTEM VALUE
                        VALUES (99, 'x', 'x', 'x')""")))
                .hasMessageContaining("permission denied");
    }

    @Test
    void aYesForOneOutletIsNoneForAnotherWithTheSameBytes() {
        Content content = newsroom.approved("text");
        sql("""
            INSERT INTO renditions (content_id, revision, outlet, payload)
            SELECT content_id, revision, 'billboard', payload FROM renditions WHERE content_id = :id""", content.id());
        newsroom.flags.set(newsroom.anna, "billboard", FeatureFlags.Mode.LIVE, null);
        refused(
                ErrorCode.NOT_APPROVED,
                () -> newsroom.publications.schedule(newsroom.olga, content.id(), "billboard", null, null));
    }

    @Test
    void whoSubmittedTheRevisionEarlierCannotApproveIt() {
        Content content = newsroom.draft(newsroom.olga, "text", null);
        newsroom.submissions.submit(newsroom.both, content.id(), null);
        newsroom.approvals.decide(newsroom.anna, newsroom.word(content, Approval.Decision.CHANGES_REQUESTED));
        newsroom.submissions.submit(newsroom.olga, content.id(), null);
        refused(ErrorCode.FOUR_EYES, () -> newsroom.approve(newsroom.both, content));
    }

    @Test
    void aDisabledApproversYesAndOneThatANoFollowedDoNotCount() {
        Content content = newsroom.approved("text");
        newsroom.database
                .superuser()
                .useHandle(handle -> handle.execute("UPDATE people SET disabled_at = now() WHERE name = 'anna'"));
        refused(ErrorCode.NOT_APPROVED, () -> newsroom.schedule(content));
        newsroom.database.superuser().useHandle(handle -> handle.execute("UPDATE people SET disabled_at = NULL"));

        newsroom.approvals.decide(newsroom.both, newsroom.word(content, Approval.Decision.CHANGES_REQUESTED));
        refused(ErrorCode.WRONG_STATE, () -> sql("UPDATE content SET state = 'approved' WHERE id = :id", content.id()));
        sql("UPDATE content SET state = 'in_review' WHERE id = :id", content.id());
        sql("UPDATE content SET state = 'approved' WHERE id = :id", content.id());
        refused(ErrorCode.NOT_APPROVED, () -> newsroom.schedule(content));
    }

    @Test
    void aNewTimeInReviewIsANewRevision() {
        Content content = newsroom.submitted(newsroom.olga, "text");
        DueTime late = DueTime.at(Instant.now().plus(Duration.ofDays(9_000)), ZoneOffset.UTC);
        Content moved = newsroom.drafts.edit(
                newsroom.olga,
                content.id(),
                content.manuscript(),
                new Content.Plan(content.plan().outlets(), late),
                null);
        assertThat(moved.revision()).isEqualTo(2);
        assertThat(moved.state()).isEqualTo(ContentState.DRAFT);
    }

    private void sending(Publication publication) {
        sql(
                "UPDATE publications SET state = 'sending', fence = 1, lease_until = now() + interval '1 minute' WHERE id = :id",
                publication.id());
        sql("INSERT INTO attempts (publication_id, fence, claimed_by) VALUES (:id, 1, 'test')", publication.id());
    }

    private void sql(String sql, UUID id) {
        newsroom.jdbi.useHandle(
                handle -> handle.createUpdate(sql).bind("id", id).execute());
    }
}
