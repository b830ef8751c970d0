package dev.imprimatur.migrations.rows;

import java.util.List;

/**
 * What became of the tables that were to be filled.
 *
 * @param filled tables with at least one row now, qualified and quoted
 * @param empty those that could not be filled
 * @param scarce those among {@code filled} that got fewer rows than asked, because more were refused
 */
public record FilledTables(List<String> filled, List<Empty> empty, List<Empty> scarce) {

    /** A table without rows, or without as many as asked, and why: a sentence that a person understands. */
    public record Empty(String table, String reason) {}

    /** Every table that was filled got as many as asked. */
    public FilledTables(List<String> filled, List<Empty> empty) {
        this(filled, empty, List.of());
    }

    public FilledTables {
        filled = List.copyOf(filled);
        empty = List.copyOf(empty);
        scarce = List.copyOf(scarce);
    }
}
