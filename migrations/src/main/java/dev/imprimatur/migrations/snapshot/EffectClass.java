package dev.imprimatur.migrations.snapshot;

/** What an effect means to code that is already running, from harmless to harmful. */
public enum EffectClass {
    /** Old code does not notice. */
    ADDITIVE,
    /** Rows change and the catalog does not; never found between two snapshots, which hold no rows. */
    DATA,
    /** Something that was allowed is forbidden now. */
    RESTRICTIVE,
    /** Something that old code may read, write or call is gone, or is no longer what it was. */
    DESTRUCTIVE
}
