package dev.imprimatur.migrations;

import java.time.Duration;

/** What happens during a run, told as it happens. */
public sealed interface Progress {

    /** Another run holds the database; told once. */
    record Waiting(String holder) implements Progress {}

    /**
     * A step begins.
     *
     * @param position from 1
     * @param of how many steps the run has
     */
    record Started(Step step, int position, int of) implements Progress {}

    /**
     * A lock was not free in time; the step is tried again after the pause.
     *
     * @param attempt the one that failed, from 1
     * @param holders who holds locks, in words; empty when nobody was seen
     */
    record Retrying(Step step, int attempt, Duration pause, String holders) implements Progress {}

    /** An index that a failed concurrent build had left invalid was dropped, and will be built again. */
    record IndexRecovered(Step step, String index) implements Progress {}

    /**
     * A range of a batch is done.
     *
     * @param rows changed so far, in all runs
     * @param lastKey as text
     */
    record RangeDone(Step step, long rows, String lastKey) implements Progress {}

    record Ended(Step step, Duration duration) implements Progress {}
}
