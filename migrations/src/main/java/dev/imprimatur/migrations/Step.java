package dev.imprimatur.migrations;

/**
 * One file to run.
 *
 * @param start what an interrupted run of this file has already done, {@link Mark#START} if none
 */
public record Step(Migration migration, Direction direction, Mark start) {

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
