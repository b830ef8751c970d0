package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.Words;
import dev.imprimatur.migrations.rehearse.Figures;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How amounts are written for people. */
final class Amount {

    private static final String[] UNITS = {"bytes", "kB", "MB", "GB", "TB"};

    private Amount() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 row}, {@code 2,000 rows}. */
    static String of(long number, String thing) {
        return count(number) + " " + thing + (number == 1 ? "" : "s");
    }

    /** {@code 0.4 ms}, {@code 12 ms}, {@code 1.2 s}. */
    static String time(double milliseconds) {
        return milliseconds < 10
                ? String.format(Locale.ROOT, "%.1f ms", milliseconds)
                : Words.duration(Duration.ofNanos(Math.round(milliseconds * 1_000_000)));
    }

    /** {@code 12 ms, 2,000 rows, 1 table rewritten}; what did not happen is left out. */
    static String cost(Figures figures) {
        return time(figures.milliseconds())
                + (figures.rows() == 0 ? "" : ", " + of(figures.rows(), "row"))
                + (figures.rewrites() == 0 ? "" : ", " + of(figures.rewrites(), "table") + " rewritten");
    }

    /** The same with what was written to the log. */
    static String fullCost(Figures figures) {
        return cost(figures) + ", " + bytes(figures.walBytes()) + " of log";
    }

    static String cost(Optional<Figures> figures) {
        return figures.map(Amount::cost).orElse("–");
    }

    /** {@code 512 bytes}, {@code 1.5 MB}. */
    static String bytes(long bytes) {
        double rest = bytes;
        int unit = 0;
        while (rest >= 1000 && unit < UNITS.length - 1) {
            rest /= 1000;
            unit++;
        }
        return unit == 0 ? of(bytes, "byte") : String.format(Locale.ROOT, "%.1f %s", rest, UNITS[unit]);
    }
}
