package dev.imprimatur.publishing.content;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** What is said about content in review; each comment belongs to the revision that was current. */
public final class Comments {
    private static final int LONGEST = 20_000;

    private final Jdbi jdbi;

    public Comments(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    public record Comment(UUID id, UUID contentId, int revision, Person.Name author, String body, Instant createdAt) {}

    /** @throws RefusedException INVALID_FIELD */
    public static String text(@Nullable String body) {
        return Text.multiline("/body", body == null ? "" : body, LONGEST);
    }

    /** @throws RefusedException NOT_FOUND, INVALID_FIELD */
    public Comment add(Principal author, UUID contentId, String body) {
        String text = text(body);
        UUID id = UUID.randomUUID();
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH said AS (
                            INSERT INTO comments (id, content_id, revision, author, body)
                            SELECT :id, c.id, c.revision, :author, :body FROM content c WHERE c.id = :content_id
                            RETURNING revision, created_at),
                        audited AS (
                            INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                            SELECT :author, :token, 'content.commented', 'content', CAST(:content_id AS text),
                                   jsonb_build_object('comment', :id, 'revision', revision)
                            FROM said)
                        SELECT revision, created_at FROM said""")
                .bind("id", id)
                .bind("content_id", contentId)
                .bind("author", author.id())
                .bind("token", author.token())
                .bind("body", text)
                .map((row, context) -> new Comment(
                        id,
                        contentId,
                        row.getInt("revision"),
                        author.person().named(),
                        text,
                        Rows.instant(row, "created_at")))
                .findOne()
                .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND, "there is no content " + contentId)));
    }

    /** The oldest first. */
    public List<Comment> of(UUID contentId) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT c.id, c.revision, c.body, c.created_at, c.author, p.name AS author_name
                        FROM comments c JOIN people p ON p.id = c.author
                        WHERE c.content_id = :content_id ORDER BY c.created_at, c.id""")
                .bind("content_id", contentId)
                .map((row, context) -> new Comment(
                        Rows.uuid(row, "id"),
                        contentId,
                        row.getInt("revision"),
                        Rows.name(row, "author"),
                        row.getString("body"),
                        Rows.instant(row, "created_at")))
                .list());
    }
}
