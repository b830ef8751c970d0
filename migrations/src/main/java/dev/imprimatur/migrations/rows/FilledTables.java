package dev.imprimatur.migrations.rows;

import java.util.List;

/**
 * What became of the tables that were to be filled.
 *
 * @param filled tables with at least one row now, qualified and quoted
 * @param empty those that could not be filled
 */
public record FilledTables(List<String> filled, List<Empty> empty) {

    /** A table without rows, and what the server said to the last row tried. */
    public record Empty(String table, String reason) {}

    public FilledTables {
        filled = List.copyOf(filled);
        empty = List.copyOf(empty);
    }
}
