package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.Layouts;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a transaction or on copies: a rehearsal finds the same. */
class BothWaysTest {

    @TempDir
    private Path folder;

    static Report both(Chain chain) {
        Report cheap = Written.onLentServer(chain, Rehearsal::keepGoing);
        Report dear =
                Written.onLentServer(chain, rehearsal -> rehearsal.keepGoing().alwaysOnCopies());
        assertThat(Written.told(dear))
                .as("in transactions:\n%s\non copies:\n%s", Written.whole(cheap), Written.whole(dear))
                .isEqualTo(Written.told(cheap));
        assertThat(dear.steps().stream().map(StepReport::effects))
                .isEqualTo(cheap.steps().stream().map(StepReport::effects).toList());
        assertThat(notes(dear)).isEqualTo(notes(cheap));
        assertThat(dear.unwind().reached()).isEqualTo(cheap.unwind().reached());
        return cheap;
    }

    /** Numbers of a sequence may be others. */
    private static List<String> notes(Report report) {
        return report.steps().stream()
                .flatMap(step -> step.notes().stream()
                        .map(note -> step.name() + ": " + note.replaceFirst("where the key is \\d+$", "")))
                .toList();
    }

    @Test
    void theFixtureChainPasses() throws Exception {
        Report report = both(
                Layouts.read(Path.of(BothWaysTest.class.getResource("/chain").toURI())));
        assertThat(report.verdict()).as(Written.whole(report)).isEqualTo(Verdict.PASSED);
        assertThat(report.unwind().reached()).isEqualTo(6);
    }

    @Test
    void aChainOfOddStepsPasses() throws Exception {
        Report report = both(Written.golang(folder, ODD).chain());
        assertThat(report.verdict()).as(Written.whole(report)).isEqualTo(Verdict.PASSED);
        assertThat(report.unwind().reached()).isEqualTo(report.steps().size());
        assertThat(report.steps()).hasSize(21);
    }

    @Test
    void faultsAmongTheStepsAreTheSame() throws Exception {
        Report report = both(Written.golang(folder, FAULTS).chain());
        assertThat(report.steps().stream()
                        .filter(step -> step.verdict() == Verdict.FAILED)
                        .map(StepReport::name))
                .as(Written.whole(report))
                .isEqualTo(List.of("2_default", "3_comment", "5_rows", "6_trigger", "8_once", "9_deferred"));
    }

