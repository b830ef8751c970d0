package dev.imprimatur.publishing.outlets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.imprimatur.publishing.content.Sha256;
import java.time.Instant;

/**
 * A page of the feed, ready to be served.
 *
 * @param etag a strong entity tag with its quotes: equal if and only if the bytes are equal
 * @param lastModified the last change of an entry on this page, or the epoch if there is none. It says less than the
 *     etag: it knows seconds only, and nothing of changed settings
 */
@SuppressWarnings("ArrayRecordComponent") // Served once and never compared: the etag stands for the bytes.
public record FeedDocument(byte[] bytes, String mediaType, String etag, Instant lastModified) {

    static FeedDocument of(String text, String mediaType, Instant lastModified) {
        byte[] bytes = text.getBytes(UTF_8);
        return new FeedDocument(bytes, mediaType, '"' + Sha256.hex(bytes) + '"', lastModified);
    }
}
