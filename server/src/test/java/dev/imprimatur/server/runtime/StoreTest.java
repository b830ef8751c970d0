package dev.imprimatur.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.Migrator;
import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a database that the program was given has to be like before anything is served from it. */
@ExtendWith(OutputCaptureExtension.class)
class StoreTest {
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() {
        postgres = TestServer.postgres();
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    @BeforeEach
    void empty() {
        Jdbi superuser = Jdbi.create(postgres.getPostgresDatabase());
        superuser.useHandle(handle -> {
            handle.execute("DROP DATABASE imprimatur WITH (FORCE)");
            handle.execute("CREATE DATABASE imprimatur OWNER imprimatur_owner");
        });
    }

    @Test
    void anEmptyDatabaseIsRefusedAndNotTouched() {
        RefusedException refused = refusal(Map.of(), Store.Migrate.WHEN_EMBEDDED);
        assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_BEHIND);
        assertThat(refused.detail()).contains("imprimatur migrate up", "--migrate");
        assertThat(relations()).isZero();
    }

    @Test
    void aSchemaThatIsBehindIsRefusedAndNotTouchedAndMigrateBringsItForward() {
        MigrationFolder folder = MigrationFolder.read(Home.path("db", "migrations"));
        new Migrator(owner()::connect, folder).up(1);
        asOwner().useHandle(handle -> handle.execute("""
                GRANT USAGE ON SCHEMA migrate TO imprimatur_app;
                GRANT SELECT ON migrate.history TO imprimatur_app"""));
        long before = relations();

        assertThat(refusal(Map.of(), Store.Migrate.WHEN_EMBEDDED).code()).isEqualTo(ErrorCode.SCHEMA_BEHIND);
        assertThat(relations()).isEqualTo(before);

        open(Map.of(), Store.Migrate.ALWAYS).close();
        assertThat(relations()).isGreaterThan(before);
        open(Map.of(), Store.Migrate.WHEN_EMBEDDED).close();
    }

    @Test
    void aSchemaThatNobodyGrantedTheAppIsRefusedWithWhatToRun() {
        new Migrator(owner()::connect, MigrationFolder.read(Home.path("db", "migrations"))).up();
        RefusedException refused = refusal(Map.of(), Store.Migrate.WHEN_EMBEDDED);
        assertThat(refused.code()).isEqualTo(ErrorCode.CANNOT_START);
        assertThat(refused.detail()).contains("db/roles.sql");
    }

    @Test
    void aDatabaseThatIsNewerThanTheProgramIsRefusedEvenWithMigrate() {
        open(Map.of(), Store.Migrate.ALWAYS).close();
        asOwner().useHandle(handle -> handle.execute("""
                INSERT INTO migrate.history (number, name, checksum, down_checksum, state, started_at, applied_at, applied_by)
                VALUES (9999, 'expand_tomorrow', 'x', 'x', 'applied', now(), now(), 'a newer program')"""));
        for (Store.Migrate migrate : Store.Migrate.values()) {
            RefusedException refused = refusal(Map.of(), migrate);
            assertThat(refused.code()).as("%s: %s", migrate, refused.detail()).isEqualTo(ErrorCode.SCHEMA_NEWER);
        }
    }

    @Test
    void aServerRecordsItsDeployOnceAsTheAppAndACommandBesideItRecordsNone() {
        open(Map.of(), Store.Migrate.ALWAYS).close();
        open(Map.of(), Store.Migrate.WHEN_EMBEDDED).close();
        assertThat(deploys()).containsExactly(newest() + " imprimatur_app");
        asOwner().useHandle(handle -> handle.execute("DELETE FROM migrate.deploys"));
        Store.join(TestServer.settings(postgres, Map.of())).close();
        assertThat(deploys()).isEmpty();
    }

