package dev.imprimatur.publishing.outlets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rometools.rome.feed.synd.SyndFeed;
import com.rometools.rome.feed.synd.SyndLink;
import com.rometools.rome.io.SyndFeedInput;
import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.TestDatabase;
import java.io.StringReader;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FeedPageTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final UUID INSTALLATION = UUID.fromString("00000000-0000-4000-8000-00000000000f");
    private static final FeedSettings SETTINGS =
            new FeedSettings(INSTALLATION, URI.create("https://example.org/news"), "News & <views>", "Åsa \"A\" 😀");

    private static final TestDatabase DATABASE = TestDatabase.create().withoutTheFeedsGate();

    private final FeedDocuments documents = new FeedDocuments(DATABASE.app(), SETTINGS);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() {
        DATABASE.superuser().useHandle(handle -> handle.execute("TRUNCATE feed_entries"));
    }

    /** All at chosen instants, oldest first, so that order and text do not depend on the clock. */
    private void publishMany(int count) {
        DATABASE.superuser()
                .useHandle(
                        handle -> handle.createUpdate("""
                        INSERT INTO feed_entries (subject, key, revision, payload, published_at, updated_at)
                        SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, gen_random_uuid(), 1,
                               '{"title":"no. ' || n || '","link":null,"lang":"en","content_html":"<p>x</p>"}', at, at
                        FROM (SELECT n, timestamptz '2026-01-01 00:00:00.000001Z' + n / 3 * interval '1 second' AS at
                              FROM generate_series(1, :count) AS n) AS made""").bind("count", count).execute());
    }

    private static SyndFeed rome(FeedDocument document) throws Exception {
        return new SyndFeedInput().build(new StringReader(new String(document.bytes(), UTF_8)));
    }

    private static @Nullable String linkOf(SyndFeed feed, String rel) {
        return feed.getLinks().stream()
                .filter(link -> link.getRel().equals(rel))
                .map(SyndLink::getHref)
                .findFirst()
                .orElse(null);
    }

    @Test
    void pagesLeadToEachEntryOnceNewestFirst() throws Exception {
        publishMany(120);
        List<String> titles = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String url = SETTINGS.atomUrl().toString();
        while (url != null) {
            SyndFeed page = rome(documents.atom(cursorOf(url)));
            assertThat(page.getUri()).isEqualTo("urn:uuid:" + INSTALLATION);
            assertThat(linkOf(page, "self")).isEqualTo(url);
            assertThat(linkOf(page, "first"))
                    .isEqualTo(sizes.isEmpty() ? null : SETTINGS.atomUrl().toString());
            page.getEntries().forEach(entry -> titles.add(entry.getTitle()));
            sizes.add(page.getEntries().size());
            url = linkOf(page, "next");
        }

        assertThat(sizes).containsExactly(50, 50, 20);
        assertThat(titles)
                .hasSize(120)
                .doesNotHaveDuplicates()
                .startsWith("no. 120", "no. 119")
                .endsWith("no. 1");
    }

    @Test
    void jsonPagesLeadOnByTheirNextUrl() {
        publishMany(60);
        JsonNode first = JSON.readTree(documents.json(null).bytes());
        String next = first.path("next_url").stringValue();
        JsonNode second = JSON.readTree(documents.json(cursorOf(next)).bytes());

        assertThat(next).startsWith("https://example.org/news/feed.json?cursor=");
        assertThat(first.path("items")).hasSize(50);
        assertThat(second.path("items")).hasSize(10);
        assertThat(second.path("feed_url")).isEqualTo(first.path("feed_url"));
        assertThat(second.has("next_url")).isFalse();
    }

    @Test
    void exactlyOneFullPageHasNoNext() throws Exception {
        publishMany(50);

        assertThat(linkOf(rome(documents.atom(null)), "next")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1.x",
                "-1.00000000-0000-4000-8000-000000000001",
                "99999999999999999999.00000000-0000-4000-8000-000000000001",
                "1.00000000-0000-4000-8000-000000000001'--"
            })
    void aCursorThatIsNotOursIsRefused(String cursor) {
        assertThat(catchThrowableOfType(RefusedException.class, () -> documents.atom(cursor))
                        .code())
                .isEqualTo(ErrorCode.MALFORMED);
        assertThat(catchThrowableOfType(RefusedException.class, () -> documents.json(cursor))
                        .code())
                .isEqualTo(ErrorCode.MALFORMED);
    }

    @Test
    void aCursorFromBeforeTheFirstEntryGivesAnEmptyPage() throws Exception {
        publishMany(1);

        assertThat(rome(documents.atom("1.00000000-0000-4000-8000-000000000001"))
                        .getEntries())
                .isEmpty();
        assertThat(rome(documents.atom("99999999999999999.00000000-0000-4000-8000-000000000001"))
                        .getEntries())
                .hasSize(1);
    }

    private static @Nullable String cursorOf(String url) {
        int at = url.indexOf("?cursor=");
        return at < 0 ? null : url.substring(at + "?cursor=".length());
    }
}
