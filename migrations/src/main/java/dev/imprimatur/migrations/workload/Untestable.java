package dev.imprimatur.migrations.workload;

/**
 * Nothing can be said of it.
 *
 * @param reason in words, or what it could not wait for
 */
public record Untestable(String reason) implements Planning, Execution {}
