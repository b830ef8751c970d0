package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.FindingCode;

/** What a person can do about a finding. */
final class Advice {

    private Advice() {}

    static String on(FindingCode code) {
        return switch (code) {
            case FORWARD_FAILS -> "Correct the statement; production would stop at it too.";
            case BACK_FAILS -> "Correct the down file; nobody could go back with it.";
            case BACK_DIFFERS ->
                "Let the down file restore exactly what the step changed, or say in it `-- migrate: lossy <why>` if it"
                        + " cannot.";
            case ORDER_DIFFERS ->
                "Name the columns in every INSERT; a column that comes back stands at the end of its table.";
            case AGAIN_FAILS -> "Let the down file remove all that the step makes, so that it can be applied again.";
            case AGAIN_DIFFERS ->
                "Let the step give the same whenever it runs; look at what the down file leaves behind.";
            case USED_BACK_FAILS ->
                "Let the down file cope with rows that the new schema allows: map or delete them first.";
            case USED_BACK_DIFFERS -> "Let the down file leave the rows alone that were there before.";
            case UNWIND_FAILS ->
                "Correct this step's down file, or what a later one leaves behind; the chain cannot be taken back"
                        + " further.";
            case UNWIND_DIFFERS ->
                "Correct this step's down file; if nothing is told of it above, look for a later step that changed what"
                        + " this one had made.";
            case PHASE_EXCEEDED -> "Split the step, so that each file does only what its phase may do.";
            case ROWS_CHANGED -> "Move the change of rows into a backfill of its own.";
            case NOT_IDEMPOTENT -> "Let the WHERE clause leave out the rows that are done.";
            case INVALID_LEFT_BEHIND -> "Validate the constraint or build the index anew within the chain.";
            case BROKEN_READER, BROKEN_WRITER ->
                "Keep what the old code uses until no release that uses it may still run; contract only then.";
            case PLAN_REGRESSION -> "Keep or replace the index that this query used.";
            case UNPROVEN ->
                "Give a table rows by `--prelude`, or on a copy of a database that has some (`--url`); what is not run here,"
                        + " try by hand.";
            case NO_DOWN -> "Write a down file, or accept that the step stays.";
            case UNREADABLE -> "Write the file in a way that its layout allows, or leave it out of the chain.";
            case TIMED_OUT -> "Make the statement cheaper, or allow it more time with `--step-timeout`.";
            case ESCAPES_COPY -> "Take the statement out of the chain, and run it by hand or in `--prelude`.";
            case MISSING_PREREQUISITE -> "Make in `--prelude` what the chain takes for granted.";
        };
    }
}
