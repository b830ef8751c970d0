package dev.imprimatur.migrations.rehearse;

/**
 * What one run of a step's file cost.
 *
 * @param milliseconds all statements together, without what the rehearsal itself does between them
 * @param rows inserted, updated and deleted, as the server told after each statement
 * @param walBytes written to the log meanwhile, by whatever session
 * @param rewrites tables that existed before and were written anew
 */
public record Figures(double milliseconds, long rows, long walBytes, int rewrites) {}
