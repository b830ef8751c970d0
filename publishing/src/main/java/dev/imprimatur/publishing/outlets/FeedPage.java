package dev.imprimatur.publishing.outlets;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Entries, newest first, and what leads to the older ones. The order is that of first publication: an edit does not
 * move an entry, so that nobody who walks the pages meets one twice or misses one.
 */
record FeedPage(
        List<Entry> entries,
        @Nullable Cursor self,
        @Nullable Cursor next) {

    record Entry(UUID subject, FeedPayload payload, Instant publishedAt, Instant updatedAt) {}

    static FeedPage read(Jdbi jdbi, @Nullable Cursor after, int size) {
        List<Entry> entries = jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT subject, payload, published_at, updated_at
                        FROM feed_entries
                        WHERE (published_at, subject) < (:published_at, :subject)
                        ORDER BY published_at DESC, subject DESC
                        LIMIT :limit""")
                .bind("published_at", after == null ? OffsetDateTime.MAX : after.publishedAt.atOffset(ZoneOffset.UTC))
                .bind("subject", after == null ? new UUID(-1, -1) : after.subject)
                .bind("limit", size + 1)
                .map((row, context) -> new Entry(
                        row.getObject("subject", UUID.class),
                        FeedPayload.parse(row.getString("payload")),
                        row.getObject("published_at", OffsetDateTime.class).toInstant(),
                        row.getObject("updated_at", OffsetDateTime.class).toInstant()))
                .list());
        if (entries.size() <= size) {
            return new FeedPage(entries, after, null);
        }
        Entry last = entries.get(size - 1);
        return new FeedPage(entries.subList(0, size), after, new Cursor(last.publishedAt, last.subject));
    }

    /** The epoch when there is no entry: a document needs some instant, and the same one each time. */
    Instant updatedAt() {
        return entries.stream()
                .map(Entry::updatedAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** The entry after which a page begins, as {@code <microseconds>.<uuid>}. */
    record Cursor(Instant publishedAt, UUID subject) {
        private static final Pattern FORM =
                Pattern.compile("([0-9]{1,17})\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

        static Cursor parse(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new RefusedException(ErrorCode.MALFORMED, "this cursor did not come from a page of the feed");
            }
            return new Cursor(
                    Instant.EPOCH.plus(Long.parseLong(form.group(1)), ChronoUnit.MICROS),
                    UUID.fromString(form.group(2)));
        }

        URI on(URI document) {
            return URI.create(document + "?cursor=" + this);
        }

        @Override
        public String toString() {
            return ChronoUnit.MICROS.between(Instant.EPOCH, publishedAt) + "." + subject;
        }
    }
}
