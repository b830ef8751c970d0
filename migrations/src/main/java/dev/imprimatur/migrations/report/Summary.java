package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Report;

/** What came of a rehearsal, in one line. */
public final class Summary {

    private Summary() {}

    /** {@code FAILED. 5 steps: 3 passed, 1 failed, 1 not reached. 2 of 4 steps taken back in the end.} */
    public static String of(Report report) {
        return headline(report) + " " + Tally.of(report).sentence() + unwind(report);
    }

    static String headline(Report report) {
        return switch (report.verdict()) {
            case PASSED -> "Passed.";
            case UNPROVEN -> "Nothing failed, but not everything is proven.";
            case FAILED -> "FAILED.";
        };
    }

    private static String unwind(Report report) {
        Report.Unwind unwind = report.unwind();
        if (unwind.of() == 0) {
            return "";
        }
        String reached = unwind.reached() == unwind.of()
                ? "all of them"
                : Amount.count(unwind.reached()) + " of " + Amount.count(unwind.of());
        return " Taken back at the end: " + reached
                + (unwind.findings().isEmpty()
                        ? "."
                        : ", with " + Amount.of(unwind.findings().size(), "finding") + ".");
    }
}
