package dev.imprimatur.migrations;

import java.util.Locale;
import java.util.Optional;

/**
 * What a migration may do to code that is already running: a change goes through the phases in this order, each in a
 * migration of its own, so that between any two of them there is a point to go back to.
 */
public enum Phase {
    /** Number 0000: the schema as it was first set up. Anything goes, since no code ran before it. */
    BASELINE,
    /** Adds what old code does not notice: tables, nullable or defaulted columns, indexes. */
    EXPAND,
    /** Changes rows and leaves the catalog as it is. */
    BACKFILL,
    /** Forbids what was allowed: NOT NULL, UNIQUE, CHECK, foreign keys. */
    CONSTRAIN,
    /** Drops or renames what old code may still read or write. */
    CONTRACT;

    /** The phase as it is written in a file name; {@link #BASELINE} has no such word and is told by its number. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The phase that a file name's word means, in lower case; empty for any other word, {@code baseline} among them. */
    public static Optional<Phase> ofWord(String word) {
        return switch (word) {
            case "expand" -> Optional.of(EXPAND);
            case "backfill" -> Optional.of(BACKFILL);
            case "constrain" -> Optional.of(CONSTRAIN);
            case "contract" -> Optional.of(CONTRACT);
            default -> Optional.empty();
        };
    }
}
