package dev.imprimatur.publishing.outlets;

import dev.imprimatur.publishing.RefusedException;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * The feed as readers fetch it, in pages of fifty. A page costs one query, and equal entries and settings give equal
 * bytes.
 */
public final class FeedDocuments {
    private static final int PAGE = 50;

    private final Jdbi jdbi;
    private final FeedSettings settings;

    public FeedDocuments(Jdbi jdbi, FeedSettings settings) {
        this.jdbi = jdbi;
        this.settings = settings;
    }

    /**
     * Atom 1.0 (RFC 4287), paged as in RFC 5005.
     *
     * @param cursor from the link to the next page; null for the newest entries
     * @throws RefusedException if the cursor is none
     */
    public FeedDocument atom(@Nullable String cursor) {
        FeedPage page = page(cursor);
        return FeedDocument.of(Atom.of(page, settings), "application/atom+xml; charset=utf-8", page.updatedAt());
    }

    /**
     * JSON Feed 1.1.
     *
     * @param cursor from {@code next_url}; null for the newest entries
     * @throws RefusedException if the cursor is none
     */
    public FeedDocument json(@Nullable String cursor) {
        FeedPage page = page(cursor);
        return FeedDocument.of(JsonFeed.of(page, settings), "application/feed+json", page.updatedAt());
    }

    /**
     * The same entries for people with a browser, to be served with {@link WebPage#CONTENT_SECURITY_POLICY}.
     *
     * @param cursor from the link to the older posts; null for the newest entries
     * @throws RefusedException if the cursor is none
     */
    public FeedDocument html(@Nullable String cursor) {
        FeedPage page = page(cursor);
        return FeedDocument.of(WebPage.of(page, settings), "text/html; charset=utf-8", page.updatedAt());
    }

    private FeedPage page(@Nullable String cursor) {
        return FeedPage.read(jdbi, cursor == null ? null : FeedPage.Cursor.parse(cursor), PAGE);
    }
}
