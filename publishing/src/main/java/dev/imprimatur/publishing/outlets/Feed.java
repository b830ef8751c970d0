package dev.imprimatur.publishing.outlets;

import dev.imprimatur.publishing.content.Manuscript;
import java.net.URI;
import java.sql.SQLException;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementException;

/**
 * The feed that this server serves itself, so that an installation without any account truly publishes. An entry is
 * keyed by its subject: a later revision takes its place and keeps its permanent id.
 */
public final class Feed implements Outlet {
    public static final String NAME = "feed";

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String CONNECTION_FAILURE = "08006";

    private final Jdbi jdbi;
    private final URI url;

    /** @param url where readers find the feed, told with each delivery */
    public Feed(Jdbi jdbi, URI url) {
        this.jdbi = jdbi;
        this.url = url;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String render(Manuscript manuscript) {
        Manuscript mine = manuscript.forOutlet(NAME);
        return new FeedPayload(mine.title(), mine.link(), mine.lang(), SafeHtml.ofMarkdown(mine.body())).toJson();
    }

    @Override
    public AfterUnknown afterUnknown() {
        return AfterUnknown.REPEAT;
    }

    /** @throws RuntimeException if the database refused, so that nothing was written */
    @Override
    public Delivery deliver(Post post) {
        try {
            return putTwice(post);
        } catch (StatementException e) {
            if (mayHaveCommitted(stateOf(e))) {
                return new Delivery.Unknown("the database went away while it answered");
            }
            throw e;
        }
    }

    // Two first deliveries of one post at once can meet in the index of the keys, which ON CONFLICT does not watch.
    // When one of them is told so, the other has committed.
    private Delivery putTwice(Post post) {
        try {
            return putOrExplain(post);
        } catch (StatementException e) {
            if (stateOf(e).equals(UNIQUE_VIOLATION)) {
                return putOrExplain(post);
            }
            throw e;
        }
    }

    private Delivery putOrExplain(Post post) {
        return jdbi.withHandle(handle -> put(handle, post) ? accepted(post) : standing(handle, post));
    }

    private static boolean put(Handle handle, Post post) {
        return handle.createUpdate("""
                        INSERT INTO feed_entries AS kept (subject, key, revision, payload)
                        VALUES (:subject, :key, :revision, :payload)
                        ON CONFLICT (subject) DO UPDATE
                        SET key = excluded.key, revision = excluded.revision, payload = excluded.payload,
                            updated_at = now()
                        WHERE kept.revision < excluded.revision""")
                        .bind("subject", post.subject())
                        .bind("key", post.key())
                        .bind("revision", post.revision())
                        .bind("payload", post.payload())
                        .execute()
                == 1;
    }

    /** The entry was not touched: because these bytes stand there already, or because others must not be overwritten. */
    private Delivery standing(Handle handle, Post post) {
        Entry entry = handle.createQuery("SELECT key, revision, payload FROM feed_entries WHERE subject = :subject")
                .bind("subject", post.subject())
                .map((row, context) ->
                        new Entry(row.getObject("key", UUID.class), row.getInt("revision"), row.getString("payload")))
                .one();
        boolean same = entry.revision == post.revision() && entry.payload.equals(post.payload());
        if (same || entry.key.equals(post.key())) {
            return accepted(post);
        }
        return new Delivery.Refused(
                entry.revision == post.revision()
                        ? "revision %d stands in the feed with other bytes".formatted(entry.revision)
                        : "revision %d stands in the feed, which is newer".formatted(entry.revision));
    }

    private Delivery.Accepted accepted(Post post) {
        return new Delivery.Accepted(entryId(post.subject()), url);
    }

    /** Permanent, as RFC 4287 demands: neither a new revision nor a new host name changes it. */
    static String entryId(UUID subject) {
        return "urn:uuid:" + subject;
    }

    private static String stateOf(StatementException failure) {
        return failure.getCause() instanceof SQLException sql && sql.getSQLState() != null
                ? sql.getSQLState()
                : CONNECTION_FAILURE;
    }

    // 08: the connection broke; 57P: the server was shut down or crashed. Any other answer tells of a roll-back.
    private static boolean mayHaveCommitted(String state) {
        return state.startsWith("08") || state.startsWith("57P");
    }

    private record Entry(UUID key, int revision, String payload) {}
}
