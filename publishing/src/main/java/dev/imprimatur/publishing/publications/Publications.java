package dev.imprimatur.publishing.publications;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.content.DueTime;
import dev.imprimatur.publishing.content.Position;
import dev.imprimatur.publishing.content.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The queue. What may enter it, and which state follows which, is the database's word: its triggers prove the approvals
 * of the exact bytes whenever a publication is made, moved or let go again.
 */
public final class Publications {
    private static final String COLUMNS = """
            id, content_id, revision, outlet, encode(rendition_sha256, 'hex') AS rendition_sha256, state, held_reason,
            due_at, due_local, due_zone, external_id, url, published_at, created_at, updated_at
            """;

    private final Jdbi jdbi;

    public Publications(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Queues the current revision of content for an outlet; held at once, and not sent, where the outlet is off or
     * everything is stopped.
     *
     * @param revision the revision meant, refused when it is no longer the current one; null for the current one
     * @param due null for the content's planned time, or now when that is past or nothing is planned
     * @throws RefusedException NOT_FOUND, STALE_REVISION, NOT_APPROVED; the database's own NOT_APPROVED, OUTSIDE_WINDOW
     *     and ALREADY_PUBLISHED surface as its failures
     */
    public Publication schedule(
            Principal principal, UUID contentId, String outlet, @Nullable Integer revision, @Nullable DueTime due) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH piece AS (
                            SELECT c.id, c.revision, r.sha256,
                                   coalesce(:due_at, greatest(c.due_at, now())) AS due_at,
                                   coalesce(:due_zone, CASE WHEN c.due_at >= now() THEN c.due_zone END, 'Z') AS due_zone,
                                   coalesce(:due_local, CASE WHEN c.due_at >= now() THEN c.due_local END,
                                            now() AT TIME ZONE 'UTC') AS due_local,
                                   CASE WHEN (SELECT stopped FROM global_stop) THEN 'global_stop'
                                        WHEN coalesce(f.mode, 'off') = 'off' THEN 'outlet_off' END AS held_reason
                            FROM content c
                            JOIN renditions r ON r.content_id = c.id AND r.revision = c.revision AND r.outlet = :outlet
                            LEFT JOIN outlet_feature_flags f ON f.outlet = :outlet
                            WHERE c.id = :content_id AND c.revision = coalesce(:revision, c.revision)),
                        scheduled AS (
                            INSERT INTO publications (id, content_id, revision, outlet, rendition_sha256, state,
                                                      held_reason, due_at, due_local, due_zone, scheduled_by)
                            SELECT :id, id, revision, :outlet, sha256,
                                   CASE WHEN held_reason IS NULL THEN 'scheduled' ELSE 'held' END,
                                   held_reason, due_at, due_local, due_zone, :principal
                            FROM piece
                            RETURNING *),
                        audited AS (
                            INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                            SELECT :principal, :token, 'publication.' || state, 'publication', id::text,
                                   jsonb_build_object('content', content_id, 'revision', revision, 'outlet', outlet,
                                       'rendition', encode(rendition_sha256, 'hex'), 'due_at', due_at, 'reason', held_reason)
                            FROM scheduled)
                        SELECT\s""" + COLUMNS + "FROM scheduled")
                .bind("id", UUID.randomUUID())
                .bind("content_id", contentId)
                .bind("outlet", outlet)
                .bind("revision", revision)
                .bind("due_at", due == null ? null : due.instant().atOffset(ZoneOffset.UTC))
                .bind("due_local", due == null ? null : due.local())
                .bind("due_zone", due == null ? null : due.zone().getId())
                .bind("principal", principal.id())
                .bind("token", principal.token())
                .map((row, context) -> publication(row))
                .findOne()
                .orElseThrow(() -> unscheduled(handle, contentId, outlet, revision)));
    }

    /** @throws RefusedException NOT_FOUND, WRONG_STATE unless it is scheduled or held */
    public Publication cancel(Principal principal, UUID id) {
        return change(principal, id, "publication.cancelled", """
                SET state = 'cancelled', held_reason = NULL, updated_at = now()
                FROM locked WHERE p.id = :id AND state IN ('scheduled', 'held')""", null);
    }

    /**
     * Lets a held publication go again, at its time or at once where that is past; its approvals are proved anew.
     *
     * @throws RefusedException NOT_FOUND, WRONG_STATE unless it is held; the database's NOT_APPROVED and OUTSIDE_WINDOW
     */
    public Publication release(Principal principal, UUID id) {
        return change(principal, id, "publication.released", """
                SET state = 'scheduled', held_reason = NULL, due_at = greatest(due_at, now()), updated_at = now(),
                    due_local = CASE WHEN due_at < now() THEN now() AT TIME ZONE 'UTC' ELSE due_local END,
                    due_zone = CASE WHEN due_at < now() THEN 'Z' ELSE due_zone END
                FROM locked WHERE p.id = :id AND state = 'held'""", null);
    }

    /**
     * Moves what is scheduled or held to another time; inside the approved window the approvals hold.
     *
     * @throws RefusedException NOT_FOUND, WRONG_STATE; the database's NOT_APPROVED and OUTSIDE_WINDOW
     */
    public Publication reschedule(Principal principal, UUID id, DueTime due) {
        return change(principal, id, "publication.rescheduled", """
                SET due_at = :due_at, due_local = :due_local, due_zone = :due_zone, updated_at = now()
                FROM locked WHERE p.id = :id AND state IN ('scheduled', 'held')""", due);
    }

    /** @throws RefusedException NOT_FOUND */
    public Publication get(UUID id) {
        return jdbi.withHandle(handle -> find(handle, id)).orElseThrow(() -> notFound(id));
    }

    /**
     * The newest first.
     *
     * @param contentId only of this content, or of all when null
     * @param state only in this state, or in any when null
     * @param after the position of the last one of the page before, or null for the first page
     */
    public List<Publication> list(
            OutletScope scope,
            @Nullable UUID contentId,
            Publication.@Nullable State state,
            @Nullable Position after,
            int limit) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT " + COLUMNS + """
                        FROM publications
                        WHERE (CAST(:outlets AS text[]) IS NULL OR EXISTS (
                              SELECT FROM content c
                              WHERE c.id = content_id AND c.outlets <@ CAST(:outlets AS text[])
                                AND outlet = ANY (CAST(:outlets AS text[]))))
                          AND (CAST(:content_id AS uuid) IS NULL OR content_id = :content_id)
                          AND (CAST(:state AS text) IS NULL OR state = :state)
                          AND (CAST(:after_id AS uuid) IS NULL OR (created_at, id) < (:after_created_at, :after_id))
                        ORDER BY created_at DESC, id DESC
                        LIMIT :limit""")
                .bindByType("outlets", scope.names(), String[].class)
                .bind("content_id", contentId)
                .bind("state", state == null ? null : state.label())
                .bind("after_id", after == null ? null : after.id())
                .bind(
                        "after_created_at",
                        after == null ? null : after.createdAt().atOffset(ZoneOffset.UTC))
                .bind("limit", limit)
                .map((row, context) -> publication(row))
                .list());
    }

    /** Every try to deliver it, the first one first. */
    public List<Publication.Attempt> attempts(UUID id) {
        get(id);
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT fence, claimed_by, claimed_at, wire_at, finished_at, outcome, detail
                        FROM attempts WHERE publication_id = :id ORDER BY fence""")
                .bind("id", id)
                .map((row, context) -> new Publication.Attempt(
                        row.getLong("fence"),
                        row.getString("claimed_by"),
                        Rows.instant(row, "claimed_at"),
                        Rows.instantOrNull(row, "wire_at"),
                        Rows.instantOrNull(row, "finished_at"),
                        row.getString("outcome"),
                        row.getString("detail")))
                .list());
    }

    /** Content before publication, as everybody locks them: the other way round would end in a deadlock. */
    private Publication change(Principal principal, UUID id, String action, String change, @Nullable DueTime due) {
        return jdbi.withHandle(handle -> {
            var statement = handle.createQuery("""
                    WITH locked AS (
                        SELECT c.id AS content FROM content c JOIN publications p ON p.content_id = c.id
                        WHERE p.id = :id FOR SHARE OF c),
                    changed AS (UPDATE publications p\s""" + change + " RETURNING p.*)" + """
                    , audited AS (
                        INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                        SELECT :principal, :token, :action, 'publication', id::text,
                               jsonb_build_object('state', state, 'due_at', due_at)
                        FROM changed)
                    SELECT\s""" + COLUMNS + "FROM changed");
            if (due != null) {
                statement
                        .bind("due_at", due.instant().atOffset(ZoneOffset.UTC))
                        .bind("due_local", due.local())
                        .bind("due_zone", due.zone().getId());
            }
            return statement
                    .bind("id", id)
                    .bind("action", action)
                    .bind("principal", principal.id())
                    .bind("token", principal.token())
                    .map((row, context) -> publication(row))
                    .findOne()
                    .orElseThrow(() -> {
                        Publication now = find(handle, id).orElseThrow(() -> notFound(id));
                        return new RefusedException(
                                ErrorCode.WRONG_STATE, "it is " + now.state().label() + " already");
                    });
        });
    }

    private static Optional<Publication> find(Handle handle, UUID id) {
        return handle.createQuery("SELECT " + COLUMNS + "FROM publications WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> publication(row))
                .findOne();
    }

    private static RefusedException notFound(UUID id) {
        return new RefusedException(ErrorCode.NOT_FOUND, "there is no publication " + id);
    }

    private static RefusedException unscheduled(
            Handle handle, UUID contentId, String outlet, @Nullable Integer revision) {
        Optional<Integer> current = handle.createQuery("SELECT revision FROM content WHERE id = :id")
                .bind("id", contentId)
                .mapTo(Integer.class)
                .findOne();
        if (current.isEmpty()) {
            return new RefusedException(ErrorCode.NOT_FOUND, "there is no content " + contentId);
        }
        if (revision != null && !revision.equals(current.get())) {
            return new RefusedException(
                    ErrorCode.STALE_REVISION,
                    "revision %d was edited since; revision %d is current and needs its own approval"
                            .formatted(revision, current.get()));
        }
        return new RefusedException(
                ErrorCode.NOT_APPROVED,
                "revision %d was never submitted for %s, so nobody can have approved it"
                        .formatted(current.get(), outlet));
    }

    static Publication publication(ResultSet row) throws SQLException {
        String held = row.getString("held_reason");
        DueTime due = Rows.due(row);
        if (due == null) {
            throw new SQLException("a publication has no due time");
        }
        return new Publication(
                Rows.uuid(row, "id"),
                Rows.uuid(row, "content_id"),
                row.getInt("revision"),
                row.getString("outlet"),
                row.getString("rendition_sha256"),
                Publication.State.of(row.getString("state")),
                held == null ? null : Publication.HeldReason.of(held),
                due,
                row.getString("external_id"),
                row.getString("url"),
                Rows.instantOrNull(row, "published_at"),
                Rows.instant(row, "created_at"),
                Rows.instant(row, "updated_at"));
    }
}
