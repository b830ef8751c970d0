package dev.imprimatur.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextReportTest {

    private static final Look PLAIN = Look.from(Samples.BASE);

    @Test
    void whatIsWellTakesOneLineAStep() {
        List<String> lines = Format.TEXT.write(Samples.passing(), PLAIN).lines().toList();
        assertThat(lines.getFirst()).isEqualTo("Rehearsed db/migrations (imprimatur) on PostgreSQL 17.11 in 3.2 s.");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .matches("  0001_expand_post_slugs +expand +passed +forward 6\\.3 ms +back 2\\.1 ms"));
        assertThat(lines.getLast()).isEqualTo("Passed. 3 steps: 3 passed. Taken back at the end: all of them.");
    }

    @Test
    void whatFailedTellsWhereBothDefinitionsAndWhatToDo() {
        assertThat(Format.TEXT.write(Samples.failing(), PLAIN))
                .contains(
                        "FAILED",
                        "back-differs  column posts.status: after the way back, something is not as it was before",
                        "at db/migrations/0001_expand_post_slugs.down.sql:3",
                        "| before: text NOT NULL DEFAULT 'draft'::text\n      | after: text NOT NULL\n",
                        "What to do: Let the down file restore",
                        "Excused by what the file declares: the old slugs are in the snapshot",
                        "note: updated_at is volatile",
                        "Not reached: 0004_expand_tags, 0005_contract_tags",
                        "The whole chain taken back: 2 of 4 steps.",
                        "public.drafts: no value satisfies CHECK",
                        "Note: The role reporting was made",
                        "6 steps: 2 passed, 1 failed, 1 unproven, 2 not reached.");
    }

    @Test
    void coloursComeOnlyWhenAskedAndChangeNoWord() {
        String plain = Format.TEXT.write(Samples.failing(), PLAIN);
        String coloured = Format.TEXT.write(Samples.failing(), PLAIN.inColours());
        assertThat(plain).doesNotContain("\u001b");
        assertThat(coloured).contains("\u001b[31;1m");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
    }

    @Test
    void foreignTextNeitherMovesTheCursorNorCommandsABuildServer() {
        String text = Format.TEXT.write(Samples.hostile(), PLAIN);
        assertThat(text).doesNotContain("\u001b", "\r", "\u0000").contains("\\u001b[2J");
        assertThat(text.lines()).noneMatch(line -> line.strip().startsWith("::"));
    }
}
