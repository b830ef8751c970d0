package dev.imprimatur.server.api;

import dev.imprimatur.publishing.outlets.FeedDocument;
import dev.imprimatur.publishing.outlets.FeedDocuments;
import dev.imprimatur.publishing.outlets.WebPage;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;

/** What everybody may read: the feed, as a page and for feed readers, and whether the server is well. */
@RestController
final class FeedPages {
    private final ObjectProvider<FeedDocuments> documents;
    private final Jdbi jdbi;

    FeedPages(ObjectProvider<FeedDocuments> documents, Jdbi jdbi) {
        this.documents = documents;
        this.jdbi = jdbi;
    }

    @GetMapping("/")
    @Nullable
    ResponseEntity<byte[]> html(
            @RequestParam @Nullable String cursor, ServletWebRequest request, HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", WebPage.CONTENT_SECURITY_POLICY);
        return answer(documents.getObject().html(cursor), request);
    }

    @GetMapping("/feed.xml")
    @Nullable
    ResponseEntity<byte[]> atom(@RequestParam @Nullable String cursor, ServletWebRequest request) {
        return answer(documents.getObject().atom(cursor), request);
    }

    @GetMapping("/feed.json")
    @Nullable
    ResponseEntity<byte[]> json(@RequestParam @Nullable String cursor, ServletWebRequest request) {
        return answer(documents.getObject().json(cursor), request);
    }

    @GetMapping("/healthz")
    Map<String, String> health() {
        jdbi.useHandle(handle -> handle.execute("SELECT 1"));
        return Map.of("status", "serving");
    }

    /** Null where the reader has these bytes already: the request then carries its 304. */
    private static @Nullable ResponseEntity<byte[]> answer(FeedDocument document, ServletWebRequest request) {
        // By the tag alone: a date knows seconds only, and nothing of a feed that was given another name.
        if (request.checkNotModified(document.etag())) {
            return null;
        }
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, document.mediaType())
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic())
                .eTag(document.etag())
                .lastModified(document.lastModified())
                .body(document.bytes());
    }
}
