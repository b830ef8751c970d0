package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.Verdict;
import java.util.ArrayList;
import java.util.List;

/** How many steps ended how. */
public record Tally(int passed, int unproven, int failed, int left) {

    public static Tally of(Report report) {
        return new Tally(
                count(report, Verdict.PASSED),
                count(report, Verdict.UNPROVEN),
                count(report, Verdict.FAILED),
                report.left().size());
    }

    private static int count(Report report, Verdict verdict) {
        return (int) report.steps().stream()
                .filter(step -> step.verdict() == verdict)
                .count();
    }

    /** In one sentence: {@code 5 steps: 3 passed, 1 failed, 1 not reached.} */
    public String sentence() {
        List<String> parts = new ArrayList<>();
        add(parts, passed, "passed");
        add(parts, failed, "failed");
        add(parts, unproven, "unproven");
        add(parts, left, "not reached");
        int all = passed + unproven + failed + left;
        return Amount.of(all, "step") + (parts.isEmpty() ? "." : ": " + String.join(", ", parts) + ".");
    }

    private static void add(List<String> parts, int count, String word) {
        if (count > 0) {
            parts.add(Amount.count(count) + " " + word);
        }
    }
}
