package dev.imprimatur.migrations.workload;

/** What the server made of one query. */
public record Answer(Query query, Planning planning, Execution execution) {}
