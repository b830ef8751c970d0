package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.Migrator.Loss;
import dev.imprimatur.migrations.Status.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigratorTest {

    private TestDatabase database;
    private TestFolder folder;

    @BeforeEach
    void threeMigrations(@TempDir Path path) throws Exception {
        database = new TestDatabase();
        folder = new TestFolder(path)
                .add("0000_initial_schema", "CREATE TABLE posts (id int PRIMARY KEY);", "DROP TABLE posts;")
                .add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slug;")
                .add("0002_constrain_slug", "ALTER TABLE posts ADD UNIQUE (slug);", """
                        ALTER TABLE posts DROP CONSTRAINT posts_slug_key;""");
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Migrator migrator() {
        return new Migrator(database.url(), folder.read());
    }

    private String applied() throws SQLException {
        return String.join(" ", database.rows("SELECT number FROM migrate.history WHERE state = 'applied' ORDER BY 1"));
    }

    private MigrationException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable run) {
        return catchThrowableOfType(MigrationException.class, run);
    }

    @Test
    void upAppliesEverythingOnce() throws SQLException {
        assertThat(migrator().status().standing()).isEqualTo(Standing.BEHIND);
        assertThat(migrator().up().steps()).hasSize(3);
        assertThat(applied()).isEqualTo("0 1 2");
        assertThat(migrator().up().steps()).isEmpty();
        assertThat(migrator().status().standing()).isEqualTo(Standing.CURRENT);
    }

    @Test
    void upStopsAtTheNumberAskedFor() throws SQLException {
        migrator().up(1);
        assertThat(applied()).isEqualTo("0 1");
        assertThat(refusal(() -> migrator().up(7)).reason()).isEqualTo(Reason.USAGE);
    }

    @Test
    void downTakesBackOneOrSeveralOrAll() throws SQLException {
        migrator().up();
        migrator().downOne(Loss.REFUSED);
        assertThat(applied()).isEqualTo("0 1");
        migrator().downTo(0, Loss.REFUSED);
        assertThat(applied()).isEqualTo("0");
        migrator().up();
        migrator().downAll(Loss.REFUSED);
        assertThat(applied()).isEmpty();
        assertThat(database.value("SELECT to_regclass('posts')")).isEqualTo("null");
    }

    @Test
    void statusOfAnUntouchedDatabaseCreatesNothing() throws SQLException {
        migrator().status();
        assertThat(database.value("SELECT to_regnamespace('migrate')")).isEqualTo("null");
    }

    @Test
    void aLossyStepNeedsConsentBeforeAnythingIsTakenBack() throws Exception {
        folder.write(
                "0001_expand_slug.down.sql",
                "-- migrate: lossy slugs are not kept anywhere\nALTER TABLE posts DROP slug;");
        migrator().up();
        MigrationException refused = refusal(() -> migrator().downTo(0, Loss.REFUSED));
        assertThat(refused.reason()).isEqualTo(Reason.LOSSY);
        assertThat(refused).hasMessageContaining("slugs are not kept anywhere").hasMessageContaining("--yes");
        assertThat(applied()).isEqualTo("0 1 2");
        migrator().downTo(0, Loss.ACCEPTED);
        assertThat(applied()).isEqualTo("0");
    }

    @Test
    void anEditedAppliedFileIsNamedAndNothingIsRun() throws Exception {
        migrator().up(1);
        folder.write("0001_expand_slug.sql", "ALTER TABLE posts ADD slug varchar;");
        MigrationException refused = refusal(() -> migrator().up());
        assertThat(refused.reason()).isEqualTo(Reason.EDITED);
        assertThat(refused).hasMessageContaining("0001_expand_slug.sql");
        assertThat(applied()).isEqualTo("0 1");
        assertThat(migrator().status().standing()).isEqualTo(Standing.CONFLICT);
    }

    @Test
    void commentsMayBeAddedToAnAppliedFile() throws IOException {
        migrator().up();
        folder.write("0001_expand_slug.sql", "-- Why: links.\r\nALTER TABLE posts\r\n  ADD slug text;\r\n");
        assertThat(migrator().status().standing()).isEqualTo(Standing.CURRENT);
    }

    @Test
    void aCorrectedDownFileIsUsedAndShown() throws Exception {
        migrator().up();
        folder.write("0002_constrain_slug.down.sql", "ALTER TABLE posts DROP CONSTRAINT IF EXISTS posts_slug_key;");
        assertThat(migrator().status().entries().getLast().note()).contains("down file was changed");
        migrator().downOne(Loss.REFUSED);
        assertThat(applied()).isEqualTo("0 1");
    }

    @Test
    void aDatabaseThatIsNewerThanTheFolderIsRefused() throws Exception {
        migrator().up();
        folder.delete("0002_constrain_slug.sql").delete("0002_constrain_slug.down.sql");
        MigrationException refused = refusal(() -> migrator().up());
        assertThat(refused.reason()).isEqualTo(Reason.NEWER_DATABASE);
        assertThat(refused).hasMessageContaining("0002_constrain_slug").hasMessageContaining("newer than this program");
        assertThat(migrator().status().standing()).isEqualTo(Standing.NEWER);
        assertThat(refusal(() -> migrator().downOne(Loss.ACCEPTED)).reason()).isEqualTo(Reason.NEWER_DATABASE);
    }

    @Test
    void anotherMigrationUnderAnAppliedNumberIsRefused() throws Exception {
        migrator().up();
        folder.delete("0002_constrain_slug.sql").delete("0002_constrain_slug.down.sql");
        folder.add("0002_expand_tags", "CREATE TABLE tags ();", "DROP TABLE tags;");
        assertThat(refusal(() -> migrator().up()).reason()).isEqualTo(Reason.EDITED);
    }

    @Test
    void aMigrationBelowAnAppliedOneIsRefused() throws Exception {
        migrator().up();
        database.run("DELETE FROM migrate.history WHERE number = 1");
        MigrationException refused = refusal(() -> migrator().up());
        assertThat(refused.reason()).isEqualTo(Reason.OUT_OF_ORDER);
        assertThat(refused).hasMessageContaining("0001_expand_slug");
    }

    @Test
    void aMissingDownFileStopsTheRunBeforeItBegins() throws Exception {
        folder.delete("0002_constrain_slug.down.sql");
        MigrationException refused = refusal(() -> migrator().up());
        assertThat(refused.reason()).isEqualTo(Reason.LINT);
        assertThat(refused).hasMessageContaining("0002_constrain_slug.down.sql");
        assertThat(database.value("SELECT to_regclass('posts')")).isEqualTo("null");
    }

    @Test
    void aFailingStatementIsShownWithItsLineAndLeavesNothingOfItsStep() throws Exception {
        folder.write(
                "0002_constrain_slug.sql",
                "ALTER TABLE posts ADD note text;\n\nALTER TABLE posts\n  ADD UNIQUE (slugg);\n");
        MigrationException failed = refusal(() -> migrator().up());
        assertThat(failed.reason()).isEqualTo(Reason.STATEMENT_FAILED);
        assertThat(failed)
                .hasMessageContaining("0002_constrain_slug.sql:")
                .hasMessageContaining("42703")
                .hasMessageContaining("slugg")
                .hasMessageContaining("nothing of this step is left; the database stands at 0001");
        assertThat(failed.failedStatement())
                .get()
                .satisfies(at -> assertThat(at.sqlState()).isEqualTo("42703"));
        assertThat(applied()).isEqualTo("0 1");
        assertThat(database.rows("SELECT attname FROM pg_attribute WHERE attrelid = 'posts'::regclass AND attnum > 0"))
                .containsExactly("id", "slug");
    }

    @Test
    void theServersPositionGivesTheLineInsideAStatement() throws Exception {
        folder.write("0001_expand_slug.sql", "-- one\nCREATE TABLE t (\n  a int,\n  b nonsense\n);");
        assertThat(refusal(() -> migrator().up())).hasMessageContaining("0001_expand_slug.sql:4");
    }

    @Test
    void aDeferredConstraintSpeaksBeforeTheCommit() throws Exception {
        folder.write("0001_expand_slug.sql", """
                CREATE TABLE refs (id int REFERENCES posts DEFERRABLE INITIALLY DEFERRED);
                INSERT INTO refs VALUES (7);""");
        MigrationException failed = refusal(() -> migrator().up());
        assertThat(failed).hasMessageContaining("23503").hasMessageContaining("deferred constraint");
        assertThat(applied()).isEqualTo("0");
    }

    @Test
    void settingsAndRolesOfOneStepDoNotReachTheNext() throws Exception {
        database.run("CREATE SCHEMA other; CREATE ROLE other_%s NOLOGIN"
                .formatted(database.url().database()));
        folder.write("0001_expand_slug.sql", """
                ALTER TABLE posts ADD slug text; SET search_path = other; SET ROLE other_%s;
                SET standard_conforming_strings = off;""".formatted(database.url().database()));
        migrator().up();
        assertThat(applied()).isEqualTo("0 1 2");
    }

    @Test
    void everyStepRunsUnderTheNameOfTheTool() throws Exception {
        folder.write("0001_expand_slug.sql", """
                ALTER TABLE posts ADD slug text;
                CREATE TABLE seen AS SELECT current_setting('application_name') AS name;""");
        migrator().up();
        assertThat(database.value("SELECT name FROM seen")).isEqualTo("imprimatur migrate");
    }

    @Test
    void aRoleThatMayNotKeepTheHistoryIsSaidSo() throws Exception {
        String role = "weak_" + database.url().database();
        database.run("CREATE ROLE %s LOGIN".formatted(role));
        DatabaseUrl weak = DatabaseUrl.parse("postgres://%s@localhost:%d/%s"
                .formatted(role, database.url().port(), database.url().database()));
        MigrationException refused = refusal(() -> new Migrator(weak, folder.read()).up());
        assertThat(refused.reason()).isEqualTo(Reason.STATEMENT_FAILED);
        assertThat(refused).hasMessageContaining("The history cannot be kept (42501)");
        database.run("DROP ROLE " + role);
    }

    @Test
    void newTablesLandInPublicEvenWhenASchemaIsCalledAsTheRole() throws Exception {
        database.run("CREATE SCHEMA postgres");
        migrator().up(0);
        assertThat(database.value("SELECT to_regclass('public.posts')")).isEqualTo("posts");
    }

    @Test
    void aSearchPathOfTheDatabaseIsKept() throws Exception {
        database.run("CREATE SCHEMA app; ALTER DATABASE %s SET search_path = app"
                .formatted(database.url().database()));
        migrator().up();
        assertThat(database.value("SELECT to_regclass('app.posts')")).isEqualTo("posts");
    }

    @Test
    void worksThroughADataSourceInTheDriversDefaultMode() throws Exception {
        org.postgresql.ds.PGSimpleDataSource source = new org.postgresql.ds.PGSimpleDataSource();
        source.setUrl(database.url().jdbcUrl());
        source.setUser("postgres");
        folder.write("0001_expand_slug.sql", """
                ALTER TABLE posts ADD slug text;
                CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC
                  SELECT 1;
                  SELECT CASE x WHEN 1 THEN CASE x WHEN 2 THEN 3 END ELSE 4 END;
                END;
                CREATE RULE r AS ON DELETE TO posts DO ALSO (SELECT 1; SELECT 2);
                COMMENT ON TABLE posts IS '{fn now()} ? it''s';
                SELECT '{"a":1}'::jsonb ? 'a';
                """);
        new Migrator(ConnectionSource.of(source), folder.read()).up();
        assertThat(applied()).isEqualTo("0 1 2");
        assertThat(database.value("SELECT f(3)")).isEqualTo("4");
        assertThat(database.value("SELECT obj_description('posts'::regclass)")).isEqualTo("{fn now()} ? it's");
    }

    @Test
    void anUnreachableServerIsSaidSo() {
        DatabaseUrl nowhere = DatabaseUrl.parse("postgres://someone:secret@localhost:1/none");
        assertThatThrownBy(() -> new Migrator(nowhere, folder.read()).status())
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.UNREACHABLE))
                .hasMessageNotContaining("secret");
    }
}
