package dev.imprimatur.migrations.layout;

/** What a runner does about transactions while it runs a file. */
public enum TransactionRule {
    /** The runner opens a transaction, runs every statement and commits. */
    ONE,
    /** The runner sends statement by statement, each of which is committed by itself. */
    NONE,
    /**
     * The runner sends the file as one query: a single statement is by itself, several share the transaction that the
     * server opens for a query, unless they open and commit their own.
     */
    ONE_QUERY
}
