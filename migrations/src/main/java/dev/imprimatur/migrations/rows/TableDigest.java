package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a table's rows were, without the rows: two digests over the same columns are equal when the same rows are there as
 * often, in whatever order, and differ (but for one chance in 2⁶⁴) when any value is not the same to the last digit,
 * blank, or sign of zero.
 *
 * @param table qualified and quoted
 * @param rows how many
 * @param sum over the rows, of each row's hash hashed again: without the outer hash, values swapped between two rows
 *     would cancel
 * @param byColumn the same of each column alone; it names what differs. Empty with more than {@value #NAMED} rows, which
 *     are gone through once only
 * @param byKey the hash of each column of each row, by primary key; empty without a key or with more than
 *     {@value #SAMPLED} rows
 */
public record TableDigest(
        String table,
        long rows,
        String sum,
        SortedMap<String, String> byColumn,
        SortedMap<String, SortedMap<String, String>> byKey) {

    static final int SAMPLED = 1000;
    static final int NAMED = 100_000;
    private static final int SHOWN_KEYS = 5;

    /**
     * How two digests differ.
     *
     * @param columnsCompared whether the columns were compared each by itself
     * @param columns those whose values differ; empty when each column holds the same values in other rows, when only the
     *     number of rows differs, or when they were not compared
     * @param keys up to five primary keys of rows that differ, were added or are gone
     */
    public record Difference(
            String table,
            long rowsBefore,
            long rowsAfter,
            boolean columnsCompared,
            List<String> columns,
            List<String> keys) {

        public Difference {
            columns = List.copyOf(columns);
            keys = List.copyOf(keys);
        }

        /** In one line. */
        public String line() {
            String what = rowsBefore != rowsAfter
                    ? rowsAfter + " rows instead of " + rowsBefore
                    : !columnsCompared
                            ? "other rows"
                            : columns.isEmpty()
                                    ? "values stand in other rows"
                                    : "other values in " + String.join(", ", columns);
            return keys.isEmpty() ? what : what + ", e.g. where the key is " + String.join("; ", keys);
        }
    }

    public TableDigest {
        byColumn = Collections.unmodifiableSortedMap(new TreeMap<>(byColumn));
        byKey = Collections.unmodifiableSortedMap(new TreeMap<>(byKey));
    }

    /**
     * Digests every table over all its columns, at one moment.
     *
     * @return by table
     * @throws SQLException when the role may not read every row
     */
    public static SortedMap<String, TableDigest> readAll(Connection connection) throws SQLException {
        return PinnedSettings.under(connection, same -> {
            Map<TableShape, SortedMap<String, ComparedColumn>> tables = new LinkedHashMap<>();
            TableShape.read(same).values().forEach(shape -> tables.put(shape, shape.allColumns()));
            return Digesting.read(same, tables);
        });
    }

    /**
     * Digests these tables over these columns, by quoted name; small tables together in one round trip.
     *
     * @return by table
     */
    public static SortedMap<String, TableDigest> readAll(
            Connection connection, Map<TableShape, SortedMap<String, ComparedColumn>> tables) throws SQLException {
        return PinnedSettings.under(connection, same -> Digesting.read(same, tables));
    }

    /** Digests one table over these columns, by quoted name. */
    public static TableDigest read(Connection connection, TableShape shape, SortedMap<String, ComparedColumn> columns)
            throws SQLException {
        return Objects.requireNonNull(
                readAll(connection, Map.of(shape, columns)).get(shape.name()));
    }

    /** The number of rows and their sum alone, of a table of any size: what has to be fast over millions of rows. */
    public static TableDigest readTotals(
            Connection connection, TableShape shape, SortedMap<String, ComparedColumn> columns) throws SQLException {
        return PinnedSettings.under(connection, same -> Digesting.totals(same, shape, columns, List.of()));
    }

    /** How {@code after} differs from this; empty when it does not. Both are over the same columns. */
    public Optional<Difference> differenceTo(TableDigest after) {
        return differenceTo(after, Set.of());
    }

    /**
     * How {@code after} differs from this but for the values of some columns, which only have to be there. In a table of
     * more than {@value #NAMED} rows they cannot be left out afterwards: compare their {@link ComparedColumn.Presence}.
     *
     * @param ignored quoted columns
     */
    public Optional<Difference> differenceTo(TableDigest after, Set<String> ignored) {
        boolean told = hasColumns() && after.hasColumns();
        List<String> columns = byColumn.keySet().stream()
                .filter(name -> told && !ignored.contains(name))
                .filter(name -> !Objects.equals(byColumn.get(name), after.byColumn.get(name)))
                .toList();
        List<String> keys = differingKeys(after, ignored);
        boolean same = sum.equals(after.sum) || (told && !ignored.isEmpty() && columns.isEmpty() && keys.isEmpty());
        return rows == after.rows && same
                ? Optional.empty()
                : Optional.of(new Difference(table, rows, after.rows, told, columns, keys));
    }

    private boolean hasColumns() {
        return rows == 0 || !byColumn.isEmpty();
    }

    private List<String> differingKeys(TableDigest after, Set<String> ignored) {
        List<String> keys = new ArrayList<>();
        // A key may be ignored itself, as a number of a sequence is: then the rest of the row stands under another.
        if (!ignored.isEmpty() && rest(ignored).equals(after.rest(ignored))) {
            return keys;
        }
        Set<String> all = new TreeSet<>(byKey.keySet());
        all.addAll(after.byKey.keySet());
        for (String key : all) {
            if (keys.size() < SHOWN_KEYS
                    && !without(byKey.get(key), ignored).equals(without(after.byKey.get(key), ignored))) {
                keys.add(key);
            }
        }
        return keys;
    }

    /** How many rows there are of each kind, but for some columns. */
    private Map<Map<String, String>, Long> rest(Set<String> ignored) {
        return byKey.values().stream()
                .collect(Collectors.groupingBy(hashes -> without(hashes, ignored), Collectors.counting()));
    }

    private static Map<String, String> without(@Nullable Map<String, String> hashes, Set<String> ignored) {
        Map<String, String> rest = hashes == null ? new TreeMap<>() : new TreeMap<>(hashes);
        if (hashes == null) {
            rest.put("", "no such row");
        }
        rest.keySet().removeAll(ignored);
        return rest;
    }
}
