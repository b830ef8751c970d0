package dev.imprimatur.publishing.publications;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.outlets.Post;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The three commits of a delivery: the claim, the wire mark and the outcome. Each is one statement, and each names the
 * fence of its claim, so that whoever lost the lease changes nothing.
 */
final class Claims {
    private final Jdbi jdbi;
    private final String claimedBy;
    private final Duration lease;

    Claims(Jdbi jdbi, String claimedBy, Duration lease) {
        this.jdbi = jdbi;
        this.claimedBy = claimedBy;
        this.lease = lease;
    }

    /** @param switchedOff why it must not go out now, or null when the outlet was live as it was claimed */
    record Claim(
            UUID publication,
            long fence,
            String outlet,
            Post post,
            @Nullable String switchedOff) {}

    /** How an attempt ends, and what becomes of its publication. */
    record Ending(
            String outcome,
            @Nullable String detail,
            Publication.State state,
            Publication.@Nullable HeldReason heldReason,
            @Nullable Duration retryAfter,
            @Nullable String externalId,
            @Nullable String url) {

        static Ending held(String outcome, Publication.HeldReason reason) {
            return new Ending(outcome, reason.words(), Publication.State.HELD, reason, null, null, null);
        }

        static Ending retried(String outcome, @Nullable String detail, Duration after) {
            return new Ending(outcome, detail, Publication.State.SCHEDULED, null, after, null, null);
        }

        static Ending of(String outcome, @Nullable String detail, Publication.State state) {
            return new Ending(outcome, detail, state, null, null, null, null);
        }
    }

