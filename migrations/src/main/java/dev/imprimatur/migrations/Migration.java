package dev.imprimatur.migrations;

import java.util.Optional;

/**
 * One numbered change of the schema, with the way there and the way back.
 *
 * @param number from 0 to 9999; 0 is the baseline
 * @param change what it is about, in lower case with underscores; the migrations of one change share it
 * @param forward {@code NNNN_<phase>_<change>.sql}
 * @param down {@code NNNN_<phase>_<change>.down.sql}
 * @param row its row in the registry, if there is one
 */
public record Migration(
        int number, Phase phase, String change, Script forward, Script down, Optional<Registry.Row> row) {

    /** The files' common stem: {@code 0007_expand_slug}, or {@code 0000_initial_schema} for the baseline. */
    public String name() {
        return name(number, phase, change);
    }

    static String name(int number, Phase phase, String change) {
        return phase == Phase.BASELINE
                ? "%04d_%s".formatted(number, change)
                : "%04d_%s_%s".formatted(number, phase.word(), change);
    }

    /** The file that is run in this direction. */
    public Script script(Direction direction) {
        return switch (direction) {
            case FORWARD -> forward;
            case DOWN -> down;
        };
    }
}
