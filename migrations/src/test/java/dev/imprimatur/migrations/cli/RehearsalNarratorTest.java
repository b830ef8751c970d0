package dev.imprimatur.migrations.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.report.Samples;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RehearsalNarratorTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private long seconds = 1000;

    private RehearsalNarrator narrator(boolean terminal) {
        return new RehearsalNarrator(
                new Surroundings(new PrintWriter(out), new PrintWriter(err), Map.of(), terminal),
                () -> TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void elsewhereThanOnATerminalALineComesEveryFiveSecondsAndStandardOutputStaysFree() {
        RehearsalNarrator narrator = narrator(false);
        narrator.doing("starting PostgreSQL");
        for (int i = 1; i <= 200; i++) {
            narrator.begins("step" + i, i, 200);
            seconds += i == 100 ? 5 : 0;
        }
        narrator.ends();
        assertThat(err).hasToString("  starting PostgreSQL\n  step101 (101 of 200)\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aTerminalHasOneBarThatIsGoneInTheEnd() {
        RehearsalNarrator narrator = narrator(true);
        narrator.begins("x".repeat(300), 101, 200);
        narrator.ends();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains("█".repeat(10) + "░".repeat(10), "101/200", "…")
                .doesNotContain("\n")
                .endsWith("\r\u001b[K");
        assertThat(out.toString().split("\u001b\\[K", -1)[1].length()).isLessThan(80);
    }

    @Test
    void whatFailedIsToldAtOnceAndObeysNoTerminal() {
        List<StepReport> steps = Samples.hostile().steps();
        RehearsalNarrator narrator = narrator(false);
        narrator.ended(steps.getFirst());
        steps.forEach(narrator::ended);
        Samples.failing().steps().forEach(narrator::ended);
        assertThat(err.toString())
                .contains("0001_expand_post_slugs failed: back-differs column posts.status")
                .doesNotContain("0002_backfill", "\u001b", "\u0000", "\n::");
    }
}