    List<Claim> claim(int most) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH due AS (
                            SELECT id FROM publications
                            WHERE state = 'scheduled' AND due_at <= now() AND (retry_at IS NULL OR retry_at <= now())
                            ORDER BY due_at LIMIT :most
                            FOR UPDATE SKIP LOCKED),
                        claimed AS (
                            UPDATE publications p
                            SET state = 'sending', fence = fence + 1, retry_at = NULL, updated_at = now(),
                                lease_until = now() + make_interval(secs => :lease)
                            FROM due WHERE p.id = due.id
                            RETURNING p.*),
                        attempted AS (
                            INSERT INTO attempts (publication_id, fence, claimed_by)
                            SELECT id, fence, :claimed_by FROM claimed
                            ON CONFLICT DO NOTHING),
                        audited AS (
                            INSERT INTO audit (action, subject_kind, subject_id, details)
                            SELECT 'publication.sending', 'publication', id::text,
                                   jsonb_build_object('fence', fence, 'by', CAST(:claimed_by AS text))
                            FROM claimed)
                        SELECT c.id, c.fence, c.outlet, c.content_id, c.revision, r.payload,
                               CASE WHEN (SELECT stopped FROM global_stop) THEN 'global_stop'
                                    WHEN coalesce(f.mode, 'off') = 'off' THEN 'outlet_off'
                                    WHEN f.mode = 'dry_run' THEN 'dry_run' END AS switched_off
                        FROM claimed c
                        JOIN renditions r USING (content_id, revision, outlet)
                        LEFT JOIN outlet_feature_flags f USING (outlet)
                        ORDER BY c.due_at""")
                .bind("most", most)
                .bind("lease", lease.toMillis() / 1000.0)
                .bind("claimed_by", claimedBy)
                .map((row, context) -> {
                    UUID id = row.getObject("id", UUID.class);
                    return new Claim(
                            id,
                            row.getLong("fence"),
                            row.getString("outlet"),
                            new Post(
                                    id,
                                    row.getObject("content_id", UUID.class),
                                    row.getInt("revision"),
                                    row.getString("payload")),
                            row.getString("switched_off"));
                })
                .list());
    }

    /**
     * Marks the attempt as on the wire; the database proves lease, switches, bytes, approvals and window, and refuses
     * with their codes.
     */
    void markWire(Claim claim) {
        int marked = jdbi.withHandle(handle -> handle.createUpdate("""
                        UPDATE attempts SET wire_at = clock_timestamp()
                        WHERE publication_id = :publication AND fence = :fence AND wire_at IS NULL""")
                .bind("publication", claim.publication())
                .bind("fence", claim.fence())
                .execute());
        if (marked != 1) {
            throw new RefusedException(ErrorCode.LEASE_LOST, "the attempt is gone, or was marked before");
        }
    }

    /** Proves the approvals of a claim as the wire mark would, for who means to stop short of the wire. */
    void prove(Claim claim) {
        jdbi.useHandle(handle -> handle.createQuery(
                        "SELECT prove_approved(p, clock_timestamp()) FROM publications p WHERE p.id = :publication")
                .bind("publication", claim.publication())
                .mapTo(String.class)
                .list());
    }

    /** Writes the outcome down, unless the lease was lost meanwhile: then whoever took over has the last word. */
    void finish(Claim claim, Ending ending) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        WITH finished AS (
                            UPDATE attempts SET finished_at = clock_timestamp(), outcome = :outcome, detail = :detail
                            WHERE publication_id = :publication AND fence = :fence AND finished_at IS NULL
                            RETURNING publication_id),
                        moved AS (
                            UPDATE publications p
                            SET state = :state, held_reason = :held_reason, lease_until = NULL, updated_at = now(),
                                retry_at = now() + make_interval(secs => CAST(:retry_after AS double precision)),
                                external_id = coalesce(:external_id, external_id), url = coalesce(:url, url),
                                published_at = CASE WHEN :state = 'published' THEN now() END
                            FROM finished
                            WHERE p.id = finished.publication_id AND p.fence = :fence AND p.state = 'sending'
                            RETURNING p.id, p.state)
                        INSERT INTO audit (action, subject_kind, subject_id, details)
                        SELECT 'publication.' || state, 'publication', id::text,
                               jsonb_build_object('fence', CAST(:fence AS bigint), 'outcome', CAST(:outcome AS text),
                                   'detail', CAST(:detail AS text))
                        FROM moved""")
                .bind("publication", claim.publication())
                .bind("fence", claim.fence())
                .bind("outcome", ending.outcome())
                .bind("detail", ending.detail())
                .bind("state", ending.state().label())
                .bind(
                        "held_reason",
                        ending.heldReason() == null ? null : ending.heldReason().label())
                .bind(
                        "retry_after",
                        ending.retryAfter() == null ? null : ending.retryAfter().toMillis() / 1000.0)
                .bind("external_id", ending.externalId())
                .bind("url", ending.url())
                .execute());
    }

    /**
     * Takes back what a dead dispatcher had claimed. What had not reached the wire is tried again; what may have is
     * tried again only at outlets where repeating is harmless, and is uncertain elsewhere.
     *
     * @param repeatable the outlets where a repeat is a no-op
     * @param everything also the claims whose lease still runs: only for a dispatcher that knows it is the only one
     */
    void recover(List<String> repeatable, boolean everything) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        WITH dead AS (
                            SELECT p.id, p.fence, a.wire_at IS NOT NULL AS sent,
                                   a.wire_at IS NOT NULL AND p.outlet <> ALL (:repeatable) AS uncertain
                            FROM publications p JOIN attempts a ON a.publication_id = p.id AND a.fence = p.fence
                            WHERE p.state = 'sending' AND (:everything OR p.lease_until < now())
                            FOR UPDATE OF p, a SKIP LOCKED),
                        finished AS (
                            UPDATE attempts a
                            SET finished_at = now(), outcome = CASE WHEN sent THEN 'unknown' ELSE 'lost' END,
                                detail = 'its dispatcher died'
                            FROM dead WHERE a.publication_id = dead.id AND a.fence = dead.fence AND a.finished_at IS NULL),
                        moved AS (
                            UPDATE publications p
                            SET state = CASE WHEN uncertain THEN 'uncertain' ELSE 'scheduled' END,
                                lease_until = NULL, updated_at = now()
                            FROM dead WHERE p.id = dead.id
                            RETURNING p.id, p.state, p.fence)
                        INSERT INTO audit (action, subject_kind, subject_id, details)
                        SELECT 'publication.' || state, 'publication', id::text,
                               jsonb_build_object('fence', fence, 'outcome', 'its dispatcher died')
                        FROM moved""")
                .bindArray("repeatable", String.class, repeatable)
                .bind("everything", everything)
                .execute());
    }

    /** When the next publication falls due, by the database's clock, as a wait from now; empty when none is queued. */
    Optional<Duration> untilNext() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT extract(epoch FROM greatest(due_at, retry_at) - clock_timestamp())
                        FROM publications WHERE state = 'scheduled' ORDER BY due_at LIMIT 1""")
                .mapTo(Double.class)
                .findOne()
                .map(seconds -> Duration.ofMillis(Math.max(0, Math.round(seconds * 1000)))));
    }
}
