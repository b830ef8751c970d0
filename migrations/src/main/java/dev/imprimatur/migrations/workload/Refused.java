package dev.imprimatur.migrations.workload;

/**
 * The server refused it, and would do so again.
 *
 * @param sqlState five characters
 * @param message the server's, without detail and hint, so that no row's values are in it
 * @param position in the query's text, in characters from 1; 0 when the server gave none
 * @param rule {@code schema.table.constraint}, unquoted, or empty
 */
public record Refused(String sqlState, String message, int position, String rule) implements Planning, Execution {

    /** Whether the schema is why: a name, a type, a right or a form that it does not know. */
    boolean isBySchema() {
        return sqlState.startsWith("42") || sqlState.equals("0A000");
    }

    /** Whether a row that is there, or is not, is why. */
    boolean isByRows() {
        return sqlState.equals("23505") || sqlState.equals("23503") || sqlState.equals("23P01");
    }

    @Override
    public String toString() {
        return sqlState + " " + message;
    }
}
