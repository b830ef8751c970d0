package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.Migrator.Loss;
import dev.imprimatur.migrations.Status.Standing;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class MigratorFaultsTest {

    private static final Patience HASTY = new Patience(
            Duration.ofMillis(100), Duration.ofSeconds(20), 4, Duration.ofMillis(20), Duration.ofSeconds(20));

    private final List<Progress> told = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private TestDatabase database;
    private TestFolder folder;

    @BeforeEach
    void aTableWithRows(@TempDir Path path) throws Exception {
        database = new TestDatabase();
        folder = new TestFolder(path).add("0000_initial_schema", """
                CREATE TABLE posts (id int PRIMARY KEY, title text);
                INSERT INTO posts SELECT n * 10, 'post ' || n FROM generate_series(1, 10) n;""", "DROP TABLE posts;");
        migrator().up();
    }

    @AfterEach
    void drop() throws Exception {
        database.close(); // ends every session first, so that a run that hangs ends too
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private Migrator migrator() {
        return migrator(told::add);
    }

    private Migrator migrator(Consumer<Progress> listener) {
        return new Migrator(database.url(), folder.read()).with(HASTY).with(listener);
    }

    private <P extends Progress> List<P> told(Class<P> kind) {
        return told.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private MigrationException stopped(Runnable run) {
        return catchThrowableOfType(MigrationException.class, run::run);
    }

    private String history() throws SQLException {
        return String.join(", ", database.rows("SELECT number || ' ' || state FROM migrate.history ORDER BY number"));
    }

    private void awaitBackend(String condition) throws SQLException {
        String sql =
                "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() AND "
                        + condition;
        while (database.value(sql).equals("0")) {
            Thread.onSpinWait();
        }
    }

    private void concurrentIndex(String kind) throws Exception {
        folder.add(
                "0001_expand_title_index",
                "-- migrate: no-transaction\nCREATE %s CONCURRENTLY posts_title ON posts (title);".formatted(kind),
                "-- migrate: no-transaction\nDROP INDEX CONCURRENTLY posts_title;");
    }

    @Test
    void runsAtTheSameTimeApplyEachMigrationOnce() throws Exception {
        folder.add("0001_expand_a", "CREATE TABLE a (); SELECT pg_sleep(0.2);", "DROP TABLE a;");
        folder.add("0002_expand_b", "CREATE TABLE b ();", "DROP TABLE b;");
        List<Future<Integer>> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            runs.add(threads.submit(() -> migrator().up().steps().size()));
        }
        int applied = 0;
        for (Future<Integer> run : runs) {
            applied += run.get();
        }
        assertThat(applied).isEqualTo(2);
        assertThat(history()).isEqualTo("0 applied, 1 applied, 2 applied");
    }

    @Test
    void aRunThatWaitsForAnotherDoesNotHoldUpAConcurrentIndexBuild() throws Exception {
        concurrentIndex("INDEX");
        CountDownLatch waiting = new CountDownLatch(1);
        try (Connection writer = database.open()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("UPDATE posts SET title = 'mine' WHERE id = 10");
            Future<Plan> builder = threads.submit(() -> migrator().up());
            awaitBackend("query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'");
            Future<Plan> other = threads.submit(
                    () -> migrator(progress -> waiting.countDown()).up());
            assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
            writer.commit();
            assertThat(builder.get(10, TimeUnit.SECONDS).steps()).hasSize(1);
            assertThat(other.get(10, TimeUnit.SECONDS).steps()).isEmpty();
        }
        assertThat(history()).isEqualTo("0 applied, 1 applied");
    }

    @Test
    void aRunThatNeverEndsIsNamedWithItsPid() throws Exception {
        folder.add("0001_expand_a", "CREATE TABLE a ();", "DROP TABLE a;");
        try (Connection holder = database.open();
                java.sql.Statement sql = holder.createStatement()) {
            sql.execute("SELECT pg_advisory_lock(" + 0x696D7072696D6174L + ")");
            String pid = database.value("SELECT pid FROM pg_locks WHERE locktype = 'advisory'");
            Patience short_ =
                    new Patience(HASTY.lock(), HASTY.concurrentLock(), 1, HASTY.pause(), Duration.ofMillis(1));
            MigrationException busy = stopped(() -> migrator().with(short_).up());
            assertThat(busy.reason()).isEqualTo(Reason.BUSY);
            assertThat(busy).hasMessageContaining("pid " + pid + " (imprimatur migrate, role postgres) since 20");
        }
    }

    @Test
    void aLockedTableIsTriedAgainUntilItIsFree() throws Exception {
        folder.add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slug;");
        try (Connection reader = database.open()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("LOCK TABLE posts IN ACCESS SHARE MODE");
            migrator(progress -> {
                        told.add(progress);
                        if (told(Progress.Retrying.class).size() == 2) {
                            rollBack(reader);
                        }
                    })
                    .up();
        }
        assertThat(told(Progress.Retrying.class)).hasSize(2).allSatisfy(retry -> {
            assertThat(retry.pause()).isLessThan(Duration.ofMillis(200));
        });
        assertThat(told(Progress.Retrying.class).getFirst().holders()).contains("idle in transaction");
        assertThat(history()).isEqualTo("0 applied, 1 applied");
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTableThatStaysLockedEndsTheRunAndNamesTheHolder() throws Exception {
        folder.add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slug;");
        try (Connection reader = database.open()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("LOCK TABLE posts IN ACCESS SHARE MODE");
            MigrationException failed = stopped(() -> migrator().up());
            assertThat(failed.reason()).isEqualTo(Reason.LOCK_TIMEOUT);
            assertThat(failed)
                    .hasMessageContaining("in 4 attempts")
                    .hasMessageContaining("Locks are held by pid ")
                    .hasMessageContaining("nothing of this step is left");
        }
        assertThat(history()).isEqualTo("0 applied");
    }

    @Test
    void aBackendThatIsKilledInAStepLeavesNothingOfIt() throws Exception {
        folder.add(
                "0001_expand_a", "CREATE TABLE a ();\nSELECT pg_terminate_backend(pg_backend_pid());", "DROP TABLE a;");
        MigrationException lost = stopped(() -> migrator().up());
        assertThat(lost.reason()).isEqualTo(Reason.CONNECTION_LOST);
        assertThat(lost)
                .hasMessageContaining("0001_expand_a.sql:2")
                .hasMessageContaining("connection to PostgreSQL was lost")
                .hasMessageContaining("the database stands at 0000");
        assertThat(history()).isEqualTo("0 applied");
        assertThat(database.value("SELECT to_regclass('a')")).isEqualTo("null");
        folder.write("0001_expand_a.sql", "CREATE TABLE a ();");
        migrator().up();
        assertThat(history()).isEqualTo("0 applied, 1 applied");
    }

    @Test
    void aFullDiskIsSaidSo() throws Exception {
        folder.add(
                "0001_expand_a",
                "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;",
                "SELECT 1;");
        MigrationException full = stopped(() -> migrator().up());
        assertThat(full.reason()).isEqualTo(Reason.DISK_FULL);
        assertThat(full).hasMessageContaining("disk is full").hasMessageContaining("53100");
    }

    @Test
    void anIndexBuildThatFailsLeavesNeitherIndexNorHistory() throws Exception {
        database.run("UPDATE posts SET title = 'same'");
        concurrentIndex("UNIQUE INDEX");
        MigrationException failed = stopped(() -> migrator().up());
        assertThat(failed.reason()).isEqualTo(Reason.STATEMENT_FAILED);
        assertThat(failed).hasMessageContaining("23505").hasMessageContaining("nothing of this step is left");
        assertThat(told(Progress.IndexRecovered.class)).hasSize(1);
        assertThat(database.value("SELECT to_regclass('posts_title')")).isEqualTo("null");
        assertThat(history()).isEqualTo("0 applied");
    }

    @Test
    void anIndexBuildThatWasKilledIsRecovered() throws Exception {
        concurrentIndex("INDEX");
        try (Connection writer = database.open()) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("UPDATE posts SET title = 'mine' WHERE id = 10");
            Future<Plan> builder = threads.submit(() -> migrator().up());
            String building = "query LIKE 'CREATE INDEX CONCURRENTLY%' AND wait_event_type = 'Lock'";
            awaitBackend(building);
            database.value("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + building);
            assertThat(builder)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            MigrationException.class,
                            lost -> assertThat(lost.reason()).isEqualTo(Reason.CONNECTION_LOST))
                    .withMessageContaining("0 of 1 statements are done");
        }
        assertThat(history()).isEqualTo("0 applied, 1 applying");
        assertThat(migrator().status().standing()).isEqualTo(Standing.INTERRUPTED);
        assertThat(database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'posts_title'::regclass"))
                .isEqualTo("f");
        migrator().up();
        assertThat(told(Progress.IndexRecovered.class)).hasSize(1);
        assertThat(database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'posts_title'::regclass"))
                .isEqualTo("t");
        assertThat(history()).isEqualTo("0 applied, 1 applied");
    }

    @Test
    void anIndexThatWasBuiltJustBeforeTheInterruptionCountsAsDone() throws Exception {
        concurrentIndex("INDEX");
        migrator().up();
        database.run("UPDATE migrate.history SET state = 'applying', statements_done = 0 WHERE number = 1");
        migrator().up();
        assertThat(history()).isEqualTo("0 applied, 1 applied");
    }

    @Test
    void aStepWithoutTransactionGoesOnBehindWhatIsDone() throws Exception {
        folder.add(
                "0001_expand_a",
                "-- migrate: no-transaction\nCREATE TABLE a ();\nCREATE TABLE b (x nonsense);\nVACUUM posts;",
                "DROP TABLE b; DROP TABLE a;");
        MigrationException failed = stopped(() -> migrator().up());
        assertThat(failed)
                .hasMessageContaining("0001_expand_a.sql:3")
                .hasMessageContaining("1 of 3 statements are done and stay");
        assertThat(migrator().status().entries().getLast().note()).isEqualTo("interrupted after 1 of 3 statements");
        folder.write("0001_expand_a.sql", "-- migrate: no-transaction\nCREATE TABLE c ();\nCREATE TABLE b (x int);");
        assertThat(stopped(() -> migrator().up()).reason()).isEqualTo(Reason.EDITED);
        folder.write(
                "0001_expand_a.sql",
                "-- migrate: no-transaction\nCREATE TABLE a ();\nCREATE TABLE b (x int);\nVACUUM posts;");
        migrator().up();
        assertThat(history()).isEqualTo("0 applied, 1 applied");
        assertThat(migrator().status().standing()).isEqualTo(Standing.CURRENT);
    }

    @Test
    void anInterruptedWayBackIsEndedByDownAndRefusedByUp() throws Exception {
        folder.add(
                "0001_expand_a",
                "CREATE TABLE a (); CREATE TABLE b ();",
                "-- migrate: no-transaction\nDROP TABLE a;\nDROP TABLE bb;");
        migrator().up();
        stopped(() -> migrator().downOne(Loss.REFUSED));
        assertThat(history()).isEqualTo("0 applied, 1 reverting");
        assertThat(stopped(() -> migrator().up()).reason()).isEqualTo(Reason.INTERRUPTED);
        folder.write("0001_expand_a.down.sql", "-- migrate: no-transaction\nDROP TABLE a;\nDROP TABLE b;");
        migrator().downOne(Loss.REFUSED);
        assertThat(history()).isEqualTo("0 applied");
    }
}
