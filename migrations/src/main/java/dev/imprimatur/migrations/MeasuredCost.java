package dev.imprimatur.migrations;

import java.time.Duration;
import java.util.Locale;

/**
 * What a rehearsal measured, in the words of the registry. {@code Low}: below a second, and no table written anew.
 * {@code Medium}: below ten seconds. {@code High}: all else.
 *
 * @param forward the cell for the way there: {@code Medium (forward 1.2 s, 0 rewrites; 2.0 M rows)}
 * @param back the cell for the way back: {@code Low (back 12 ms; 2.0 M rows)}
 */
record MeasuredCost(String forward, String back) {

    private static final Duration LOW = Duration.ofSeconds(1);
    private static final Duration MEDIUM = Duration.ofSeconds(10);

    static MeasuredCost of(Receipt.Figures figures) {
        String rows = rows(figures.rows());
        return new MeasuredCost(
                "%s (forward %s, %s; %s)"
                        .formatted(
                                grade(figures.forward(), figures.rewrites()),
                                Words.duration(figures.forward()),
                                figures.rewrites() == 1 ? "1 rewrite" : figures.rewrites() + " rewrites",
                                rows),
                "%s (back %s; %s)".formatted(grade(figures.back(), 0), Words.duration(figures.back()), rows));
    }

    private static String grade(Duration took, int rewrites) {
        if (took.compareTo(LOW) < 0 && rewrites == 0) {
            return "Low";
        }
        return took.compareTo(MEDIUM) < 0 ? "Medium" : "High";
    }

    private static String rows(long rows) {
        if (rows < 1_000) {
            return rows == 0 ? "empty tables" : rows == 1 ? "1 row" : rows + " rows";
        }
        // From 999,950 on the thousands would round to 1000.0.
        return rows < 999_950
                ? String.format(Locale.ROOT, "%.1f k rows", rows / 1e3)
                : String.format(Locale.ROOT, "%.1f M rows", rows / 1e6);
    }
}