    @Test
    void theAppMayNotChangeWhatIsRecordedAboutDeploys() {
        try (Store store = open(Map.of(), Store.Migrate.ALWAYS)) {
            assertThat(number(store.jdbi(), """
                    SELECT count(*) FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS given
                    WHERE has_table_privilege('migrate.deploys', given)
                       OR has_table_privilege('migrate.sightings', given)""")).isZero();
            assertThat(number(store.jdbi(), """
                    SELECT count(*) FROM unnest(ARRAY['deployed_at', 'deployed_by']) AS given
                    WHERE has_column_privilege('migrate.deploys', given, 'INSERT')""")).isZero();
            assertThat(number(
                            store.jdbi(),
                            "SELECT count(*) FROM unnest(ARRAY['seen_at', 'seen_by']) AS given"
                                    + " WHERE has_column_privilege('migrate.sightings', given, 'INSERT')"))
                    .isZero();
        }
    }

    @Test
    void aServerThatMayNotRecordItsDeployServesAndSaysWhatToRun(CapturedOutput output) {
        open(Map.of(), Store.Migrate.ALWAYS).close();
        asOwner().useHandle(handle -> handle.execute("DROP TABLE migrate.deploys"));
        open(Map.of(), Store.Migrate.WHEN_EMBEDDED).close();
        assertThat(output.getAll()).contains("WARN", "could not be recorded", "db/roles.sql");
    }

    private static int newest() {
        return MigrationFolder.read(Home.path("db", "migrations"))
                .migrations()
                .getLast()
                .number();
    }

    private static List<String> deploys() {
        return asOwner()
                .withHandle(handle -> handle.createQuery(
                                "SELECT newest || ' ' || deployed_by FROM migrate.deploys ORDER BY deployed_at")
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void theAppOwnsNothingAndMayNeverChangeTheAudit(CapturedOutput output) {
        try (Store store = open(Map.of(), Store.Migrate.ALWAYS)) {
            assertThat(number(store.jdbi(), """
                    SELECT count(*) FROM pg_class WHERE pg_has_role('imprimatur_app', relowner, 'MEMBER')""")).isZero();
            assertThat(number(store.jdbi(), """
                    SELECT count(*) FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) AS given
                    WHERE has_table_privilege('audit', given)""")).isZero();
            assertThat(store.isAlone()).isFalse();
        }
        assertThat(output.getAll()).doesNotContain("owner of its tables");
    }

    @Test
    void aServerThatRunsAsTheOwnerIsWarned(CapturedOutput output) {
        open(Map.of("database_url", TestServer.url(postgres, "imprimatur_owner")), Store.Migrate.ALWAYS)
                .close();
        assertThat(output.getAll()).contains("WARN", "owner of its tables", "imprimatur_app");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsRefusedWithItsAddressAndWithoutItsPassword() {
        RefusedException refused = refusal(
                Map.of("database_url", "postgres://imprimatur_app:hidden@127.0.0.1:1/imprimatur"),
                Store.Migrate.WHEN_EMBEDDED);
        assertThat(refused.code()).isEqualTo(ErrorCode.CANNOT_START);
        assertThat(refused.detail()).contains("127.0.0.1:1").doesNotContain("hidden");
    }

    private static Store open(Map<String, String> settings, Store.Migrate migrate) {
        return Store.open(TestServer.settings(postgres, settings), migrate);
    }

    private static RefusedException refusal(Map<String, String> settings, Store.Migrate migrate) {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> open(settings, migrate).close());
        assertThat(refused).as("a refusal to start").isNotNull();
        return refused;
    }

    private static DatabaseUrl owner() {
        return DatabaseUrl.parse(TestServer.url(postgres, "imprimatur_owner"));
    }

    private static Jdbi asOwner() {
        return Jdbi.create(owner()::connect);
    }

    /** Everything that a migration could make. */
    private static long relations() {
        return number(asOwner(), """
                SELECT count(*) FROM pg_class
                WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_|^information_schema$')""");
    }

    private static long number(Jdbi jdbi, String sql) {
        return jdbi.withHandle(
                handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }
}
