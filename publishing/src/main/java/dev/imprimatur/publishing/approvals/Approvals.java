package dev.imprimatur.publishing.approvals;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.Faults;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.content.Rows;
import dev.imprimatur.publishing.content.Text;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Who said yes to exactly what. The database's triggers refuse what is not four eyes and move the content's state. */
public final class Approvals {
    private static final int LONGEST_COMMENT = 20_000;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private static final String READ = """
            SELECT a.id, a.content_id, a.revision, a.decision, a.approver, p.name AS approver_name,
                   a.not_before, a.not_after, a.comment, a.decided_at, a.withdrawn_at,
                   ARRAY(SELECT r.outlet FROM renditions r
                         WHERE r.content_id = a.content_id AND r.revision = a.revision
                           AND r.sha256 = ANY (a.rendition_sha256s) ORDER BY r.outlet) AS outlets,
                   ARRAY(SELECT encode(r.sha256, 'hex') FROM renditions r
                         WHERE r.content_id = a.content_id AND r.revision = a.revision
                           AND r.sha256 = ANY (a.rendition_sha256s) ORDER BY r.outlet) AS sha256s
            FROM approvals a JOIN people p ON p.id = a.approver
            """;

    private final Jdbi jdbi;

    public Approvals(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Records a decision on the current revision; enough of them approve the content, in the same statement.
     *
     * @throws RefusedException NOT_FOUND, INVALID_FIELD, RENDITIONS_DIFFER; the database's own FOUR_EYES, FORBIDDEN,
     *     STALE_REVISION, WRONG_STATE and ALREADY_DECIDED surface as its failures
     */
    public Approval decide(Principal approver, Approval.Word word) {
        Faults faults = new Faults();
        String comment = judge(word.decision(), word.renditions(), word.comment(), faults);
        faults.refuse();
        List<String> outlets =
                word.renditions().stream().map(Approval.Bytes::outlet).toList();
        List<String> sha256s =
                word.renditions().stream().map(Approval.Bytes::sha256).toList();
        UUID id = UUID.randomUUID();
        jdbi.useHandle(handle -> {
            int recorded = handle.createUpdate("""
                            WITH seen AS (
                                SELECT outlet, decode(sha256, 'hex') AS sha256
                                FROM unnest(CAST(:outlets AS text[]), CAST(:sha256s AS text[])) AS given (outlet, sha256)),
                            matching AS (
                                SELECT count(*) AS count FROM seen JOIN renditions r USING (outlet, sha256)
                                WHERE r.content_id = :content_id AND r.revision = :revision),
                            decided AS (
                                INSERT INTO approvals (id, content_id, revision, decision, approver, rendition_sha256s,
                                                       not_before, not_after, comment)
                                SELECT :id, c.id, :revision, :decision, :approver, ARRAY(SELECT sha256 FROM seen),
                                       coalesce(:not_before, now()),
                                       coalesce(:not_after, greatest(c.due_at, now()) +
                                           CASE WHEN c.due_at IS NULL THEN interval '24 hours' ELSE interval '1 hour' END),
                                       :comment
                                FROM content c, matching
                                WHERE c.id = :content_id
                                  AND (c.revision <> :revision OR matching.count = cardinality(:outlets))
                                RETURNING id, content_id, not_before, not_after)
                            INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                            SELECT :approver, :token, 'approval.decided', 'content', content_id::text,
                                   jsonb_build_object('approval', id, 'decision', CAST(:decision AS text),
                                       'revision', CAST(:revision AS integer), 'renditions', to_jsonb(:sha256s),
                                       'not_before', not_before, 'not_after', not_after)
                            FROM decided""")
                    .bind("id", id)
                    .bind("content_id", word.contentId())
                    .bind("revision", word.revision())
                    .bind("decision", word.decision().label())
                    .bind("approver", approver.id())
                    .bind("token", approver.token())
                    .bindArray("outlets", String.class, outlets)
                    .bindArray("sha256s", String.class, sha256s)
                    .bind("not_before", utc(word.notBefore()))
                    .bind("not_after", utc(word.notAfter()))
                    .bind("comment", comment)
                    .execute();
            if (recorded == 0) {
                throw unrecorded(handle, word);
            }
        });
        return get(id);
    }

    /** What can be told without the database: adds every fault, and gives the comment as it will be kept. */
    public static @Nullable String judge(
            Approval.@Nullable Decision decision,
            List<Approval.Bytes> renditions,
            @Nullable String comment,
            Faults faults) {
        if (decision == Approval.Decision.APPROVED && renditions.isEmpty()) {
            faults.add(
                    ErrorCode.INVALID_FIELD,
                    "/renditions",
                    "a yes names the bytes that were seen: outlet and sha256 of each");
        }
        Set<String> outlets = new HashSet<>();
        for (int i = 0; i < renditions.size(); i++) {
            Approval.Bytes bytes = renditions.get(i);
            if (!HASH.matcher(bytes.sha256()).matches()) {
                faults.add(
                        ErrorCode.INVALID_FIELD,
                        "/renditions/" + i + "/sha256",
                        "write 64 lower-case hexadecimal digits");
            }
            if (!outlets.add(bytes.outlet())) {
                faults.add(ErrorCode.INVALID_FIELD, "/renditions/" + i + "/outlet", "name each outlet once");
            }
        }
        return comment == null ? null : faults.take(() -> Text.multiline("/comment", comment, LONGEST_COMMENT));
    }

    /**
     * Takes a decision back; a yes takes the content's approval with it, and holds what is unsent.
     *
     * @throws RefusedException NOT_FOUND, WRONG_STATE when it is withdrawn already
     */
    public Approval withdraw(Principal approver, UUID id) {
        get(id);
        int withdrawn = jdbi.withHandle(handle -> handle.createUpdate("""
                        WITH withdrawn AS (
                            UPDATE approvals SET withdrawn_at = now(), withdrawn_by = :approver
                            WHERE id = :id AND withdrawn_at IS NULL
                            RETURNING id, content_id)
                        INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                        SELECT :approver, :token, 'approval.withdrawn', 'content', content_id::text,
                               jsonb_build_object('approval', id)
                        FROM withdrawn""")
                .bind("id", id)
                .bind("approver", approver.id())
                .bind("token", approver.token())
                .execute());
        if (withdrawn == 0) {
            throw new RefusedException(ErrorCode.WRONG_STATE, "it was withdrawn already");
        }
        return get(id);
    }

    /** @throws RefusedException NOT_FOUND */
    public Approval get(UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery(READ + "WHERE a.id = :id")
                        .bind("id", id)
                        .map((row, context) -> approval(row))
                        .findOne())
                .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND, "there is no approval " + id));
    }

    /**
     * Everybody who had a hand in what would be approved, as the four eyes of the database see it.
     *
     * @throws RefusedException NOT_FOUND
     */
    public List<UUID> handsOn(UUID contentId) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                                SELECT array_remove(hands_on(c), NULL) AS hands_on FROM content c WHERE c.id = :id""")
                        .bind("id", contentId)
                        .map((row, context) ->
                                List.of((UUID[]) row.getArray("hands_on").getArray()))
                        .findOne())
                .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND, "there is no content " + contentId));
    }

    /** The newest first; of all content when none is named. */
    public List<Approval> list(OutletScope scope, @Nullable UUID contentId, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery(READ + """
                        WHERE (CAST(:content_id AS uuid) IS NULL OR a.content_id = :content_id)
                          AND (CAST(:outlets AS text[]) IS NULL OR EXISTS (
                              SELECT FROM content c
                              WHERE c.id = a.content_id AND c.outlets <@ CAST(:outlets AS text[])))
                        ORDER BY a.decided_at DESC, a.id LIMIT :limit""")
                .bindByType("outlets", scope.names(), String[].class)
                .bind("content_id", contentId)
                .bind("limit", limit)
                .map((row, context) -> approval(row))
                .list());
    }

    private static RefusedException unrecorded(Handle handle, Approval.Word word) {
        boolean exists = handle.createQuery("SELECT EXISTS (SELECT FROM content WHERE id = :id)")
                .bind("id", word.contentId())
                .mapTo(Boolean.class)
                .one();
        return exists
                ? new RefusedException(
                        ErrorCode.RENDITIONS_DIFFER,
                        "read the renditions again: what you saw is not what would be sent")
                : new RefusedException(ErrorCode.NOT_FOUND, "there is no content " + word.contentId());
    }

    private static Approval approval(ResultSet row) throws SQLException {
        String[] outlets = (String[]) row.getArray("outlets").getArray();
        String[] sha256s = (String[]) row.getArray("sha256s").getArray();
        List<Approval.Bytes> renditions = new ArrayList<>();
        for (int i = 0; i < outlets.length; i++) {
            renditions.add(new Approval.Bytes(outlets[i], sha256s[i]));
        }
        return new Approval(
                Rows.uuid(row, "id"),
                Rows.uuid(row, "content_id"),
                row.getInt("revision"),
                Approval.Decision.of(row.getString("decision")),
                Rows.name(row, "approver"),
                renditions,
                Rows.instant(row, "not_before"),
                Rows.instant(row, "not_after"),
                row.getString("comment"),
                Rows.instant(row, "decided_at"),
                Rows.instantOrNull(row, "withdrawn_at"));
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
