package dev.imprimatur.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.server.runtime.TestServer.Answer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a load balancer is told, and that it is told nothing else. */
class HealthTest {
    @TempDir
    private static Path folder;

    private static EmbeddedPostgres postgres;
    private static TestServer server;

    @BeforeAll
    static void start() {
        postgres = TestServer.postgres(
                EmbeddedPostgres.builder().setDataDirectory(folder).setCleanDataDirectory(false));
        server = TestServer.on(postgres, "");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        postgres.close();
    }

    @Test
    void aServerThatServesIsLiveAndReady() {
        assertTold("/health/live", 200, "{\"status\":\"live\"}");
        awaitReady();
    }

    @Test
    void aServerWithoutItsDatabaseIsLiveAndNotReadyUntilItIsBack() throws IOException {
        awaitReady();
        int port = postgres.getPort();
        postgres.close();
        awaitNotReady();
        assertTold("/health/live", 200, "{\"status\":\"live\"}");
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
        awaitReady();
    }

    @Test
    void aDatabaseThatHangsIsToldWithinSeconds() {
        awaitReady();
        try (Handle other = superuser().open()) {
            other.begin();
            other.execute("LOCK TABLE migrate.history IN ACCESS EXCLUSIVE MODE");
            awaitNotReady();
            other.rollback();
        }
        awaitReady();
    }

    @Test
    void whileMigrationsArePendingOrInterruptedItIsNotReady() {
        awaitReady();
        run("""
                CREATE TABLE kept AS SELECT * FROM migrate.history WHERE number >= (
                    SELECT max(number) FROM migrate.history WHERE name NOT LIKE '%contract%');
                DELETE FROM migrate.history WHERE number IN (SELECT number FROM kept)""");
        awaitNotReady();
        run("INSERT INTO migrate.history SELECT * FROM kept");
        awaitReady();
        run("UPDATE migrate.history SET state = 'applying' WHERE number = (SELECT max(number) FROM kept)");
        awaitNotReady();
        run("UPDATE migrate.history SET state = 'applied' WHERE state = 'applying'; DROP TABLE kept");
        awaitReady();
    }

    @Test
    void whileANewerProgramIsRolledOutTheOlderOneStaysReady() {
        run("""
                CREATE TABLE newest AS SELECT * FROM migrate.history ORDER BY number DESC LIMIT 1;
                UPDATE migrate.history SET state = 'applying' WHERE number = (SELECT number FROM newest)""");
        awaitNotReady();
        run("""
                BEGIN;
                UPDATE migrate.history SET state = 'applied' WHERE state = 'applying';
                UPDATE newest SET number = 9999, name = 'expand_of_tomorrow';
                INSERT INTO migrate.history SELECT * FROM newest;
                COMMIT""");
        awaitReady();
        run("DELETE FROM migrate.history WHERE number = 9999; DROP TABLE newest");
    }

    private static void run(String sql) {
        superuser().useHandle(handle -> handle.execute(sql));
    }

    private static Jdbi superuser() {
        return Jdbi.create(postgres.getDatabase("postgres", "imprimatur"));
    }

    private static void awaitReady() {
        await(200);
        assertTold("/health/ready", 200, "{\"status\":\"ready\"}");
    }

    private static void awaitNotReady() {
        Answer answer = await(503);
        assertThat(answer.body()).isEqualTo("{\"status\":\"not ready\"}");
        assertThat(answer.header("Retry-After")).isEqualTo("2");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    private static Answer await(int status) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        Answer answer = server.get("/health/ready", null);
        while (answer.status() != status) {
            assertThat(answer.status()).isIn(200, 503);
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            answer = server.get("/health/ready", null);
        }
        return answer;
    }

    private static void assertTold(String path, int status, String body) {
        Answer answer = server.get(path, null);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }
}
