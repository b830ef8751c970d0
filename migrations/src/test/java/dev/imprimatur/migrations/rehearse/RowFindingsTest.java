package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a step may do to rows, and what is only chance. */
class RowFindingsTest {

    private static final String STAGE = """
            # 0001_expand_stage
            ALTER TABLE posts ADD COLUMN stage text;
            # down
            ALTER TABLE posts DROP COLUMN stage;
            """;

    @TempDir
    private Path faulty;

    @TempDir
    private Path sound;

    private void told(String steps, String... findings) throws Exception {
        Report report = Written.ours(faulty, Written.BASE + steps).rehearse(Rehearsal::keepGoing);
        assertThat(Written.told(report)).as(Written.whole(report)).containsExactly(findings);
    }

    private Report passes(String steps) throws Exception {
        Report report = Written.ours(sound, Written.BASE + steps).rehearse();
        assertThat(Written.told(report)).as(Written.whole(report)).allMatch(line -> line.endsWith("excused"));
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.unwind().reached()).isEqualTo(report.unwind().of());
        return report;
    }

    @Test
    void aBackfillThatChangesOtherColumnsThanItsOwnIsTold() throws Exception {
        told(
                STAGE + """
                # 0002_backfill_stage
                UPDATE posts SET stage = 'new', stars = 0;
                # down
                -- migrate: lossy nobody knows the stars
                """,
                "0002_backfill_stage: rows-changed table posts 0002_backfill_stage.sql:1",
                "0002_backfill_stage: back-differs table posts 0002_backfill_stage.sql:1 excused");
        passes(STAGE + """
                # 0002_backfill_stage
                UPDATE posts SET stage = 'new' WHERE stage IS DISTINCT FROM 'new';
                # down
                -- migrate: lossy which were empty is not kept
                """);
    }

    @Test
    void rowsThatGoWithAStepAreTold() throws Exception {
        told(
                """
                # 0001_constrain_stars
                DELETE FROM posts WHERE stars > 6;
                ALTER TABLE posts ADD CONSTRAINT few CHECK (stars <= 6);
                # down
                ALTER TABLE posts DROP CONSTRAINT few;
                """,
                "0001_constrain_stars: rows-changed table posts 0001_constrain_stars.sql:2",
                "0001_constrain_stars: back-differs table posts 0001_constrain_stars.down.sql:1");
    }

    @Test
    void aTableThatIsEmptiedIsTold() throws Exception {
        told(
                """
                # 0001_contract_posts
                TRUNCATE posts;
                ALTER TABLE posts DROP COLUMN stars;
                # down
                ALTER TABLE posts ADD COLUMN stars int;
                """,
                "0001_contract_posts: rows-changed table posts 0001_contract_posts.sql:2",
                "0001_contract_posts: back-differs table posts 0001_contract_posts.down.sql:1");
    }

    @Test
    void aBackfillThatAddsUpInsteadOfSettingIsTold() throws Exception {
        String column = """
                # 0001_expand_votes
                ALTER TABLE posts ADD COLUMN votes int NOT NULL DEFAULT 0;
                # down
                ALTER TABLE posts DROP COLUMN votes;
                """;
        told(
                column + """
                # 0002_backfill_votes
                UPDATE posts SET votes = votes + coalesce(stars, 0) + 1;
                # down
                -- migrate: lossy the zeros
                """,
                "0002_backfill_votes: back-differs table posts 0002_backfill_votes.sql:1 excused",
                "0002_backfill_votes: not-idempotent table posts 0002_backfill_votes.sql:1",
                "0002_backfill_votes: again-differs table posts 0002_backfill_votes.sql:1 excused");
        passes(column + """
                # 0002_backfill_votes
                UPDATE posts SET votes = coalesce(stars, 0) + 1 WHERE votes = 0;
                # down
                -- migrate: lossy the zeros
                """);
    }

    @Test
    void aConstraintThatNobodyValidatesIsTold() throws Exception {
        told("""
                # 0001_constrain_stars
                ALTER TABLE posts ADD CONSTRAINT some_stars CHECK (stars > 0) NOT VALID;
                # down
                ALTER TABLE posts DROP CONSTRAINT some_stars;
                """, "0001_constrain_stars: invalid-left-behind constraint posts.some_stars 0001_constrain_stars.sql:1");
        passes("""
                # 0001_constrain_stars
                ALTER TABLE posts ADD CONSTRAINT some_stars CHECK (stars > -2147483648) NOT VALID;
                # down
                ALTER TABLE posts DROP CONSTRAINT some_stars;
                # 0002_constrain_stars
                ALTER TABLE posts VALIDATE CONSTRAINT some_stars;
                # down
                ALTER TABLE posts DROP CONSTRAINT some_stars;
                ALTER TABLE posts ADD CONSTRAINT some_stars CHECK (stars > -2147483648) NOT VALID;
                """);
    }

    @Test
    void aConcurrentIndexThatFailsIsToldWithItsStatement() throws Exception {
        told("""
                # 0001_constrain_title
                -- migrate: no-transaction
                CREATE UNIQUE INDEX CONCURRENTLY one_draft ON posts (state);
                # down
                -- migrate: no-transaction
                DROP INDEX CONCURRENTLY one_draft;
                """, "0001_constrain_title: forward-fails 0001_constrain_title 0001_constrain_title.sql:2");
        passes("""
                # 0001_constrain_title
                -- migrate: no-transaction
                CREATE UNIQUE INDEX CONCURRENTLY one_title ON posts (id, title);
                # down
                -- migrate: no-transaction
                DROP INDEX CONCURRENTLY one_title;
                """);
    }

    @Test
    void aTableWithoutRowsProvesNothing() throws Exception {
        String table = """
                # 0001_expand_odd
                CREATE TABLE odd (id int NOT NULL CHECK (id > 5 AND id < 5));
                # down
                DROP TABLE odd;
                """;
        told(table + """
                # 0002_expand_odd
                ALTER TABLE odd ADD COLUMN more int;
                # down
                ALTER TABLE odd DROP COLUMN more;
                """, "0002_expand_odd: unproven table odd 0002_expand_odd.sql:1");
        passes(table.replace("id < 5", "id < 9") + """
                # 0002_expand_odd
                ALTER TABLE odd ADD COLUMN more int;
                # down
                ALTER TABLE odd DROP COLUMN more;
                """);
    }

    @Test
    void timesRandomValuesAndNumbersOfSequencesAreNoFault() throws Exception {
        Report report = passes("""
                # 0001_expand_marks
                ALTER TABLE posts
                  ADD COLUMN made timestamptz NOT NULL DEFAULT clock_timestamp(),
                  ADD COLUMN mark uuid NOT NULL DEFAULT gen_random_uuid(),
                  ADD COLUMN number serial;
                CREATE TABLE kinds (id serial PRIMARY KEY, name text NOT NULL, at timestamptz DEFAULT now());
                INSERT INTO kinds (name) VALUES ('long'), ('short');
                # down
                DROP TABLE kinds;
                ALTER TABLE posts DROP COLUMN made, DROP COLUMN mark, DROP COLUMN number;
                """);
        assertThat(report.steps().getLast().notes())
                .anySatisfy(note -> assertThat(note)
                        .startsWith("other values each time")
                        .contains("posts.made", "posts.mark", "kinds.at")
                        .doesNotContain("kinds.name", "posts.title"));
    }

    @Test
    void rangeByRangeMustGiveWhatOneStatementGives() throws Exception {
        String column = """
                # 0001_expand_place
                ALTER TABLE posts ADD COLUMN place bigint;
                # down
                ALTER TABLE posts DROP COLUMN place;
                """;
        told(
                column + """
                # 0002_backfill_place
                -- migrate: batch posts by id size 5
                UPDATE posts SET place = (SELECT count(*) FROM posts p WHERE p.id BETWEEN :first AND :last) WHERE id BETWEEN :first AND :last;
                # down
                -- migrate: lossy which were empty is not kept
                """,
                "0002_backfill_place: back-differs table posts 0002_backfill_place.sql:2 excused",
                "0002_backfill_place: again-differs table posts 0002_backfill_place.sql:2");
        passes(column + """
                # 0002_backfill_place
                -- migrate: batch posts by id size 5
                UPDATE posts SET place = id * 2 WHERE id BETWEEN :first AND :last;
                # down
                -- migrate: lossy which were empty is not kept
                """);
    }

    @Test
    void aLossyWayBackExcusesRowsAndNothingElse() throws Exception {
        told(
                """
                # 0001_contract_stars
                ALTER TABLE posts DROP COLUMN stars;
                # down
                -- migrate: lossy the stars are gone
                ALTER TABLE posts ADD COLUMN stars bigint;
                """,
                "0001_contract_stars: back-differs column posts.stars 0001_contract_stars.down.sql:2",
                "0001_contract_stars: back-differs table posts 0001_contract_stars.down.sql:2 excused",
                "unwind: unwind-differs column posts.stars 0001_contract_stars.down.sql:2");
        Report report = passes("""
                # 0001_contract_stars
                ALTER TABLE posts DROP COLUMN stars;
                # down
                -- migrate: lossy the stars are gone
                ALTER TABLE posts ADD COLUMN stars int;
                """);
        assertThat(Written.told(report))
                .isEqualTo(List.of(
                        "0001_contract_stars: back-differs table posts 0001_contract_stars.down.sql:2 excused"));
    }
}
