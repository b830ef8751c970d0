package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.rehearse.FindingCode.Weight;
import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.rehearse.Verdict;
import dev.imprimatur.migrations.rehearse.Watcher;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells how a rehearsal goes on: on a terminal with one living bar, elsewhere with plain lines on standard error, so that
 * the report has standard output to itself. What failed is told at once.
 */
final class RehearsalNarrator implements Watcher {

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int BAR = 20;
    /** With the bar before it, narrow enough for a terminal of 80 columns. */
    private static final int WORDS = 44;

    private final Surroundings surroundings;
    private final LongSupplier nanos;
    private long lastLine;
    private int number;
    private int of;

    RehearsalNarrator(Surroundings surroundings, LongSupplier nanos) {
        this.surroundings = surroundings;
        this.nanos = nanos;
        this.lastLine = nanos.getAsLong() - BETWEEN_LINES.toNanos();
    }

    @Override
    public void doing(String what) {
        if (surroundings.terminal()) {
            bar(what);
        } else {
            line(what);
        }
    }

    @Override
    public void begins(String step, int number, int of) {
        this.number = number;
        this.of = of;
        if (surroundings.terminal()) {
            bar(step);
        } else if (nanos.getAsLong() - lastLine >= BETWEEN_LINES.toNanos()) {
            line("%s (%d of %d)".formatted(step, number, of));
        }
    }

    @Override
    public void ended(StepReport step) {
        if (step.verdict() == Verdict.FAILED) {
            line("%s failed: %s"
                    .formatted(
                            step.name(),
                            step.findings().stream()
                                    .filter(finding -> finding.weight() == Weight.FAILS)
                                    .map(Object::toString)
                                    .findFirst()
                                    .orElse("")));
        }
    }

    /** Takes the bar away, for the report to follow. */
    void ends() {
        if (surroundings.terminal()) {
            surroundings.out().print(CLEAR_LINE);
            surroundings.out().flush();
        }
    }

    private void bar(String words) {
        String shown = oneLine(words);
        String text = shown.codePointCount(0, shown.length()) <= WORDS
                ? shown
                : shown.substring(0, shown.offsetByCodePoints(0, WORDS - 1)) + "…";
        int full = of == 0 ? 0 : (number - 1) * BAR / of;
        String progress =
                of == 0 ? "" : "▕" + "█".repeat(full) + "░".repeat(BAR - full) + "▏ %d/%d  ".formatted(number, of);
        surroundings.out().print(CLEAR_LINE + "  " + progress + text);
        surroundings.out().flush();
    }

    private void line(String text) {
        lastLine = nanos.getAsLong();
        if (surroundings.terminal()) {
            surroundings.out().println(CLEAR_LINE + "  " + oneLine(text));
        } else {
            surroundings.err().println("  " + oneLine(text));
            surroundings.err().flush();
        }
    }

    /** Names and messages may hold what a terminal would obey. */
    private static String oneLine(String text) {
        return text.replaceAll("\\R", " ").replaceAll("\\p{Cntrl}", "?");
    }
}
