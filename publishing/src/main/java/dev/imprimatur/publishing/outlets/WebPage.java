package dev.imprimatur.publishing.outlets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.imprimatur.publishing.content.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

/** A page of the feed for people: without any script, and with what was approved standing in it byte for byte. */
public final class WebPage {
    private static final String STYLE = style();
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** What a browser may do with the page, should anything ever slip into it: show it, with our style and images. */
    public static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; style-src 'sha256-%s'; img-src 'self' https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                    .formatted(Base64.getEncoder().encodeToString(HexFormat.of().parseHex(Sha256.hex(STYLE))));

    private final StringBuilder html = new StringBuilder();

    private WebPage() {}

    static String of(FeedPage page, FeedSettings settings) {
        WebPage written = new WebPage();
        written.head(page, settings);
        page.entries().forEach(written::article);
        written.foot(page);
        return written.html.toString();
    }

    // Every address is relative: a proxy may show this page under another name and path.
    private void head(FeedPage page, FeedSettings settings) {
        String title = escaped(settings.title());
        html.append("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="referrer" content="no-referrer">
                <title>%s</title>
                <link rel="alternate" type="application/atom+xml" title="%s" href="feed.xml">
                <link rel="alternate" type="application/feed+json" title="%s" href="feed.json">
                <style>%s</style>
                </head>
                <body>
                <header>
                <h1 dir="auto"><a href="./">%s</a></h1>
                """.formatted(title, title, title, STYLE, title));
        if (!settings.author().equals(settings.title())) {
            html.append("<p dir=\"auto\">").append(escaped(settings.author())).append("</p>\n");
        }
        html.append("""
                <nav><a href="feed.xml">Atom</a> <a href="feed.json">JSON Feed</a></nav>
                </header>
                <main>
                """);
        if (page.entries().isEmpty()) {
            html.append("<article><h2>Nothing has been published yet.</h2></article>\n");
        }
    }

    private void article(FeedPage.Entry entry) {
        FeedPayload payload = entry.payload();
        String title = escaped(payload.title());
        html.append("""
                <article id="%s" lang="%s" dir="auto">
                <h2>%s</h2>
                <p class="when" lang="en" dir="ltr"><a href="#%s">%s</a>%s</p>
                <div class="content">
                """.formatted(
                entry.subject(),
                escaped(payload.lang()),
                payload.link() == null ? title : "<a href=\"%s\">%s</a>".formatted(escaped(payload.link()), title),
                entry.subject(),
                time(entry.publishedAt()),
                entry.updatedAt().isAfter(entry.publishedAt()) ? ", changed " + time(entry.updatedAt()) : ""));
        html.append(payload.contentHtml()).append("\n</div>\n</article>\n");
    }

    private void foot(FeedPage page) {
        html.append(
                "</main>\n<footer>\n<span>Each post was approved, byte for byte, by somebody who did not write it.</span>\n");
        if (page.next() != null) {
            html.append("<a rel=\"next\" href=\"?cursor=%s\">Older posts</a>\n".formatted(page.next()));
        }
        html.append("</footer>\n</body>\n</html>\n");
    }

    private static String time(Instant instant) {
        return "<time datetime=\"%s\">%s</time>".formatted(instant, DAY.format(instant));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String style() {
        try (InputStream css = Objects.requireNonNull(WebPage.class.getResourceAsStream("web-page.css"))) {
            return new String(css.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
