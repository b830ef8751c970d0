package dev.imprimatur.migrations;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * That a migration was rehearsed, as exactly these files, and nothing was found against it.
 *
 * @param name the migration's
 * @param forwardChecksum of the forward file, see {@link Checksum}
 * @param downChecksum of the down file
 * @param fingerprint of the schema it started from, 64 hexadecimal digits: {@code Snapshot.fingerprint()}
 */
public record Receipt(
        String name, String forwardChecksum, String downChecksum, String fingerprint, Made made, Figures figures) {

    /**
     * With what, and when.
     *
     * @param tool the version of this program
     * @param server the version of PostgreSQL
     * @param at to the second
     */
    public record Made(String tool, String server, Instant at, Verdict verdict) {}

    /** What the rehearsal came to; a failed one leaves no receipt. */
    public enum Verdict {
        PASSED,
        /** Nothing was wrong, but not everything could be shown, and that was accepted. */
        UNPROVEN;

        /** In lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What it cost.
     *
     * @param forward how long the statements of the forward file took
     * @param back how long those of the down file took
     * @param rows how many rows the tables held
     * @param rewrites how many tables that existed before the forward file wrote anew
     * @param walBytes written to the log by the forward file
     */
    public record Figures(Duration forward, Duration back, long rows, int rewrites, long walBytes) {}

    /** The receipt of a migration as its files are now. */
    public static Receipt of(Migration migration, String fingerprint, Made made, Figures figures) {
        return new Receipt(
                migration.name(),
                migration.forward().checksum(),
                migration.down().checksum(),
                fingerprint,
                made,
                figures);
    }
}
