package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.rehearse.Figures;
import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.rehearse.Finding.Place;
import dev.imprimatur.migrations.rehearse.FindingCode;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.Report.Unwind;
import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.rows.FilledTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reports made by hand. */
public final class Samples {

    /** What names and messages may hold, and no format may take for its own words. */
    public static final String HOSTILE =
            "<script>alert(1)</script> ]]> &amp; \"'`| ::error::x %0A\n::stop-commands::y\r\n\u001b[2J```\u0000 @all \uD800 \\";

    public static final Path BASE = Path.of("/project");
    public static final Path FOLDER = BASE.resolve("db/migrations");

    private Samples() {}

    public static Report passing() {
        return report(
                List.of(
                        step("0000_initial_schema", Phase.BASELINE, 84, List.of()),
                        step("0001_expand_post_slugs", Phase.EXPAND, 6.25, List.of()),
                        step(
                                "0002_backfill_post_slugs",
                                Phase.BACKFILL,
                                1260,
                                List.of(new Finding(
                                        FindingCode.ORDER_DIFFERS,
                                        "table posts",
                                        "before: id, slug, title\nafter: id, title, slug",
                                        Optional.empty())))),
                List.of(),
                new Unwind(3, 3, List.of()),
                List.of());
    }

    public static Report failing() {
        Path down = FOLDER.resolve("0001_expand_post_slugs.down.sql");
        return report(
                List.of(
                        step("0000_initial_schema", Phase.BASELINE, 84, List.of()),
                        step(
                                "0001_expand_post_slugs",
                                Phase.EXPAND,
                                6.25,
                                List.of(
                                        new Finding(
                                                FindingCode.BACK_DIFFERS,
                                                "column posts.status",
                                                """
                                                column posts.status lost its default 'draft'::text
                                                before: text NOT NULL DEFAULT 'draft'::text
                                                after: text NOT NULL""",
                                                Optional.of(new Place(down, 3))),
                                        new Finding(
                                                FindingCode.USED_BACK_FAILS,
                                                "0001_expand_post_slugs",
                                                "23502: column \"slug\" of relation \"posts\" contains null values",
                                                Optional.of(new Place(down, 4))))),
                        step(
                                "0002_backfill_post_slugs",
                                Phase.BACKFILL,
                                1260,
                                List.of(new Finding(
                                        FindingCode.UNPROVEN,
                                        "table drafts",
                                        "The step touches drafts, which has no rows.",
                                        Optional.empty()))),
                        step(
                                "0003_contract_old_slugs",
                                Phase.CONTRACT,
                                30,
                                List.of(new Finding(
                                        FindingCode.BACK_DIFFERS,
                                        "column posts.old_slug",
                                        "rows differ",
                                        Optional.of(new Place(FOLDER.resolve("0003_contract_old_slugs.down.sql"), 1)),
                                        Optional.of("the old slugs are in the snapshot"))))),
                List.of("0004_expand_tags", "0005_contract_tags"),
                new Unwind(
                        2,
                        4,
                        List.of(new Finding(
                                FindingCode.UNWIND_FAILS,
                                "0001_expand_post_slugs",
                                "42703: column \"slug\" does not exist",
                                Optional.empty()))),
                List.of(new FilledTables.Empty("public.drafts", "no value satisfies CHECK (length(title) = 7)")));
    }

    /** Two hundred steps: each seventh of them unproven, three failed. */
    public static Report long200() {
        List<StepReport> steps = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            FindingCode code = i == 41 || i == 97 || i == 180
                    ? FindingCode.AGAIN_DIFFERS
                    : i % 7 == 3 ? FindingCode.UNPROVEN : null;
            steps.add(step(
                    "%04d_expand_change_of_some_table_%d".formatted(i, i),
                    i % 4 == 0 ? Phase.EXPAND : Phase.BACKFILL,
                    3 + (i * 7919) % 400,
                    code == null
                            ? List.of()
                            : List.of(new Finding(code, "table t" + i, "It is so.", Optional.empty()))));
        }
        return report(steps, List.of(), new Unwind(200, 200, List.of()), List.of());
    }

    /** A step per code, each with what is hostile wherever foreign text may stand. */
    public static Report hostile() {
        List<StepReport> steps = Arrays.stream(FindingCode.values())
                .map(code -> new StepReport(
                        code.id() + HOSTILE,
                        Optional.empty(),
                        FOLDER.resolve("a b%20:,x<y>.sql"),
                        List.of(new Finding(
                                code,
                                HOSTILE,
                                HOSTILE + "\nbefore: " + HOSTILE + "\nafter: " + HOSTILE,
                                Optional.of(new Place(FOLDER.resolve("a b%20:,x<y>.sql"), 7)),
                                code.id().contains("differs") ? Optional.of(HOSTILE) : Optional.empty())),
                        List.of(HOSTILE),
                        List.of(HOSTILE),
                        Optional.empty(),
                        Optional.empty()))
                .toList();
        return new Report(
                "1.0",
                HOSTILE,
                Layout.GOOSE,
                FOLDER,
                Duration.ofMillis(3210),
                steps,
                List.of(HOSTILE),
                new Unwind(1, 2, List.of(new Finding(FindingCode.UNWIND_DIFFERS, HOSTILE, HOSTILE, Optional.empty()))),
                new FilledTables(List.of(HOSTILE), List.of(new FilledTables.Empty(HOSTILE, HOSTILE))),
                List.of(HOSTILE));
    }

    private static StepReport step(String name, Phase phase, double milliseconds, List<Finding> findings) {
        return new StepReport(
                name,
                Optional.of(phase),
                FOLDER.resolve(name + ".sql"),
                findings,
                phase == Phase.BACKFILL ? List.of("updated_at is volatile: compared by count only") : List.of(),
                phase == Phase.EXPAND ? List.of("new column posts.slug", "new index posts_slug_key") : List.of(),
                Optional.of(new Figures(milliseconds, phase == Phase.BACKFILL ? 2000 : 0, 160_000, 0)),
                Optional.of(new Figures(milliseconds / 3, 0, 8_000, phase == Phase.CONTRACT ? 1 : 0)));
    }

    private static Report report(
            List<StepReport> steps, List<String> left, Unwind unwind, List<FilledTables.Empty> empty) {
        return new Report(
                "0.1.0",
                "17.11",
                Layout.IMPRIMATUR,
                FOLDER,
                Duration.ofMillis(3210),
                steps,
                left,
                unwind,
                new FilledTables(
                        IntStream.range(0, 14).mapToObj(i -> "public.t" + i).toList(), empty),
                left.isEmpty() ? List.of() : List.of("The role reporting was made, for a GRANT names it."));
    }
}
