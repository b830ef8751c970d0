package dev.imprimatur.publishing.outlets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rometools.rome.feed.synd.SyndEntry;
import com.rometools.rome.feed.synd.SyndFeed;
import com.rometools.rome.feed.synd.SyndLink;
import com.rometools.rome.io.SyndFeedInput;
import dev.imprimatur.publishing.content.Manuscript;
import dev.imprimatur.publishing.database.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FeedDocumentsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final UUID INSTALLATION = UUID.fromString("00000000-0000-4000-8000-00000000000f");
    private static final FeedSettings SETTINGS =
            new FeedSettings(INSTALLATION, URI.create("https://example.org/news"), "News & <views>", "Åsa \"A\" 😀");

    private static final TestDatabase DATABASE = TestDatabase.create().withoutTheFeedsGate();

    private final Feed feed = new Feed(DATABASE.app(), SETTINGS.atomUrl());
    private final FeedDocuments documents = new FeedDocuments(DATABASE.app(), SETTINGS);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() {
        DATABASE.superuser().useHandle(handle -> handle.execute("TRUNCATE feed_entries"));
    }

    private static UUID subject(int number) {
        return UUID.fromString("00000000-0000-4000-8000-%012d".formatted(number));
    }

    private void publish(int subject, int revision, String title, String body, @Nullable String link, String lang) {
        String payload = feed.render(new Manuscript(title, body, link, lang, Collections.emptySortedMap()));
        assertThat(feed.deliver(new Post(UUID.randomUUID(), subject(subject), revision, payload)))
                .isInstanceOf(Delivery.Accepted.class);
    }

    private void publish(int subject, String title) {
        publish(subject, 1, title, "Body of " + title, null, "en");
    }

    private static SyndFeed rome(FeedDocument document) throws Exception {
        return new SyndFeedInput().build(new StringReader(new String(document.bytes(), UTF_8)));
    }

    private static Document xml(FeedDocument document) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(document.bytes()));
    }

    private static @Nullable String linkOf(SyndFeed feed, String rel) {
        return feed.getLinks().stream()
                .filter(link -> link.getRel().equals(rel))
                .map(SyndLink::getHref)
                .findFirst()
                .orElse(null);
    }

    @Test
    void atomIsReadByAnotherProgramAsWritten() throws Exception {
        publish(1, 1, "First", "Some *text*", "https://example.org/a?b=1&c=2", "de-AT");

        FeedDocument document = documents.atom(null);
        SyndFeed read = rome(document);
        SyndEntry entry = read.getEntries().getFirst();
        Element raw = (Element) xml(document).getElementsByTagName("entry").item(0);

        assertThat(document.mediaType()).isEqualTo("application/atom+xml; charset=utf-8");
        assertThat(read.getFeedType()).isEqualTo("atom_1.0");
        assertThat(read.getUri()).isEqualTo("urn:uuid:" + INSTALLATION);
        assertThat(read.getTitle()).isEqualTo("News & <views>");
        assertThat(read.getAuthors().getFirst().getName()).isEqualTo("Åsa \"A\" 😀");
        assertThat(linkOf(read, "self")).isEqualTo("https://example.org/news/feed.xml");
        assertThat(linkOf(read, "next")).isNull();
        assertThat(entry.getUri()).isEqualTo("urn:uuid:" + subject(1));
        assertThat(entry.getTitle()).isEqualTo("First");
        assertThat(entry.getLink()).isEqualTo("https://example.org/a?b=1&c=2");
        assertThat(entry.getContents().getFirst().getType()).isEqualTo("html");
        assertThat(entry.getContents().getFirst().getValue()).isEqualTo("<p>Some <em>text</em></p>");
        assertThat(entry.getPublishedDate()).isEqualTo(entry.getUpdatedDate());
        assertThat(read.getPublishedDate()).isEqualTo(entry.getUpdatedDate());
        assertThat(raw.getAttribute("xml:lang")).isEqualTo("de-AT");
    }

    @Test
    void jsonFollowsTheRulesOfJsonFeed() {
        publish(1, 1, "First", "Some *text*", "https://example.org/a", "de-AT");
        publish(2, 1, "Second", "x", null, "en");

        FeedDocument document = documents.json(null);
        JsonNode json = JSON.readTree(document.bytes());

        assertThat(document.mediaType()).isEqualTo("application/feed+json");
        assertThat(json.propertyNames())
                .containsExactly("version", "title", "home_page_url", "feed_url", "authors", "items");
        assertThat(json.path("version").stringValue()).isEqualTo("https://jsonfeed.org/version/1.1");
        assertThat(json.path("title").stringValue()).isEqualTo("News & <views>");
        assertThat(json.path("feed_url").stringValue()).isEqualTo("https://example.org/news/feed.json");
        assertThat(json.path("authors").path(0).path("name").stringValue()).isEqualTo("Åsa \"A\" 😀");
        assertThat(json.path("items")).hasSize(2);
        JsonNode second = json.path("items").path(0);
        JsonNode first = json.path("items").path(1);
        assertThat(first.propertyNames())
                .containsExactly("id", "url", "title", "content_html", "date_published", "date_modified", "language");
        assertThat(first.path("id").stringValue()).isEqualTo("urn:uuid:" + subject(1));
        assertThat(first.path("url").stringValue()).isEqualTo("https://example.org/a");
        assertThat(first.path("content_html").stringValue()).isEqualTo("<p>Some <em>text</em></p>");
        assertThat(first.path("language").stringValue()).isEqualTo("de-AT");
        assertThat(OffsetDateTime.parse(first.path("date_published").stringValue())
                        .toInstant())
                .isEqualTo(document.lastModified().minus(gapBetween(second, first)));
        assertThat(second.has("url")).isFalse();
    }

    private static Duration gapBetween(JsonNode second, JsonNode first) {
        return Duration.between(
                Instant.parse(first.path("date_published").stringValue()),
                Instant.parse(second.path("date_modified").stringValue()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "]]> ]]&gt; <![CDATA[x]]>",
                "Tom & Jerry &amp; &lt;b&gt; &#0; &nbsp;",
                "<b>not bold</b> <!-- -->",
                "\"double\" 'single' `back`",
                "😀 👩‍👩‍👧 é e\u0301 𝒳",
                "שלום עולם \u202bRTL\u202c سلام",
                "\u2028\u00a0 \\u0000 \\n %00 {{x}}"
            })
    void anyTextIsReadBackAsItIs(String text) throws Exception {
        String title = text.replace("\u2028", "");
        publish(1, 1, title, "```\n" + text + "\n```", null, "he");

        SyndEntry entry = rome(documents.atom(null)).getEntries().getFirst();
        JsonNode item =
                JSON.readTree(documents.json(null).bytes()).path("items").path(0);
        String html = item.path("content_html").stringValue();

        assertThat(entry.getTitle()).isEqualTo(title);
        assertThat(item.path("title").stringValue()).isEqualTo(title);
        assertThat(entry.getContents().getFirst().getValue()).isEqualTo(html);
        assertThat(StrictHtml.faultOf(html)).isNull();
    }

    @Test
    void charactersThatXmlCannotWriteDoNotBreakTheFeed() throws Exception {
        String payload = new FeedPayload("a\u0000b\u001bc\uffffd\ud800e", null, "en", "x\u0008\ry\ufffez").toJson();
        DATABASE.superuser()
                .useHandle(handle -> handle.createUpdate("""
                        INSERT INTO feed_entries (subject, key, revision, payload)
                        VALUES (gen_random_uuid(), gen_random_uuid(), 1, :payload)""")
                        .bind("payload", payload.replace("\ud800", "\\ud800"))
                        .execute());

        SyndEntry entry = rome(documents.atom(null)).getEntries().getFirst();

        assertThat(entry.getTitle()).isEqualTo("a\ufffdb\ufffdc\ufffdd\ufffde");
        assertThat(entry.getContents().getFirst().getValue()).isEqualTo("x\ufffd\ny\ufffdz");
    }

    @Test
    void anEmptyFeedIsAFeed() throws Exception {
        SyndFeed read = rome(documents.atom(null));

        assertThat(read.getEntries()).isEmpty();
        assertThat(read.getPublishedDate()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(JSON.readTree(documents.json(null).bytes()).path("items")).isEmpty();
        assertThat(documents.atom(null).lastModified()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void anEditKeepsIdPlaceAndPublicationDateAndTellsItself() throws Exception {
        publish(1, "one");
        publish(2, "two");
        SyndEntry before = rome(documents.atom(null)).getEntries().get(1);
        publish(1, 2, "one, edited", "New text", null, "en");

        SyndFeed after = rome(documents.atom(null));
        SyndEntry edited = after.getEntries().get(1);
        assertThat(after.getEntries()).extracting(SyndEntry::getTitle).containsExactly("two", "one, edited");
        assertThat(edited.getUri()).isEqualTo(before.getUri());
        assertThat(edited.getPublishedDate()).isEqualTo(before.getPublishedDate());
        assertThat(edited.getUpdatedDate()).isAfterOrEqualTo(before.getUpdatedDate());
        assertThat(after.getPublishedDate()).isEqualTo(edited.getUpdatedDate());
        JsonNode item =
                JSON.readTree(documents.json(null).bytes()).path("items").path(1);
        assertThat(Instant.parse(item.path("date_modified").stringValue()))
                .isAfter(Instant.parse(item.path("date_published").stringValue()))
                .isEqualTo(documents.json(null).lastModified());
    }

    @Test
    void theEtagStandsForTheBytes() {
        publish(1, "one");
        FeedDocument before = documents.atom(null);
        FeedDocument again = documents.atom(null);
        publish(1, 2, "one", "Edited", null, "en");
        FeedDocument edited = documents.atom(null);
        publish(2, "two");
        FeedDocument grown = documents.atom(null);
        FeedDocument renamed = new FeedDocuments(
                        DATABASE.app(), new FeedSettings(INSTALLATION, SETTINGS.baseUrl(), "Renamed", "Åsa"))
                .atom(null);

        assertThat(before.etag()).matches("\"[0-9a-f]{64}\"");
        assertThat(again.etag()).isEqualTo(before.etag());
        assertThat(again.bytes()).isEqualTo(before.bytes());
        assertThat(List.of(
                        before.etag(),
                        edited.etag(),
                        grown.etag(),
                        renamed.etag(),
                        documents.json(null).etag()))
                .doesNotHaveDuplicates();
        assertThat(edited.lastModified()).isAfter(before.lastModified());
        assertThat(grown.lastModified()).isAfter(edited.lastModified());
    }
}
