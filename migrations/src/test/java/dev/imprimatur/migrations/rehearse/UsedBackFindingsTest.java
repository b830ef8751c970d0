package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways back that are sound until somebody has used the new schema. */
class UsedBackFindingsTest {

    @TempDir
    private Path faulty;

    @TempDir
    private Path sound;

    private void told(String steps, String... findings) throws Exception {
        Report report = Written.ours(faulty, Written.BASE + steps).rehearse();
        assertThat(Written.told(report)).as(Written.whole(report)).containsExactly(findings);
    }

    private void passes(String steps) throws Exception {
        Report report = Written.ours(sound, Written.BASE + steps).rehearse();
        assertThat(report.verdict()).as(Written.whole(report)).isEqualTo(Verdict.PASSED);
    }

    @Test
    void anEnumValueInUseMustNotStopTheWayBack() throws Exception {
        told("""
                # 0001_expand_state
                ALTER TYPE state ADD VALUE 'archived';
                # down
                ALTER TYPE state RENAME TO state_before;
                CREATE TYPE state AS ENUM ('draft', 'published');
                ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
                ALTER TABLE posts ALTER COLUMN state TYPE state USING state::text::state;
                ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';
                DROP TYPE state_before;
                """, "0001_expand_state: used-back-fails 0001_expand_state 0001_expand_state.down.sql:4");
        passes("""
                # 0001_expand_state
                ALTER TYPE state ADD VALUE 'archived';
                # down
                -- migrate: lossy what was archived is a draft again
                UPDATE posts SET state = 'draft' WHERE state = 'archived';
                ALTER TYPE state RENAME TO state_before;
                CREATE TYPE state AS ENUM ('draft', 'published');
                ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
                ALTER TABLE posts ALTER COLUMN state TYPE state USING state::text::state;
                ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';
                DROP TYPE state_before;
                """);
    }

    @Test
    void theTableOfTheLayoutsRunnerIsLeftAlone() throws Exception {
        Report report = Written.golang(faulty, """
                # 1_start
                CREATE TABLE posts (id int PRIMARY KEY, title varchar(10));
                # down
                DROP TABLE posts;
                # 2_longer
                ALTER TABLE posts ALTER COLUMN title TYPE text;
                # down
                ALTER TABLE posts ALTER COLUMN title TYPE varchar(10);
                """).rehearse(Rehearsal::alwaysOnCopies);
        assertThat(report.steps().getLast().findings())
                .as(Written.whole(report))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(FindingCode.USED_BACK_FAILS);
                    assertThat(finding.detail()).contains("posts: ").doesNotContain("schema_migrations");
                });
        assertThat(report.tables().filled()).containsExactly("public.posts");
    }

    @Test
    void aNullThatWasAllowedMeanwhileMustNotStopTheWayBack() throws Exception {
        told("""
                # 0001_expand_title
                ALTER TABLE posts ALTER COLUMN title DROP NOT NULL;
                # down
                ALTER TABLE posts ALTER COLUMN title SET NOT NULL;
                """, "0001_expand_title: used-back-fails 0001_expand_title 0001_expand_title.down.sql:1");
        passes("""
                # 0001_expand_title
                ALTER TABLE posts ALTER COLUMN title DROP NOT NULL;
                # down
                UPDATE posts SET title = 'none' WHERE title IS NULL;
                ALTER TABLE posts ALTER COLUMN title SET NOT NULL;
                """);
    }

    @Test
    void aTextThatWasShortEnoughMeanwhileMustNotStopTheWayBack() throws Exception {
        String column = """
                # 0001_expand_slug
                ALTER TABLE posts ADD COLUMN slug varchar(20) DEFAULT 'x';
                # down
                ALTER TABLE posts DROP COLUMN slug;
                # 0002_expand_slug
                ALTER TABLE posts ALTER COLUMN slug TYPE varchar(200);
                # down
                """;
        told(
                column + "ALTER TABLE posts ALTER COLUMN slug TYPE varchar(20);\n",
                "0002_expand_slug: used-back-fails 0002_expand_slug 0002_expand_slug.down.sql:1");
        passes(column + "ALTER TABLE posts ALTER COLUMN slug TYPE varchar(20) USING left(slug, 20);\n");
    }

    @Test
    void rowsThatWereThereBeforeMustSurviveTheUseOfTheNewSchema() throws Exception {
        told("""
                # 0001_expand_title
                ALTER TABLE posts ALTER COLUMN title DROP NOT NULL;
                # down
                DELETE FROM posts WHERE EXISTS (SELECT FROM posts WHERE title IS NULL);
                ALTER TABLE posts ALTER COLUMN title SET NOT NULL;
                """, "0001_expand_title: used-back-differs table posts 0001_expand_title.down.sql:2");
    }
}