    private static final String ODD = """
            # 1_start
            CREATE TYPE mood AS ENUM ('glad', 'sad');
            CREATE TABLE posts (id serial PRIMARY KEY, title text NOT NULL, mood mood, data jsonb DEFAULT '{}');
            INSERT INTO posts (title, mood) SELECT 'p' || n, 'glad' FROM generate_series(1, 20) n;
            # down
            DROP TABLE posts;
            DROP TYPE mood;
            # 2_enum
            ALTER TYPE mood ADD VALUE 'calm' AFTER 'glad';
            # down
            ALTER TYPE mood RENAME TO mood_old;
            CREATE TYPE mood AS ENUM ('glad', 'sad');
            ALTER TABLE posts ALTER COLUMN mood TYPE mood USING replace(mood::text, 'calm', 'glad')::mood;
            DROP TYPE mood_old;
            # 3_use
            ALTER TABLE posts ALTER COLUMN mood SET DEFAULT 'calm';
            # down
            ALTER TABLE posts ALTER COLUMN mood DROP DEFAULT;
            # 4_partitions
            CREATE TABLE events (id int, at date NOT NULL, note text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
            CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
            CREATE TABLE events_new PARTITION OF events FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);
            # down
            DROP TABLE events;
            # 5_on_partitions
            ALTER TABLE events ADD COLUMN more text DEFAULT 'x';
            CREATE INDEX events_note ON events (note);
            # down
            DROP INDEX events_note;
            ALTER TABLE events DROP COLUMN more;
            # 6_view
            CREATE MATERIALIZED VIEW counted AS SELECT mood, count(*) AS n FROM posts GROUP BY mood;
            # down
            DROP MATERIALIZED VIEW counted;
            # 7_refresh
            REFRESH MATERIALIZED VIEW counted;
            CREATE UNIQUE INDEX counted_mood ON counted (mood);
            # down
            DROP INDEX counted_mood;
            # 8_path
            CREATE SCHEMA app;
            SET search_path = app, public;
            CREATE TABLE settings (id int PRIMARY KEY, value text);
            INSERT INTO settings VALUES (1, 'a');
            RESET search_path;
            # down
            DROP SCHEMA app CASCADE;
            # 9_temp
            CREATE TEMP TABLE moved (id int) ON COMMIT DROP;
            INSERT INTO moved SELECT 1;
            CREATE TABLE kept AS SELECT id FROM moved;
            # down
            DROP TABLE kept;
            # 10_rename
            ALTER TABLE kept RENAME TO held;
            ALTER TABLE held RENAME COLUMN id TO number;
            # down
            ALTER TABLE held RENAME COLUMN number TO id;
            ALTER TABLE held RENAME TO kept;
            # 11_concurrently
            CREATE INDEX CONCURRENTLY posts_title ON posts (title);
            # down
            DROP INDEX CONCURRENTLY posts_title;
            # 12_do_commit
            DO $$ BEGIN CREATE TABLE parts (id int); COMMIT; CREATE TABLE pieces (id int); END $$
            # down
            DROP TABLE parts, pieces;
            # 13_role
            CREATE ROLE imprimatur_odd NOLOGIN;
            GRANT SELECT ON posts TO imprimatur_odd;
            # down
            REVOKE ALL ON posts FROM imprimatur_odd;
            DROP ROLE imprimatur_odd;
            # 14_set_role
            GRANT CREATE ON SCHEMA public TO imprimatur_odd;
            SET ROLE imprimatur_odd;
            CREATE TABLE theirs (id int);
            RESET ROLE;
            # down
            DROP TABLE theirs;
            REVOKE CREATE ON SCHEMA public FROM imprimatur_odd;
            # 15_chance
            ALTER TABLE posts ADD COLUMN mark uuid NOT NULL DEFAULT gen_random_uuid();
            INSERT INTO posts (title) VALUES ('late');
            # down
            DELETE FROM posts WHERE title = 'late';
            ALTER TABLE posts DROP COLUMN mark;
            # 16_deferred
            CREATE TABLE heads (id int PRIMARY KEY);
            CREATE TABLE tails (id int PRIMARY KEY REFERENCES heads DEFERRABLE INITIALLY DEFERRED);
            INSERT INTO tails VALUES (1);
            INSERT INTO heads VALUES (1);
            # down
            DROP TABLE tails, heads;
            # 17_extension
            CREATE EXTENSION citext;
            ALTER TABLE posts ADD COLUMN name citext DEFAULT 'x';
            # down
            ALTER TABLE posts DROP COLUMN name;
            DROP EXTENSION citext;
            # 18_role_changed
            ALTER ROLE imprimatur_odd CREATEDB CONNECTION LIMIT 3;
            ALTER ROLE imprimatur_odd SET work_mem = '8MB';
            GRANT imprimatur_odd TO pg_monitor;
            # down
            REVOKE imprimatur_odd FROM pg_monitor;
            ALTER ROLE imprimatur_odd RESET work_mem;
            ALTER ROLE imprimatur_odd NOCREATEDB CONNECTION LIMIT -1;
            # 19_role_renamed
            ALTER ROLE imprimatur_odd RENAME TO imprimatur_even;
            # down
            ALTER ROLE imprimatur_even RENAME TO imprimatur_odd;
            # 20_role_unused
            CREATE ROLE imprimatur_unused NOLOGIN VALID UNTIL '2030-01-01 00:00:00+00';
            # down
            DROP ROLE imprimatur_unused;
            # 21_role_gone
            DROP ROLE imprimatur_unused;
            # down
            CREATE ROLE imprimatur_unused NOLOGIN VALID UNTIL '2030-01-01 00:00:00+00';
            """;

    private static final String FAULTS = """
            # 1_start
            CREATE TABLE posts (id int PRIMARY KEY, title text DEFAULT 'none', stars int);
            COMMENT ON TABLE posts IS 'Posts.';
            INSERT INTO posts SELECT n, 'p' || n, n FROM generate_series(1, 20) n;
            # down
            DROP TABLE posts;
            # 2_default
            ALTER TABLE posts ALTER COLUMN title DROP DEFAULT;
            # down
            SELECT 1;
            # 3_comment
            COMMENT ON TABLE posts IS 'All posts.';
            # down
            COMMENT ON TABLE posts IS NULL;
            # 4_sound
            CREATE VIEW titles AS SELECT title FROM posts;
            # down
            DROP VIEW titles;
            # 5_rows
            UPDATE posts SET stars = stars + 1;
            # down
            UPDATE posts SET stars = stars - 2;
            # 6_trigger
            CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER touch BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
            # down
            DROP TRIGGER touch ON posts;
            # 7_order
            ALTER TABLE posts DROP COLUMN title CASCADE;
            # down
            -- migrate: lossy the titles
            ALTER TABLE posts ADD COLUMN title text;
            CREATE VIEW titles AS SELECT title FROM posts;
            # 8_once
            CREATE TABLE tags (id int);
            ALTER TABLE posts ADD COLUMN tag int;
            # down
            DROP TABLE IF EXISTS tags;
            # 9_deferred
            CREATE TABLE heads (id int PRIMARY KEY);
            CREATE TABLE tails (id int PRIMARY KEY REFERENCES heads DEFERRABLE INITIALLY DEFERRED);
            INSERT INTO tails VALUES (1);
            # down
            DROP TABLE tails, heads;
            # 10_never_reached
            SELECT 1;
            # down
            SELECT 1;
            """;
}
