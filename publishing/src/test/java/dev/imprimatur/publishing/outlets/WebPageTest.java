package dev.imprimatur.publishing.outlets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.content.Sha256;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WebPageTest {
    private static final UUID SUBJECT = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final Instant THEN = Instant.parse("2026-12-01T08:00:00Z");

    private static String page(String title, @Nullable String link, String html) {
        return page(new FeedPage.Entry(SUBJECT, new FeedPayload(title, link, "en", html), THEN, THEN));
    }

    private static String page(FeedPage.Entry... entries) {
        return WebPage.of(
                new FeedPage(List.of(entries), null, null),
                new FeedSettings(
                        UUID.randomUUID(), URI.create("https://a.example/news"), "News & <views>", "\"A\" <b>"));
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from) + from.length();
        return text.substring(start, text.indexOf(to, start));
    }

    @Test
    void whatWasApprovedStandsInItByteForByte() {
        String html = SafeHtml.ofMarkdown("Some *text*, 5 % & <kbd>%s</kbd>\n\n    $1 \\1\n\n\u2028 😀");

        assertThat(page("T", null, html)).contains("<div class=\"content\">\n" + html + "\n</div>");
    }

    @Test
    void whatIsNotHtmlIsEscaped() {
        String page = page("1 < 2 & \"</h2><script>alert(1)</script>", "https://a.example/?a=1&b=\"", "<p>x</p>");

        assertThat(page)
                .contains("<h2><a href=\"https://a.example/?a=1&amp;b=&quot;\">"
                        + "1 &lt; 2 &amp; &quot;&lt;/h2&gt;&lt;script&gt;alert(1)&lt;/script&gt;</a></h2>")
                .contains("<title>News &amp; &lt;views&gt;</title>")
                .contains("<p dir=\"auto\">&quot;A&quot; &lt;b&gt;</p>")
                .doesNotContain("<script", "<b>");
    }

    @ParameterizedTest
    @MethodSource("dev.imprimatur.publishing.outlets.Attacks#all")
    void noAttackSurvivesInTitleOrText(String attack) {
        String page = page(attack, null, SafeHtml.ofMarkdown("harmless\n\n" + attack));

        assertThat(StrictHtml.faultOf(between(page, "<h2>", "</h2>").replace("&quot;", "&#34;")))
                .isNull();
        assertThat(StrictHtml.faultOf(between(page, "<div class=\"content\">\n", "\n</div>\n</article>")))
                .isNull();
    }

    @Test
    void theBrowserIsToldToRunNothingAndToKnowOurStyleByItsHash() {
        String style = between(page("T", null, "<p>x</p>"), "<style>", "</style>");
        String hash = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(Sha256.hex(style.getBytes(UTF_8))));

        assertThat(WebPage.CONTENT_SECURITY_POLICY)
                .startsWith("default-src 'none'; style-src 'sha256-" + hash + "';")
                .doesNotContain("script-src", "unsafe");
        assertThat(style).contains("prefers-color-scheme: dark").doesNotContain("<", "url(", "@import");
    }

    @Test
    void feedReadersFindTheFeedsAndPeopleFindThePlaceOfAPost() {
        assertThat(page("T", null, "<p>x</p>"))
                .contains("<link rel=\"alternate\" type=\"application/atom+xml\"", "href=\"feed.xml\">")
                .contains("<link rel=\"alternate\" type=\"application/feed+json\"", "href=\"feed.json\">")
                .contains("<article id=\"" + SUBJECT + "\" lang=\"en\" dir=\"auto\">")
                .contains("<a href=\"#" + SUBJECT + "\"><time datetime=\"2026-12-01T08:00:00Z\">"
                        + "1 December 2026, 08:00 UTC</time></a>");
    }

    @Test
    void aChangedPostTellsWhen() {
        FeedPayload payload = new FeedPayload("T", null, "en", "<p>x</p>");

        assertThat(page("T", null, "<p>x</p>")).doesNotContain("changed");
        assertThat(page(new FeedPage.Entry(SUBJECT, payload, THEN, THEN.plusSeconds(60))))
                .contains(", changed <time datetime=\"2026-12-01T08:01:00Z\">");
    }

    @Test
    void olderPostsAreALinkAway() {
        FeedPage.Cursor next = new FeedPage.Cursor(THEN, SUBJECT);
        FeedPage page = new FeedPage(List.of(), null, next);
        FeedSettings settings = new FeedSettings(SUBJECT, URI.create("https://a.example"), "N", "N");

        assertThat(WebPage.of(page, settings)).contains("<a rel=\"next\" href=\"?cursor=" + next + "\">");
        assertThat(page("T", null, "<p>x</p>")).doesNotContain("rel=\"next\"");
    }

    @Test
    void nothingPublishedIsSaid() {
        assertThat(page()).contains("Nothing has been published yet.");
    }
}
