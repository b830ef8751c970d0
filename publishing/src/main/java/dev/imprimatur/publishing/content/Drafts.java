package dev.imprimatur.publishing.content;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.Principal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Content while it is written: every edit that changes a byte is a new immutable revision. */
public final class Drafts {
    private static final String CREATE_ROUTE = "POST /api/content";

    private static final String READ = """
            SELECT c.id, c.state, c.revision, c.outlets, c.due_at, c.due_local, c.due_zone, c.created_at, c.updated_at,
                   r.canonical, encode(r.sha256, 'hex') AS sha256,
                   c.author, a.name AS author_name, r.editor, e.name AS editor_name,
                   c.submitter, s.name AS submitter_name
            FROM content c
            JOIN revisions r ON r.content_id = c.id AND r.number = c.revision
            JOIN people a ON a.id = c.author
            JOIN people e ON e.id = r.editor
            LEFT JOIN people s ON s.id = c.submitter
            WHERE c.id = :id""";

    private final Jdbi jdbi;

    public Drafts(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Takes in new content as a draft: its first revision, its idempotency key and its audit entry in one statement, which
     * first tries a lock on the key.
     *
     * @throws RefusedException IDEMPOTENCY_KEY_REUSED when the key came with other content in the last 24 hours,
     *     IDEMPOTENCY_KEY_BUSY while it is being created
     */
    public Content.Created create(
            Principal author, Manuscript manuscript, Content.Plan plan, @Nullable IdempotencyKey key) {
        UUID id = UUID.randomUUID();
        String canonical = manuscript.canonical();
        Optional<Content> created = jdbi.withHandle(handle -> {
            var statement = handle.createQuery("""
                    WITH locked AS MATERIALIZED (
                        SELECT CAST(:key AS text) IS NULL
                            OR pg_try_advisory_xact_lock(hashtextextended(:lock, 0)) AS free),
                    keyed AS (
                        INSERT INTO idempotency_keys AS earlier (principal, route, key, fingerprint, subject_id)
                        SELECT :author, :route, :key, sha256(convert_to(:fingerprint, 'UTF8')), :id
                        FROM locked WHERE free AND CAST(:key AS text) IS NOT NULL
                        ON CONFLICT (principal, route, key) DO UPDATE
                        SET fingerprint = excluded.fingerprint, subject_id = excluded.subject_id, created_at = now()
                        WHERE earlier.created_at <= now() - interval '24 hours'
                        RETURNING key),
                    created AS (
                        INSERT INTO content (id, outlets, due_at, due_local, due_zone, author)
                        SELECT :id, :outlets, :due_at, :due_local, :due_zone, :author
                        WHERE CAST(:key AS text) IS NULL OR EXISTS (SELECT FROM keyed)
                        RETURNING id, created_at),
                    revised AS (
                        INSERT INTO revisions (content_id, number, canonical, editor)
                        SELECT id, 1, :canonical, :author FROM created
                        RETURNING encode(sha256, 'hex') AS sha256),
                    audited AS (
                        INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                        SELECT :author, :token, 'content.created', 'content', id::text,
                               jsonb_build_object('revision', 1, 'sha256', sha256, 'outlets', to_jsonb(:outlets))
                        FROM created, revised)
                    SELECT free, created_at FROM locked LEFT JOIN created ON true""");
            return bindPlan(statement, plan)
                    .bind("id", id)
                    .bind("author", author.id())
                    .bind("token", author.token())
                    .bind("route", CREATE_ROUTE)
                    .bind("key", key == null ? null : key.value())
                    .bind("lock", key == null ? null : IdempotencyKeys.name(author, CREATE_ROUTE, key))
                    .bind("fingerprint", fingerprint(canonical, plan))
                    .bind("canonical", canonical)
                    .map((row, context) -> {
                        if (!row.getBoolean("free")) {
                            throw IdempotencyKeys.busy();
                        }
                        Instant createdAt = Rows.instantOrNull(row, "created_at");
                        return createdAt == null ? null : first(id, author, manuscript, plan, createdAt);
                    })
                    .findOne();
        });
        if (created.isPresent()) {
            return new Content.Created(created.get(), false);
        }
        if (key == null) {
            throw new IllegalStateException("an insert without an idempotency key always gives a row");
        }
        return replay(author, manuscript, plan, key).orElseThrow(IdempotencyKeys::reused);
    }

    /** What an earlier request with this key made of the same content, as it was then, whatever became of it since. */
    public Optional<Content.Created> replay(
            Principal author, Manuscript manuscript, Content.Plan plan, IdempotencyKey key) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT subject_id, created_at FROM idempotency_keys
                        WHERE principal = :author AND route = :route AND key = :key
                          AND fingerprint = sha256(convert_to(:fingerprint, 'UTF8'))
                          AND created_at > now() - interval '24 hours'""")
                .bind("author", author.id())
                .bind("route", CREATE_ROUTE)
                .bind("key", key.value())
                .bind("fingerprint", fingerprint(manuscript.canonical(), plan))
                .map((row, context) -> new Content.Created(
                        first(Rows.uuid(row, "subject_id"), author, manuscript, plan, Rows.instant(row, "created_at")),
                        true))
                .findOne());
    }

    /** Content as it is made. The key is of the same instant, so this can be told again later. */
    private static Content first(
            UUID id, Principal author, Manuscript manuscript, Content.Plan plan, Instant createdAt) {
        return new Content(
                id,
                ContentState.DRAFT,
                1,
                manuscript.sha256(),
                manuscript,
                plan,
                author.person().named(),
                author.person().named(),
                null,
                createdAt,
                createdAt);
    }

    /**
     * Replaces what was written, the plan, or both. A changed byte or outlet makes a new revision and a draft again;
     * the database then holds every unsent publication in the same transaction. What changes nothing leaves the state
     * alone. A new time is a change only in review, so that nothing moves under the approver's eyes.
     *
     * @param expected the revision the editor read, or null to replace whatever stands there
     * @throws RefusedException NOT_FOUND, STALE_REVISION
     */
    public Content edit(
            Principal editor, UUID id, Manuscript manuscript, Content.Plan plan, @Nullable Integer expected) {
        boolean edited = jdbi.withHandle(handle -> {
            var statement = handle.createQuery("""
                    WITH before AS (
                        SELECT c.id, c.revision,
                               r.sha256 <> sha256(convert_to(:canonical, 'UTF8')) OR c.outlets <> CAST(:outlets AS text[])
                                   OR (c.state = 'in_review' AND c.due_at IS DISTINCT FROM :due_at) AS changes
                        FROM content c JOIN revisions r ON r.content_id = c.id AND r.number = c.revision
                        WHERE c.id = :id AND c.revision = coalesce(:expected, c.revision)
                        FOR NO KEY UPDATE OF c),
                    edited AS (
                        UPDATE content c
                        SET outlets = :outlets, due_at = :due_at, due_local = :due_local, due_zone = :due_zone,
                            revision = before.revision + CASE WHEN changes THEN 1 ELSE 0 END,
                            state = CASE WHEN changes THEN 'draft' ELSE c.state END,
                            updated_at = now()
                        FROM before
                        WHERE c.id = before.id
                          AND (changes OR c.due_at IS DISTINCT FROM :due_at OR c.due_zone IS DISTINCT FROM :due_zone)
                        RETURNING c.id, c.revision, changes),
                    revised AS (
                        INSERT INTO revisions (content_id, number, canonical, editor)
                        SELECT id, revision, :canonical, :editor FROM edited WHERE changes),
                    audited AS (
                        INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                        SELECT :editor, :token, CASE WHEN changes THEN 'content.edited' ELSE 'content.planned' END,
                               'content', id::text,
                               jsonb_build_object('revision', revision, 'outlets', to_jsonb(:outlets), 'due_at', CAST(:due_at AS timestamptz))
                        FROM edited)
                    SELECT true FROM before""");
            return bindPlan(statement, plan)
                    .bind("id", id)
                    .bind("editor", editor.id())
                    .bind("token", editor.token())
                    .bind("canonical", manuscript.canonical())
                    .bind("expected", expected)
                    .mapTo(Boolean.class)
                    .findOne()
                    .isPresent();
        });
        Content now = get(id);
        if (!edited) {
            throw new RefusedException(
                    ErrorCode.STALE_REVISION,
                    "revision %d is current; read it, and send your edit again".formatted(now.revision()));
        }
        return now;
    }

    /** Whether this content is there and names no outlet beyond; so that what lies outside is not there. */
    public boolean isWithin(OutletScope scope, UUID id) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT EXISTS (
                            SELECT FROM content WHERE id = :id
                              AND (CAST(:outlets AS text[]) IS NULL OR outlets <@ CAST(:outlets AS text[])))""")
                .bind("id", id)
                .bindByType("outlets", scope.names(), String[].class)
                .mapTo(Boolean.class)
                .one());
    }

    /** @throws RefusedException NOT_FOUND */
    public Content get(UUID id) {
        return jdbi.withHandle(handle -> find(handle, id)).orElseThrow(() -> nothing(id));
    }

    /**
     * The newest content first.
     *
     * @param scope only content that names no outlet beyond
     * @param state only content in this state, or all when null
     * @param after the position of the last line of the page before, or null for the first page
     */
    public List<Content.Line> list(
            OutletScope scope, @Nullable ContentState state, @Nullable Position after, int limit) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT c.id, c.state, c.revision, c.outlets, c.due_at, c.due_local, c.due_zone,
                               c.created_at, c.updated_at, r.canonical::jsonb ->> 'title' AS title,
                               c.author, a.name AS author_name
                        FROM content c
                        JOIN revisions r ON r.content_id = c.id AND r.number = c.revision
                        JOIN people a ON a.id = c.author
                        WHERE (CAST(:outlets AS text[]) IS NULL OR c.outlets <@ CAST(:outlets AS text[]))
                          AND (CAST(:state AS text) IS NULL OR c.state = :state)
                          AND (CAST(:after_id AS uuid) IS NULL OR (c.created_at, c.id) < (:after_created_at, :after_id))
                        ORDER BY c.created_at DESC, c.id DESC
                        LIMIT :limit""")
                .bindByType("outlets", scope.names(), String[].class)
                .bind("state", state == null ? null : state.label())
                .bind("after_id", after == null ? null : after.id())
                .bind(
                        "after_created_at",
                        after == null ? null : after.createdAt().atOffset(ZoneOffset.UTC))
                .bind("limit", limit)
                .map((row, context) -> new Content.Line(
                        Rows.uuid(row, "id"),
                        ContentState.of(row.getString("state")),
                        row.getInt("revision"),
                        row.getString("title"),
                        Rows.plan(row),
                        Rows.name(row, "author"),
                        Rows.instant(row, "created_at"),
                        Rows.instant(row, "updated_at")))
                .list());
    }

    /** Every revision, the first one first. */
    public List<Content.Revision> revisions(UUID id) {
        List<Content.Revision> revisions = revisions(id, null);
        if (revisions.isEmpty()) {
            throw nothing(id);
        }
        return revisions;
    }

    /** @throws RefusedException NOT_FOUND */
    public Content.Revision revision(UUID id, int number) {
        return revisions(id, number).stream()
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.NOT_FOUND, "content %s has no revision %d".formatted(id, number)));
    }

    private List<Content.Revision> revisions(UUID id, @Nullable Integer number) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT r.number, r.canonical, encode(r.sha256, 'hex') AS sha256, r.created_at,
                               r.editor, p.name AS editor_name
                        FROM revisions r JOIN people p ON p.id = r.editor
                        WHERE r.content_id = :id AND r.number = coalesce(:number, r.number) ORDER BY r.number""")
                .bind("id", id)
                .bind("number", number)
                .map((row, context) -> new Content.Revision(
                        row.getInt("number"),
                        row.getString("sha256"),
                        Manuscript.parse(row.getString("canonical")),
                        Rows.name(row, "editor"),
                        Rows.instant(row, "created_at")))
                .list());
    }

    private static Optional<Content> find(Handle handle, UUID id) {
        return handle.createQuery(READ)
                .bind("id", id)
                .map((row, context) -> new Content(
                        id,
                        ContentState.of(row.getString("state")),
                        row.getInt("revision"),
                        row.getString("sha256"),
                        Manuscript.parse(row.getString("canonical")),
                        Rows.plan(row),
                        Rows.name(row, "author"),
                        Rows.name(row, "editor"),
                        row.getString("submitter") == null ? null : Rows.name(row, "submitter"),
                        Rows.instant(row, "created_at"),
                        Rows.instant(row, "updated_at")))
                .findOne();
    }

    private static RefusedException nothing(UUID id) {
        return new RefusedException(ErrorCode.NOT_FOUND, "there is no content " + id);
    }

    private static String fingerprint(String canonical, Content.Plan plan) {
        DueTime due = plan.due();
        return String.join(
                "\n", List.of(canonical, String.join(",", plan.outlets()), due == null ? "" : due.toString()));
    }

    private static <S extends SqlStatement<S>> S bindPlan(S statement, Content.Plan plan) {
        DueTime due = plan.due();
        return statement
                .bindArray("outlets", String.class, plan.outlets())
                .bind("due_at", due == null ? null : due.instant().atOffset(ZoneOffset.UTC))
                .bind("due_local", due == null ? null : due.local())
                .bind("due_zone", due == null ? null : due.zone().getId());
    }
}
