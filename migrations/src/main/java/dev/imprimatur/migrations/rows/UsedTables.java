package dev.imprimatur.migrations.rows;

import java.util.List;

/**
 * What was written through a new schema.
 *
 * @param written each use of the new schema for which rows stand now
 * @param refused each that no row could be made for
 * @param needsCommit whether one was refused only because it must wait for the end of the transaction that the step ran in,
 *     as a new label of an enum must
 */
public record UsedTables(List<Row> written, List<Row> refused, boolean needsCommit) {

    /**
     * A use of the new schema.
     *
     * @param table qualified and quoted
     * @param why what it makes use of: {@code the new label 'calm' in column people.mood}; when it was refused, also what
     *     the server said
     */
    public record Row(String table, String why) {}

    public UsedTables {
        written = List.copyOf(written);
        refused = List.copyOf(refused);
    }
}
