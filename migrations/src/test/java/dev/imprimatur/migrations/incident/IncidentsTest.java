package dev.imprimatur.migrations.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.migrations.ConnectionSource;
import dev.imprimatur.migrations.Failure;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.Migrator;
import dev.imprimatur.migrations.Migrator.Loss;
import dev.imprimatur.migrations.Patience;
import dev.imprimatur.migrations.Receipt;
import dev.imprimatur.migrations.Receipts;
import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.TestFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IncidentsTest {

    /** Stands in a row, and must never stand in an incident. */
    private static final String VALUE = "hunter2";

    private static final Patience HASTY = new Patience(
            Duration.ofMillis(800), Duration.ofSeconds(5), 2, Duration.ofMillis(10), Duration.ofSeconds(5));

    @TempDir
    private Path project;

    private TestDatabase database;
    private TestFolder folder;

    @BeforeEach
    void aTableWithARow() throws Exception {
        database = new TestDatabase();
        folder = new TestFolder(Files.createDirectories(project.resolve("db/migrations")))
                .add(
                        "0000_initial_schema",
                        "CREATE TABLE posts (id int PRIMARY KEY, title text NOT NULL);"
                                + " CREATE TABLE tags (title text);",
                        "DROP TABLE tags; DROP TABLE posts;");
        migrator().up();
        database.run(
                "INSERT INTO posts VALUES (1, '%1$s'), (2, '%1$s'); INSERT INTO tags VALUES ('%1$s')".formatted(VALUE));
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Migrator migrator() {
        return new Migrator(database.url(), folder.read()).with(HASTY);
    }

    private Failure failure(String sql) throws Exception {
        folder.add("0001_expand_slug", sql, "SELECT 1;");
        return failure(() -> migrator().up());
    }

    private static Failure failure(Runnable run) {
        return catchThrowableOfType(MigrationException.class, run::run)
                .failure()
                .orElseThrow();
    }

    private String written(Failure failure) throws Exception {
        return Files.readString(Incidents.in(project.resolve("incidents")).write(folder.read(), failure));
    }

    private static List<String> headings(String markdown) {
        return markdown.lines()
                .filter(line -> line.startsWith("##") || line.matches("\\| [A-Z][^|]* \\|.*"))
                .map(line -> line.replaceFirst("(\\| [^|]* \\|).*", "$1"))
                .toList();
    }

    @Test
    void itHasTheFormOfTheTemplate() throws Exception {
        Path template = Path.of(System.getProperty("imprimatur.home", ".."), "docs", "incidents", "TEMPLATE.md");
        assertThat(headings(written(failure("DROP TABLE nothing;"))))
                .isEqualTo(headings(Files.readString(template)))
                .contains("## Impact", "## Why", "## What we change");
    }

    @Test
    void itTellsWhatFailedWhereAndWhatIsLeft() throws Exception {
        String text = written(failure("""
                -- A comment.
                ALTER TABLE posts ADD slug text DEFAULT 'none';

                CREATE INDEX posts_slug
                  ON posts (slugg); -- a typo"""));
        assertThat(text)
                .contains("# Migration `0001_expand_slug`: stopped with SQLSTATE 42703")
                .contains("0001_expand_slug.sql:4`, SQLSTATE 42703")
                .contains("```sql\nCREATE INDEX posts_slug\n  ON posts (slugg)\n```")
                .contains("column \"slugg\" does not exist")
                .contains("nothing of this step is left; the database stands at 0000")
                .contains("Correct 0001_expand_slug.sql")
                .contains("| began 0001_expand_slug, 1 of 1 |", "| 0001_expand_slug stopped with SQLSTATE 42703 |")
                .contains("no deploy on record", "There is no receipt of a rehearsal.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT title::int FROM posts;",
                "SELECT title::date FROM posts;",
                "SELECT title::json FROM posts;",
                "SELECT title::uuid FROM posts;",
                "CREATE TYPE mood AS ENUM ('ok'); SELECT title::mood FROM posts;",
                "SELECT set_config('work_mem', title, false) FROM posts;",
                "SELECT to_timestamp(title, 'YYYY') FROM posts;",
                "ALTER TABLE posts ADD UNIQUE (title);",
                "ALTER TABLE posts ADD CHECK (title = 'x');",
                "ALTER TABLE posts ALTER title TYPE int USING title::int;",
                "ALTER TABLE posts ALTER title TYPE varchar(3);",
                "UPDATE posts SET title = NULL;",
                "ALTER TABLE tags ADD FOREIGN KEY (title) REFERENCES posts (title);",
                "CREATE TABLE t (k text PRIMARY KEY); ALTER TABLE tags ADD FOREIGN KEY (title) REFERENCES t;",
                "DO $$ BEGIN RAISE EXCEPTION 'no title %', (SELECT title FROM tags); END $$;",
                "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '42P01', MESSAGE = (SELECT title FROM tags); END $$;",
                "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'IM203', MESSAGE = (SELECT title FROM tags); END $$;",
                "DO $$ BEGIN ASSERT false, (SELECT title FROM tags); END $$;",
                "DO $$ BEGIN EXECUTE 'SELEC ' || (SELECT title FROM tags); END $$;",
                "DO $$ BEGIN EXECUTE (SELECT title FROM tags); END $$;",
                "DO $$ BEGIN EXECUTE 'SELECT ' || (SELECT title FROM tags); END $$;",
                "DO $$ BEGIN EXECUTE 'SELECT * FROM ' || (SELECT title FROM tags); END $$;",
                "DO $$ BEGIN EXECUTE 'DROP TABLE ' || (SELECT title FROM tags); END $$;",
                "DO $$ BEGIN EXECUTE 'CREATE TABLE x (y ' || (SELECT title FROM tags) || ')'; END $$;",
                "DO $$ BEGIN PERFORM title::int FROM tags; END $$;",
                "ALTER ROLE nobody_there PASSWORD 'hunter2';",
                "ALTER ROLE nobody_there PASSWORD $$hunter2$$; -- not hunter2",
                "INSERT INTO posts VALUES (1, E'hunter2');",
                "-- migrate: batch tags by title size 1\nUPDATE tags SET title = title WHERE title BETWEEN :first AND :last;",
            })
    void neitherARowsValueNorASecretIsWrittenDown(String sql) throws Exception {
        Failure failure = failure(sql);
        assertThat(written(failure)).doesNotContain(VALUE).contains("## The failure");
    }

    @Test
    void theKeysOfABatchAreNotWrittenDown() throws Exception {
        database.run("ALTER TABLE tags ALTER title SET NOT NULL; CREATE INDEX ON tags (title);"
                + " INSERT INTO tags VALUES ('zebra')");
        Failure failure = failure("-- migrate: batch tags by title size 1\n"
                + "INSERT INTO posts SELECT CASE title WHEN 'zebra' THEN 1 ELSE 3 END, 'x' FROM tags"
                + " WHERE title BETWEEN :first AND :last;");
        assertThat(written(failure))
                .contains("1 rows are done and stay; the last key of them stands in `migrate.history`")
                .doesNotContain(VALUE, "zebra");
    }

    @Test
    void aMessageThatTheFileSpellsOutIsKept() throws Exception {
        assertThat(written(failure("DO $$ BEGIN RAISE EXCEPTION 'not before the weekend'; END $$;")))
                .contains("not before the weekend");
    }

    @Test
    void aFunctionsErrorKeepsItsNamesWhenItsStatementIsWritten() throws Exception {
        assertThat(written(failure("DO $$ BEGIN INSERT INTO posts VALUES (1, 'x'); END $$;")))
                .contains("duplicate key value violates unique constraint \"posts_pkey\"")
                .doesNotContain("(id)=(1)");
    }

    @Test
    void itTellsWhatWasWaitedForAndWhoHeldIt() throws Exception {
        folder.add(
                "0001_expand_slug",
                "ALTER TABLE tags ADD slug text; ALTER TABLE posts ADD slug text;",
                "ALTER TABLE posts DROP slug; ALTER TABLE tags DROP slug;");
        try (Connection reader = database.open()) {
            reader.setAutoCommit(false);
            reader.setClientInfo("ApplicationName", "nightly | report");
            reader.createStatement().execute("SELECT * FROM posts WHERE title = 'a query of theirs'");
            String text = written(failure(() -> migrator().up()));
            assertThat(text)
                    .contains(
                            "Held by the step, as last seen; it holds nothing any more:\n\n- AccessExclusiveLock on tags\n")
                    .contains("Waited for:\n\n- AccessExclusiveLock on posts\n")
                    .containsPattern(
                            "- pid \\d+ \\(nightly \\| report, idle in transaction, transaction since [0-9:]+ UTC\\)"
                                    + " holds AccessShareLock on posts")
                    .contains("attempt 1 of 0001_expand_slug got no lock")
                    .contains("nightly \\| report")
                    .contains("Wait for the sessions that hold the lock")
                    .doesNotContain("a query of theirs");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSecondSessionThatCannotBeHadHidesNothing(boolean checked) throws Exception {
        folder.add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slug;");
        AtomicInteger opened = new AtomicInteger();
        ConnectionSource onlyOne = () -> {
            if (opened.incrementAndGet() == 1) {
                return database.open();
            }
            if (checked) {
                throw new SQLException("too many", "53300");
            }
            throw new IllegalStateException("closed");
        };
        try (Connection reader = database.open()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT * FROM posts");
            assertThat(written(failure(() ->
                            new Migrator(onlyOne, folder.read()).with(HASTY).up())))
                    .contains("stopped with SQLSTATE 55P03")
                    .contains("(could not be seen: " + (checked ? "SQLSTATE 53300)" : "IllegalStateException)"));
        }
    }

    @Test
    void aLostConnectionIsWrittenDownWithWhatCanStillBeKnown() throws Exception {
        assertThat(written(failure("SELECT pg_terminate_backend(pg_backend_pid());")))
                .contains("57P01", "Find out why the connection ended", "the database stands at 0000");
    }

    @Test
    void aFailedWayBackIsTold() throws Exception {
        folder.add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slugg;");
        migrator().up();
        assertThat(written(failure(() -> migrator().downOne(Loss.REFUSED))))
                .contains("Written by `migrate down`", "0001_expand_slug.down.sql:1", "still stands at 0001");
    }

    @Test
    void itTellsTheLastDeployAndTheLastRehearsal() throws Exception {
        migrator().deployed("1.3.9");
        folder.add("0001_expand_slug", "DROP TABLE nothing;", "SELECT 1;");
        Receipts.of(folder.path())
                .write(Receipt.of(
                        folder.read().migration(1).orElseThrow(),
                        "ab".repeat(32),
                        new Receipt.Made(
                                "1.4.0", "17.11", Instant.parse("2026-11-25T09:00:00Z"), Receipt.Verdict.PASSED),
                        new Receipt.Figures(Duration.ofMillis(1200), Duration.ofMillis(5), 2_000_000, 0, 4096)));
        assertThat(written(failure(() -> migrator().up())))
                .contains("last deploy 1.3.9 since ")
                .contains("Rehearsed on 2026-11-25 09:00:00 with 1.4.0 on PostgreSQL 17.11, passed: forward 1.2 s");
    }

    @Test
    void thoseOfOneDayAreNumberedAndNoneIsOverwritten() throws Exception {
        Failure failure = failure("DROP TABLE nothing;");
        Incidents incidents = Incidents.in(project.resolve("a/b"));
        String first = incidents.write(folder.read(), failure).getFileName().toString();
        assertThat(first).matches("\\d{4}-\\d\\d-\\d\\d-migration-0001_expand_slug\\.md");
        assertThat(incidents.write(folder.read(), failure)).hasFileName(first.replace(".md", "-2.md"));
        assertThat(incidents.write(folder.read(), failure)).hasFileName(first.replace(".md", "-3.md"));
    }

    @Test
    void theyAreLookedForUpwardsFromTheMigrations() throws Exception {
        Path usual = Files.createDirectories(project.resolve("docs/incidents"));
        Failure failure = failure("DROP TABLE nothing;");
        assertThat(Incidents.near(folder.path()).write(folder.read(), failure)).hasParent(usual);
    }
}
