package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each finding about the way there and back, in the smallest chain that shows it, and the chain beside it that is sound. */
class WayBackFindingsTest {

    @TempDir
    private Path faulty;

    @TempDir
    private Path sound;

    private void told(String steps, String... findings) throws Exception {
        Report report = Written.ours(faulty, Written.BASE + steps).rehearse(Rehearsal::keepGoing);
        assertThat(Written.told(report)).as(Written.whole(report)).containsExactly(findings);
    }

    private void passes(String steps) throws Exception {
        Report report = Written.ours(sound, Written.BASE + steps).rehearse();
        assertThat(Written.told(report)).as(Written.whole(report)).isEmpty();
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.unwind().reached())
                .isEqualTo(report.unwind().of())
                .isEqualTo(report.steps().size());
    }

    @Test
    void aWayThereThatFailsIsToldWithItsStatement() throws Exception {
        told("""
                # 0001_expand_slug
                ALTER TABLE posts ADD COLUMN slug text;
                ALTER TABLE posts
                  ADD COLUMN slug text;
                # down
                ALTER TABLE posts DROP COLUMN slug;
                """, "0001_expand_slug: forward-fails 0001_expand_slug 0001_expand_slug.sql:2");
        passes("""
                # 0001_expand_slug
                ALTER TABLE posts ADD COLUMN slug text;
                ALTER TABLE posts
                  ADD COLUMN slug2 text;
                # down
                ALTER TABLE posts DROP COLUMN slug, DROP COLUMN slug2;
                """);
    }

    @Test
    void aWayBackThatFailsIsToldWithItsStatement() throws Exception {
        told(
                """
                # 0001_expand_slug
                ALTER TABLE posts ADD COLUMN slug text;
                CREATE VIEW slugs AS SELECT slug FROM posts;
                # down
                -- the view first, somebody should have thought
                ALTER TABLE posts DROP COLUMN slug;
                DROP VIEW slugs;
                """,
                "0001_expand_slug: back-fails 0001_expand_slug 0001_expand_slug.down.sql:2",
                "unwind: unwind-fails 0001_expand_slug 0001_expand_slug.down.sql:2");
        passes("""
                # 0001_expand_slug
                ALTER TABLE posts ADD COLUMN slug text;
                CREATE VIEW slugs AS SELECT slug FROM posts;
                # down
                DROP VIEW slugs;
                ALTER TABLE posts DROP COLUMN slug;
                """);
    }

    @Test
    void anObjectThatDoesNotComeBackIsToldWithBothDefinitions() throws Exception {
        told(
                """
                # 0001_contract_state
                ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
                # down
                SELECT 1;
                ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'published';
                """,
                "0001_contract_state: back-differs column posts.state 0001_contract_state.down.sql:2",
                "unwind: unwind-differs column posts.state 0001_contract_state.down.sql:2");
        Report report = new Written(faulty, dev.imprimatur.migrations.layout.Layout.IMPRIMATUR).rehearse();
        assertThat(report.steps().getLast().findings().getFirst().detail())
                .contains("before: 'draft'::public.state", "after: 'published'::public.state");
        passes("""
                # 0001_contract_state
                ALTER TABLE posts ALTER COLUMN state DROP DEFAULT;
                # down
                ALTER TABLE posts ALTER COLUMN state SET DEFAULT 'draft';
                """);
    }

    @Test
    void rowsThatDoNotComeBackAreTold() throws Exception {
        told(
                """
                # 0001_expand_slug
                ALTER TABLE posts ADD COLUMN slug text;
                # down
                ALTER TABLE posts DROP COLUMN slug;
                UPDATE posts SET title = upper(title);
                """,
                "0001_expand_slug: back-differs table posts 0001_expand_slug.down.sql:2",
                "0001_expand_slug: again-differs table posts 0001_expand_slug.sql:1",
                "unwind: unwind-differs table posts 0001_expand_slug.down.sql:2");
    }

    @Test
    void onlyTheOrderOfColumnsIsToldApartAndPasses() throws Exception {
        Report report = Written.ours(faulty, Written.BASE + """
                # 0001_contract_state
                ALTER TABLE posts DROP COLUMN state;
                # down
                ALTER TABLE posts ADD COLUMN state state NOT NULL DEFAULT 'draft';
                """).rehearse();
        assertThat(Written.told(report))
                .as(Written.whole(report))
                .containsExactly("0001_contract_state: order-differs table posts 0001_contract_state.down.sql:1");
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        passes("""
                # 0001_contract_stars
                ALTER TABLE posts ALTER COLUMN stars SET DEFAULT 1;
                # down
                ALTER TABLE posts ALTER COLUMN stars DROP DEFAULT;
                """);
    }

    @Test
    void aStepThatCannotBeAppliedAgainIsTold() throws Exception {
        told(
                """
                # 0001_expand_tags
                CREATE TABLE tags (name text PRIMARY KEY);
                CREATE INDEX posts_title ON posts (title);
                # down
                DROP INDEX posts_title;
                """,
                "0001_expand_tags: back-differs table tags 0001_expand_tags.sql:1",
                "0001_expand_tags: again-fails 0001_expand_tags 0001_expand_tags.sql:1",
                "unwind: unwind-differs table tags 0001_expand_tags.sql:1");
        passes("""
                # 0001_expand_tags
                CREATE TABLE tags (name text PRIMARY KEY);
                # down
                DROP TABLE tags;
                """);
    }

    @Test
    void aStepThatGivesSomethingElseTheSecondTimeIsTold() throws Exception {
        told(
                """
                # 0001_expand_slug
                ALTER TABLE posts ADD COLUMN IF NOT EXISTS slug text DEFAULT 'none';
                # down
                ALTER TABLE posts ALTER COLUMN slug DROP DEFAULT;
                """,
                "0001_expand_slug: back-differs column posts.slug 0001_expand_slug.down.sql:1",
                "0001_expand_slug: again-differs column posts.slug 0001_expand_slug.sql:1",
                "unwind: unwind-differs column posts.slug 0001_expand_slug.down.sql:1");
        passes("""
                # 0001_expand_slug
                ALTER TABLE posts ADD COLUMN IF NOT EXISTS slug text DEFAULT 'none';
                # down
                ALTER TABLE posts DROP COLUMN slug;
                """);
    }

    @Test
    void aChainThatCannotBeTakenBackAsAWholeIsTold() throws Exception {
        told(
                """
                # 0001_expand_note
                ALTER TABLE posts ADD COLUMN note text DEFAULT '';
                # down
                ALTER TABLE posts DROP COLUMN note;
                # 0002_expand_notes
                CREATE VIEW notes AS SELECT note FROM posts;
                # down
                -- migrate: lossy nobody reads it
                """,
                "0002_expand_notes: back-differs view notes 0002_expand_notes.sql:1 excused",
                "0002_expand_notes: again-fails 0002_expand_notes 0002_expand_notes.sql:1",
                "unwind: unwind-differs view notes 0002_expand_notes.sql:1 excused",
                "unwind: unwind-fails 0001_expand_note 0001_expand_note.down.sql:1");
    }

    @Test
    void aStepWithoutAWayBackIsUnprovenAndEndsTheUnwinding() throws Exception {
        Report report = Written.ours(faulty, Written.BASE + """
                # 0001_expand_slug
                ALTER TABLE posts ADD COLUMN slug text;
                """).rehearse();
        assertThat(Written.told(report))
                .containsExactly("0001_expand_slug: no-down 0001_expand_slug 0001_expand_slug.sql:1");
        assertThat(report.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(report.unwind().reached()).isZero();
    }
}
