package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * The hash of each row of a table, as often as the row is there: tells whether rows that were there still are, when others
 * may have come. Eight bytes a row.
 */
public final class RowHashes {

    private static final int FETCHED = 20_000;

    private final long[] sorted;

    private RowHashes(long[] sorted) {
        this.sorted = sorted;
    }

    /**
     * Reads the rows in pieces, in the caller's transaction or one of its own.
     *
     * @param columns what is compared, by quoted name
     */
    public static RowHashes read(Connection connection, TableShape shape, SortedMap<String, ComparedColumn> columns)
            throws SQLException {
        return PinnedSettings.under(connection, same -> {
            long[] hashes = new long[1024];
            int rows = 0;
            try (Statement statement = same.createStatement()) {
                statement.setEscapeProcessing(false);
                // A cursor of our own: the driver's fetch size counts in one of its query modes only.
                statement.execute("DECLARE row_hashes NO SCROLL CURSOR FOR SELECT "
                        + RowHash.of(List.copyOf(columns.keySet()), columns) + " FROM ONLY " + shape.name() + " t");
                int fetched;
                do {
                    fetched = 0;
                    try (ResultSet row = statement.executeQuery("FETCH " + FETCHED + " FROM row_hashes")) {
                        while (row.next()) {
                            if (rows == hashes.length) {
                                hashes = Arrays.copyOf(hashes, 2 * rows);
                            }
                            hashes[rows++] = row.getLong(1);
                            fetched++;
                        }
                    }
                } while (fetched == FETCHED);
                statement.execute("CLOSE row_hashes");
            }
            long[] sorted = Arrays.copyOf(hashes, rows);
            Arrays.parallelSort(sorted);
            return new RowHashes(sorted);
        });
    }

    /** How many rows. */
    public int size() {
        return sorted.length;
    }

    /** Whether each row of the other is here, at least as often. Both are over the same columns. */
    public boolean containsAll(RowHashes other) {
        return missing(other) == 0;
    }

    /** How many rows of the other are not here. */
    public int missing(RowHashes other) {
        int missing = 0;
        int at = 0;
        for (long wanted : other.sorted) {
            while (at < sorted.length && sorted[at] < wanted) {
                at++;
            }
            if (at < sorted.length && sorted[at] == wanted) {
                at++;
            } else {
                missing++;
            }
        }
        return missing;
    }
}
