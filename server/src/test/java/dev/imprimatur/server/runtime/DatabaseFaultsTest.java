package dev.imprimatur.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.server.runtime.TestServer.Answer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that fails in the middle: what the reader of an answer is told, and that nothing is lost or doubled. */
class DatabaseFaultsTest {
    private static final String POST = "{\"title\":\"Hello\",\"body\":\"Some *text*\",\"outlets\":[\"feed\"]}";

    @TempDir
    private static Path folder;

    private static EmbeddedPostgres postgres;
    private static TestServer server;
    private static String operator;
    private static String approver;

    @BeforeAll
    static void start() {
        postgres = TestServer.postgres(
                EmbeddedPostgres.builder().setDataDirectory(folder).setCleanDataDirectory(false));
        server = TestServer.on(postgres, "?options=-c%20lock_timeout%3D300ms");
        operator = server.token(Role.OPERATOR);
        approver = server.token(Role.APPROVER);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        postgres.close();
    }

    @Test
    void connectionsThatAreCutAreReplacedAndTheDispatcherGoesOn() {
        assertThat(create("before-cut").status()).isEqualTo(201);
        superuser().useHandle(handle -> handle.execute("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'imprimatur_app'"""));
        Answer after = awaitAnswer(() -> create("after-cut"), answer -> answer.status() == 201);
        assertThat(create("after-cut").text("/id")).as("the same key again").isEqualTo(after.text("/id"));
        publish(after.text("/id"));
    }

    @Test
    void aServerThatIsGoneIsToldAsUnavailableUntilItIsBackAndNothingIsLost() throws IOException {
        String waiting = create("before-stop").text("/id");
        long contents = count("content");
        postgres.close();

        List<CompletableFuture<Answer>> asked = Stream.<Supplier<Answer>>of(
                        () -> create("meanwhile"),
                        () -> server.get("/api/content", operator),
                        () -> server.get("/healthz", null),
                        () -> server.get("/feed.xml", null))
                .map(CompletableFuture::supplyAsync)
                .toList();
        for (CompletableFuture<Answer> answer : asked) {
            assertTold(answer.join(), 503, "IM501");
        }

        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPort(postgres.getPort())
                .start();
        awaitAnswer(() -> server.get("/healthz", null), answer -> answer.status() == 200);
        awaitAnswer(() -> create("meanwhile"), answer -> answer.status() == 201);
        assertThat(count("content")).isEqualTo(contents + 1);
        publish(waiting);
    }

    @Test
    void aFullDiskWritesNothingAndTheSameKeySucceedsOnceThereIsRoom() {
        List<Long> before = counts();
        superuser().useHandle(handle -> handle.execute("""
                CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file: No space left on device';
                END $$;
                CREATE TRIGGER full_disk AFTER INSERT ON content FOR EACH ROW EXECUTE FUNCTION full_disk()"""));
        assertTold(create("full-disk"), 507, "IM502");
        assertThat(counts()).isEqualTo(before);

        superuser().useHandle(handle -> handle.execute("DROP FUNCTION full_disk CASCADE"));
        Answer created = create("full-disk");
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        assertThat(created.header("Idempotency-Replayed")).isNotEqualTo("true");
    }

    @Test
    void aLockThatIsNotHadInTimeIsToldAsBusyAndNothingIsWritten() {
        List<Long> before = counts();
        try (Handle migration = superuser().open()) {
            migration.begin();
            migration.execute("LOCK TABLE content IN ACCESS EXCLUSIVE MODE");
            assertTold(create("locked"), 503, "IM507");
            migration.rollback();
        }
        assertThat(counts()).isEqualTo(before);
        assertThat(create("locked").status()).isEqualTo(201);
    }

    private static void assertTold(Answer refused, int status, String code) {
        assertThat(refused.status()).as(refused.body()).isEqualTo(status);
        assertThat(refused.text("/code")).isEqualTo(code);
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(refused.header("Retry-After")).matches(status == 503 ? "[1-9]\\d*" : "");
    }

    /** Everything that creating content writes. */
    private static List<Long> counts() {
        return Stream.of("content", "revisions", "idempotency_keys", "audit")
                .map(DatabaseFaultsTest::count)
                .toList();
    }

    private static Jdbi superuser() {
        return Jdbi.create(postgres.getDatabase("postgres", "imprimatur"));
    }

    private static long count(String rows) {
        return superuser()
                .withHandle(handle -> handle.createQuery("SELECT count(*) FROM " + rows)
                        .mapTo(Long.class)
                        .one());
    }

    private static Answer create(String key) {
        return server.post("/api/content", operator, POST, "Idempotency-Key", key);
    }

    /** Through all its steps, of which the last is the dispatcher's. */
    private static void publish(String id) {
        server.post("/api/content/" + id + "/submission", operator, "");
        Answer rendition = server.get("/api/content/" + id + "/renditions", operator);
        Answer approval = server.post("/api/approvals", approver, """
                {"content_id":"%s","revision":1,"decision":"approved","renditions":[{"outlet":"feed","sha256":"%s"}]}""".formatted(id, rendition.text("/items/0/sha256")));
        assertThat(approval.status()).as(approval.body()).isEqualTo(201);
        String publication = server.post(
                        "/api/publications", operator, "{\"content_id\":\"%s\",\"outlet\":\"feed\"}".formatted(id))
                .text("/id");
        awaitAnswer(
                () -> server.get("/api/publications/" + publication, operator),
                answer -> answer.text("/state").equals("published"));
        assertThat(count("feed_entries WHERE subject = '" + id + "'")).isEqualTo(1);
    }

    /** Until then, everything else has to be an honest 503 or an answer that is not ready yet. */
    private static Answer awaitAnswer(Supplier<Answer> question, Predicate<Answer> wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        Answer answer = question.get();
        while (!wanted.test(answer)) {
            assertThat(answer.status()).as(answer.body()).isIn(200, 503);
            assertThat(System.nanoTime()).as(answer.body()).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            answer = question.get();
        }
        return answer;
    }
}
