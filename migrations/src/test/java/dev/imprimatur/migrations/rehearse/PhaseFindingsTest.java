package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.snapshot.EffectClass;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A step is held to its phase by what it does. */
class PhaseFindingsTest {

    @TempDir
    private Path folder;

    private Report rehearse(String phase, String forward, String down) throws Exception {
        return Written.ours(folder, Written.BASE + """
                # 0001_expand_stage
                ALTER TABLE posts ADD COLUMN stage text;
                # down
                ALTER TABLE posts DROP COLUMN stage;
                # 0002_%s_stage
                %s
                # down
                %s
                """.formatted(phase, forward, down))
                .rehearse();
    }

    @ParameterizedTest(name = "{0} may {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            expand    | ADDITIVE    | true
            expand    | DATA        | false
            expand    | RESTRICTIVE | false
            expand    | DESTRUCTIVE | false
            backfill  | ADDITIVE    | false
            backfill  | DATA        | true
            backfill  | RESTRICTIVE | false
            backfill  | DESTRUCTIVE | false
            constrain | ADDITIVE    | true
            constrain | DATA        | false
            constrain | RESTRICTIVE | true
            constrain | DESTRUCTIVE | false
            contract  | ADDITIVE    | true
            contract  | DATA        | false
            contract  | RESTRICTIVE | true
            contract  | DESTRUCTIVE | true
            """)
    void eachClassOfEffectIsAllowedInItsPhases(String phase, EffectClass effect, boolean allowed) throws Exception {
        String[] ways = switch (effect) {
            case ADDITIVE -> new String[] {"CREATE TABLE tags (name text);", "DROP TABLE tags;"};
            case DATA ->
                new String[] {
                    "UPDATE posts SET stage = 'x' WHERE stage IS DISTINCT FROM 'x';",
                    "-- migrate: lossy which were empty is not kept\nUPDATE posts SET stage = NULL;"
                };
            case RESTRICTIVE ->
                new String[] {
                    "ALTER TABLE posts ADD CONSTRAINT counted CHECK (id > 0);",
                    "ALTER TABLE posts DROP CONSTRAINT counted;"
                };
            case DESTRUCTIVE ->
                new String[] {
                    "ALTER TABLE posts RENAME COLUMN stars TO votes;", "ALTER TABLE posts RENAME COLUMN votes TO stars;"
                };
        };
        Report report = rehearse(phase, ways[0], ways[1]);
        StepReport step = report.steps().getLast();
        if (allowed) {
            assertThat(report.verdict()).as(Written.whole(report)).isEqualTo(Verdict.PASSED);
            return;
        }
        FindingCode code = effect == EffectClass.DATA ? FindingCode.ROWS_CHANGED : FindingCode.PHASE_EXCEEDED;
        assertThat(step.findings()).as(Written.whole(report)).anySatisfy(finding -> {
            assertThat(finding.code()).isEqualTo(code);
            assertThat(finding.place()).hasValueSatisfying(place -> {
                assertThat(place.file()).hasFileName("0002_" + phase + "_stage.sql");
                assertThat(place.line()).isEqualTo(1);
            });
        });
    }

    @Test
    void aMixedStepIsToldWhichStatementBelongsWhere() throws Exception {
        Report report = rehearse("expand", """
                CREATE TABLE tags (name text);
                UPDATE posts SET stage = 'x';
                ALTER TABLE posts ALTER COLUMN title TYPE varchar(500);
                ALTER TABLE posts
                  DROP COLUMN stars;
                CREATE INDEX ON posts (title);""", """
                -- migrate: lossy the stars
                DROP INDEX posts_title_idx;
                ALTER TABLE posts ADD COLUMN stars int;
                ALTER TABLE posts ALTER COLUMN title TYPE text;
                UPDATE posts SET stage = NULL;
                DROP TABLE tags;""");
        Finding finding = report.steps().getLast().findings().stream()
                .filter(each -> each.code() == FindingCode.PHASE_EXCEEDED)
                .findFirst()
                .orElseThrow();
        assertThat(finding.detail())
                .contains("`expand` may not do this:")
                .contains("column posts.stars is gone (`contract`)", "instead of text (`constrain`)")
                .contains("split it into one file a phase: `expand`: the statements on lines 1, 6;"
                        + " `backfill`: the statement on line 2; `constrain`: the statement on line 3;"
                        + " `contract`: the statement on line 4");
    }

    @Test
    void inAForeignLayoutThePhaseIsInferredAndTheSplitANote() throws Exception {
        Report report = Written.golang(folder, """
                # 1_start
                CREATE TABLE posts (id int PRIMARY KEY, old text);
                # down
                DROP TABLE posts;
                # 2_mixed
                ALTER TABLE posts ADD COLUMN fresh text;
                ALTER TABLE posts DROP COLUMN old;
                # down
                ALTER TABLE posts ADD COLUMN old text;
                ALTER TABLE posts DROP COLUMN fresh;
                """).rehearse();
        StepReport mixed = report.steps().getLast();
        assertThat(mixed.phase().orElseThrow().word()).isEqualTo("contract");
        assertThat(mixed.notes())
                .anySatisfy(note -> assertThat(note)
                        .contains("`expand`: the statement on line 1; `contract`: the statement on line 2"));
        assertThat(Written.told(report)).noneMatch(line -> line.contains("phase-exceeded"));
    }
}
