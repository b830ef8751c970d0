package dev.imprimatur.migrations.rehearse;

/** Is told how a rehearsal goes on. Calls come from the thread that rehearses, and should return at once. */
public interface Watcher {

    /** Something is done that takes a while: a server starts, rows are made. */
    default void doing(String what) {}

    /** A step begins; {@code number} counts from 1. */
    default void begins(String step, int number, int of) {}

    /** A step has ended. */
    default void ended(StepReport step) {}

    /** Says nothing. */
    Watcher SILENT = new Watcher() {};
}
