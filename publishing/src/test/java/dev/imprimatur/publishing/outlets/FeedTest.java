package dev.imprimatur.publishing.outlets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.publishing.content.Manuscript;
import dev.imprimatur.publishing.content.Variant;
import dev.imprimatur.publishing.database.TestDatabase;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedTest {
    private static final URI URL = URI.create("https://example.org/feed.xml");
    private static final UUID SUBJECT = UUID.fromString("00000000-0000-4000-8000-000000000001");

    private static final TestDatabase DATABASE = TestDatabase.create().withoutTheFeedsGate();

    private final Feed feed = new Feed(DATABASE.app(), URL);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() {
        DATABASE.superuser().useHandle(handle -> handle.execute("TRUNCATE feed_entries"));
    }

    private static Post post(int revision, String payload) {
        return new Post(UUID.randomUUID(), SUBJECT, revision, payload);
    }

    private List<Map<String, Object>> rows() {
        return DATABASE.superuser()
                .withHandle(handle -> handle.createQuery("SELECT * FROM feed_entries ORDER BY subject")
                        .mapToMap()
                        .list());
    }

    @Test
    void thePayloadIsCompactJsonWithItsKeysInOneOrder() {
        Manuscript manuscript = new Manuscript(
                "A \"title\" & 😀",
                "Some *text* </script>",
                "https://example.org/a?b=1&c=2",
                "de-AT",
                Collections.emptySortedMap());

        assertThat(feed.render(manuscript))
                .isEqualTo("{\"title\":\"A \\\"title\\\" & 😀\",\"link\":\"https://example.org/a?b=1&c=2\","
                        + "\"lang\":\"de-AT\",\"content_html\":\"<p>Some <em>text</em> </p>\"}");
        assertThat(feed.render(manuscript)).isEqualTo(feed.render(manuscript));
    }

    @Test
    void aManuscriptWithoutALinkHasNoneAndTheFeedsOwnVariantCounts() {
        Manuscript manuscript =
                new Manuscript("T", "b", null, "en", new TreeMap<>(Map.of("feed", new Variant("Other", null, null))));

        assertThat(feed.render(manuscript))
                .isEqualTo("{\"title\":\"Other\",\"link\":null,\"lang\":\"en\",\"content_html\":\"<p>b</p>\"}")
                .isEqualTo(feed.render(manuscript.forOutlet("feed")));
    }

    @Test
    void aPostIsStoredAsApprovedAndItsPermanentIdIsTold() {
        Post post = post(1, "exactly these bytes 😀");

        assertThat(feed.deliver(post)).isEqualTo(new Delivery.Accepted("urn:uuid:" + SUBJECT, URL));
        assertThat(rows())
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("subject", SUBJECT)
                        .containsEntry("key", post.key())
                        .containsEntry("revision", 1)
                        .containsEntry("payload", post.payload()));
    }

    @Test
    void theSamePostAgainChangesNothingAndIsAcceptedLikeTheFirst() {
        Post post = post(1, "a");
        Delivery first = feed.deliver(post);
        List<Map<String, Object>> before = rows();

        assertThat(feed.deliver(post)).isEqualTo(first);
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void aLaterRevisionTakesThePlaceAndKeepsIdAndFirstPublication() {
        Delivery first = feed.deliver(post(1, "a"));
        Map<String, Object> before = rows().getFirst();
        Post edited = post(3, "b");

        assertThat(feed.deliver(edited)).isEqualTo(first);
        assertThat(rows()).singleElement().satisfies(row -> {
            assertThat(row)
                    .containsEntry("key", edited.key())
                    .containsEntry("revision", 3)
                    .containsEntry("payload", "b")
                    .containsEntry("published_at", before.get("published_at"));
            assertThat(row.get("updated_at")).isNotEqualTo(before.get("updated_at"));
        });
    }

    @Test
    void anOlderRevisionNeverOverwritesANewer() {
        feed.deliver(post(2, "new"));
        List<Map<String, Object>> before = rows();

        assertThat(feed.deliver(post(1, "old")))
                .isEqualTo(new Delivery.Refused("revision 2 stands in the feed, which is newer"));
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void theSameRevisionUnderAnotherKeyIsAcceptedOnlyIfItsBytesAreThere() {
        feed.deliver(post(2, "bytes"));
        List<Map<String, Object>> before = rows();

        assertThat(feed.deliver(post(2, "bytes"))).isInstanceOf(Delivery.Accepted.class);
        assertThat(feed.deliver(post(2, "others")))
                .isEqualTo(new Delivery.Refused("revision 2 stands in the feed with other bytes"));
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void manyAtOnceLeaveOneEntryAndItIsTheNewest() throws Exception {
        List<Callable<Delivery>> posts = IntStream.range(0, 24)
                .mapToObj(i -> post(1 + i % 8, "revision " + (1 + i % 8)))
                .<Callable<Delivery>>map(post -> () -> feed.deliver(post))
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Delivery> delivery : threads.invokeAll(posts)) {
                assertThat(delivery.get()).isNotInstanceOf(Delivery.Unknown.class);
            }
        }

        assertThat(rows())
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("revision", 8).containsEntry("payload", "revision 8"));
    }

    @Test
    void theSamePostManyTimesAtOnceIsAcceptedEachTime() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 50; round++) {
                Post post = new Post(UUID.randomUUID(), UUID.randomUUID(), 1, "x");
                List<Callable<Delivery>> same = Collections.nCopies(8, () -> feed.deliver(post));
                for (Future<Delivery> delivery : threads.invokeAll(same)) {
                    assertThat(delivery.get()).isInstanceOf(Delivery.Accepted.class);
                }
            }
        }
        assertThat(rows()).hasSize(50);
    }

    @Test
    void whatTheDatabaseRefusesIsAnException() {
        Post post = post(1, "a");
        feed.deliver(post);

        assertThatThrownBy(() -> feed.deliver(new Post(post.key(), UUID.randomUUID(), 1, "a")))
                .hasMessageContaining("feed_entries_key_key");
        assertThat(rows()).hasSize(1);
    }

    @Test
    void aDatabaseOutOfReachIsAnException() {
        Feed nowhere = new Feed(Jdbi.create("jdbc:postgresql://127.0.0.1:1/none?user=none"), URL);

        assertThatThrownBy(() -> nowhere.deliver(post(1, "a"))).isInstanceOf(RuntimeException.class);
    }

    @Test
    void anAnswerLostOnTheWayIsUnknownAndTheSamePostAgainIsSafe() throws Exception {
        Post second = post(2, "b");
        feed.deliver(post(1, "a"));
        try (ExecutorService threads = Executors.newSingleThreadExecutor();
                Handle other = DATABASE.superuser().open()) {
            other.begin();
            other.execute("SELECT FROM feed_entries FOR UPDATE");
            Future<Delivery> delivery = threads.submit(() -> feed.deliver(second));
            while (terminateWhoWaits(other) == 0) {
                Thread.onSpinWait();
            }
            assertThat(delivery.get()).isEqualTo(new Delivery.Unknown("the database went away while it answered"));
            other.rollback();
        }

        assertThat(feed.deliver(second)).isInstanceOf(Delivery.Accepted.class);
        assertThat(rows()).singleElement().satisfies(row -> assertThat(row).containsEntry("payload", "b"));
    }

    private static int terminateWhoWaits(Handle handle) {
        return handle.createQuery("""
                        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'""").mapTo(Integer.class).one();
    }
}
