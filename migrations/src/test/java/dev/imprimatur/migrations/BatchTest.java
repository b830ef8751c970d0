package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchTest {

    private final List<String> ranges = new ArrayList<>();
    private TestDatabase database;
    private TestFolder folder;

    @BeforeEach
    void start(@TempDir Path path) throws SQLException {
        database = new TestDatabase();
        folder = new TestFolder(path);
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private void chain(String schema, String update) throws Exception {
        folder.add("0000_initial_schema", schema, "DROP TABLE posts;");
        folder.add("0001_backfill_done", update, "-- The column goes with 0000.");
    }

    private Plan up() {
        return new Migrator(database.url(), folder.read())
                .with(progress -> {
                    if (progress instanceof Progress.RangeDone range) {
                        ranges.add(range.lastKey());
                    }
                })
                .up();
    }

    private MigrationException stopped() {
        return catchThrowableOfType(MigrationException.class, this::up);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "int         ! n * n * 100",
                "bigint      ! 9007199254740993 + n",
                "text        ! 'it''s ' || chr(64 + n) || ' \"x\" \\'",
                "uuid        ! md5(n::text)::uuid",
                "timestamptz ! '2026-03-29 00:59:59.123456+00'::timestamptz + n * interval '1 us'",
                "numeric     ! n / 3.0",
                "float8      ! n / 3.0::float8",
                "date        ! date '2026-02-25' + n"
            })
    void visitsEveryRowOnceForAnyTypeOfKey(String type, String key) throws Exception {
        chain("""
                CREATE TABLE posts (id %s PRIMARY KEY, done int NOT NULL DEFAULT 0);
                INSERT INTO posts SELECT %s FROM generate_series(1, 10) n;""".formatted(type, key), """
                -- migrate: batch posts by id size 3
                UPDATE posts SET done = done + 1 WHERE id BETWEEN :first AND :last;""");
        up();
        assertThat(ranges).hasSize(4);
        assertThat(database.value("SELECT count(*) FROM posts WHERE done = 1")).isEqualTo("10");
        assertThat(database.value("SELECT rows_done FROM migrate.history WHERE number = 1"))
                .isEqualTo("10");
    }

    @Test
    void equalKeysAreNeverTornApart() throws Exception {
        chain("""
                CREATE TABLE posts (id int NOT NULL, done int NOT NULL DEFAULT 0);
                CREATE INDEX ON posts (id);
                INSERT INTO posts SELECT n / 5 FROM generate_series(1, 12) n;""", """
                -- migrate: batch posts by id size 3
                UPDATE posts SET done = done + 1 WHERE id BETWEEN :first AND :last;""");
        up();
        assertThat(database.value("SELECT count(*) FROM posts WHERE done = 1")).isEqualTo("12");
    }

    @Test
    void goesOnBehindTheRangeItReached() throws Exception {
        chain("""
                CREATE TABLE posts (id int PRIMARY KEY, done int NOT NULL DEFAULT 0);
                INSERT INTO posts SELECT n * 100 FROM generate_series(1, 10) n;
                ALTER TABLE posts ADD CONSTRAINT fault CHECK (id <> 800 OR done = 0);""", """
                -- migrate: batch public.posts by id size 2
                UPDATE posts SET done = done + 1 WHERE id BETWEEN :first AND :last;""");
        MigrationException failed = stopped();
        assertThat(failed)
                .hasMessageContaining("0001_backfill_done.sql:2")
                .hasMessageContaining("6 rows up to key 600 are done and stay; `migrate up` goes on behind them");
        assertThat(new Migrator(database.url(), folder.read())
                        .status()
                        .entries()
                        .getLast()
                        .note())
                .isEqualTo("interrupted after key 600, 6 rows");
        database.run("ALTER TABLE posts DROP CONSTRAINT fault");
        up();
        assertThat(ranges).containsExactly("200", "400", "600", "800", "1000");
        assertThat(database.value("SELECT count(*) FROM posts WHERE done = 1")).isEqualTo("10");
    }

    @Test
    void aFirstRangeThatFailsLeavesNothing() throws Exception {
        chain(
                "CREATE TABLE posts (id int PRIMARY KEY, done int CHECK (done = 0)); INSERT INTO posts VALUES (1, 0);",
                """
                -- migrate: batch posts by id size 2
                UPDATE posts SET done = 1 WHERE id BETWEEN :first AND :last;""");
        assertThat(stopped()).hasMessageContaining("nothing of this step is left");
        assertThat(database.value("SELECT count(*) FROM migrate.history")).isEqualTo("1");
    }

    @Test
    void anEmptyTableIsDoneAtOnce() throws Exception {
        chain("CREATE TABLE posts (id int PRIMARY KEY, done int);", """
                -- migrate: batch posts by id size 2
                UPDATE posts SET done = 1 WHERE id BETWEEN :first AND :last;""");
        assertThat(up().steps()).hasSize(2);
        assertThat(ranges).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id int UNIQUE      | id   | may be NULL",
                "id int NOT NULL    | id   | has no index",
                "id int PRIMARY KEY | idd  | no column idd"
            })
    void aKeyThatCannotBeWalkedIsRefusedBeforeAnythingRuns(String column, String key, String why) throws Exception {
        chain("CREATE TABLE posts (%s, done int);".formatted(column), """
                -- migrate: batch posts by %s size 2
                UPDATE posts SET done = 1 WHERE id BETWEEN :first AND :last;""".formatted(key));
        assertThat(stopped()).hasMessageContaining(why);
        assertThat(database.value("SELECT count(*) FROM migrate.history")).isEqualTo("1");
    }
}
