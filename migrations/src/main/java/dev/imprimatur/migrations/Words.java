package dev.imprimatur.migrations;

import java.time.Duration;
import java.util.Locale;

/** How figures are written for people. */
public final class Words {

    private Words() {}

    /** {@code 12 ms}, {@code 1.2 s}, {@code 3 min 5 s}. */
    public static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return millis % 1000 == 0
                    ? millis / 1000 + " s"
                    : String.format(Locale.ROOT, "%.1f s", Math.min(millis / 1000.0, 59.9));
        }
        long seconds = duration.toSeconds();
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds / 60 + " min " + seconds % 60 + " s";
    }
}
