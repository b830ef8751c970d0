package dev.imprimatur.publishing.approvals;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.Drafts;
import dev.imprimatur.publishing.content.Sha256;
import dev.imprimatur.publishing.outlets.Outlets;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Handing content in: each outlet renders it to its exact bytes, and from there people approve those. */
public final class Submissions {
    private final Jdbi jdbi;
    private final Drafts drafts;
    private final Outlets outlets;

    public Submissions(Jdbi jdbi, Drafts drafts, Outlets outlets) {
        this.jdbi = jdbi;
        this.drafts = drafts;
        this.outlets = outlets;
    }

    /**
     * Submits the current revision. Submitting again what is in review already changes nothing.
     *
     * @throws RefusedException NOT_FOUND, NOTHING_TO_RENDER, WRONG_STATE, STALE_REVISION
     */
    public Content submit(Principal submitter, UUID id, @Nullable Integer expected) {
        Content content = drafts.get(id);
        if (expected != null && expected != content.revision()) {
            throw stale(content.revision());
        }
        List<String> names = content.plan().outlets();
        if (names.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.NOTHING_TO_RENDER,
                    "name at least one outlet first: " + String.join(", ", outlets.names()));
        }
        switch (content.state()) {
            case IN_REVIEW -> {
                return content;
            }
            case APPROVED -> throw new RefusedException(ErrorCode.WRONG_STATE, "it is approved already");
            case DRAFT, CHANGES_REQUESTED -> {}
        }
        List<String> payloads = names.stream()
                .map(name -> outlets.named(name).render(content.manuscript().forOutlet(name)))
                .toList();
        boolean submitted = jdbi.withHandle(handle -> handle.createQuery("""
                        WITH submitted AS (
                            UPDATE content SET state = 'in_review', submitter = :submitter, updated_at = now()
                            WHERE id = :id AND revision = :revision AND state IN ('draft', 'changes_requested')
                            RETURNING id, revision),
                        rendered AS (
                            INSERT INTO renditions (content_id, revision, outlet, payload)
                            SELECT s.id, s.revision, r.outlet, r.payload
                            FROM submitted s, unnest(CAST(:outlets AS text[]), CAST(:payloads AS text[])) AS r (outlet, payload)
                            ON CONFLICT DO NOTHING),
                        audited AS (
                            INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                            SELECT :submitter, :token, 'content.submitted', 'content', id::text,
                                   jsonb_build_object('revision', revision, 'outlets', to_jsonb(:outlets))
                            FROM submitted)
                        SELECT true FROM submitted""")
                .bind("id", id)
                .bind("revision", content.revision())
                .bind("submitter", submitter.id())
                .bind("token", submitter.token())
                .bindArray("outlets", String.class, names)
                .bindArray("payloads", String.class, payloads)
                .mapTo(Boolean.class)
                .findOne()
                .isPresent());
        Content now = drafts.get(id);
        if (!submitted && now.revision() != content.revision()) {
            throw stale(now.revision());
        }
        return now;
    }

    /**
     * What each outlet would get of the current revision: as submitted, or as it would be rendered now for a draft.
     *
     * @throws RefusedException NOT_FOUND
     */
    public List<Rendition> renditions(UUID id) {
        Content content = drafts.get(id);
        List<Rendition> submitted = jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT outlet, revision, encode(sha256, 'hex') AS sha256, payload
                        FROM renditions WHERE content_id = :id AND revision = :revision ORDER BY outlet""")
                .bind("id", id)
                .bind("revision", content.revision())
                .map((row, context) -> new Rendition(
                        row.getString("outlet"),
                        row.getInt("revision"),
                        row.getString("sha256"),
                        row.getString("payload")))
                .list());
        return submitted.isEmpty()
                ? content.plan().outlets().stream()
                        .map(name -> preview(content, name))
                        .toList()
                : submitted;
    }

    private Rendition preview(Content content, String outlet) {
        String payload = outlets.named(outlet).render(content.manuscript().forOutlet(outlet));
        return new Rendition(outlet, content.revision(), Sha256.hex(outlet + "\n" + payload), payload);
    }

    private static RefusedException stale(int current) {
        return new RefusedException(
                ErrorCode.STALE_REVISION, "revision %d is current; read it before you submit it".formatted(current));
    }
}
