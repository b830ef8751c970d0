package dev.imprimatur.migrations;

import java.util.Optional;

/**
 * One file to run.
 *
 * @param start what an interrupted run of this file has already done, {@link Mark#START} if none
 * @param unrehearsed why it is run without a receipt; empty when it has one or needs none
 */
public record Step(Migration migration, Direction direction, Mark start, Optional<String> unrehearsed) {

    Step(Migration migration, Direction direction, Mark start) {
        this(migration, direction, start, Optional.empty());
    }

    Step unrehearsed(String why) {
        return new Step(migration, direction, start, Optional.of(why));
    }

    /** The file that is run. */
    public Script script() {
        return migration.script(direction);
    }

    /** True when an earlier run was interrupted in this step. */
    public boolean resumes() {
        return !start.equals(Mark.START);
    }

    /** {@code 0007_expand_slug}, or {@code 0007_expand_slug back}. */
    public String title() {
        return switch (direction) {
            case FORWARD -> migration.name();
            case DOWN -> migration.name() + " back";
        };
    }
}
