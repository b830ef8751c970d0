package dev.imprimatur.migrations.workload;

/**
 * A query that was well before and is not any more.
 *
 * @param sqlState of the refusal; empty for a regression
 * @param detail in one line: the query, who sends it, and what the server says now
 */
public record Broken(Kind kind, Query query, String sqlState, String detail) {

    public enum Kind {
        /** It planned, and is refused now. */
        READER,
        /** A write that planned or ran, and is refused now. */
        WRITER,
        /** It plans, at more than ten times the cost. */
        REGRESSION
    }

    /** In one line: the SQLSTATE and what the server says now; empty for a regression. */
    public String error() {
        String marker = " fails: " + sqlState;
        return sqlState.isEmpty() ? "" : sqlState + detail.substring(detail.indexOf(marker) + marker.length());
    }
}
