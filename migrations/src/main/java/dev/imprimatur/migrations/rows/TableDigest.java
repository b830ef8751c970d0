package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
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
 * @param byColumn the same of each column alone; it names what differs
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
    private static final int SHOWN_KEYS = 5;

    /**
     * How two digests differ.
     *
     * @param columns those whose values differ; empty when each column holds the same values in other rows, or only the
     *     number of rows differs
     * @param keys up to five primary keys of rows that differ, were added or are gone
     */
    public record Difference(String table, long rowsBefore, long rowsAfter, List<String> columns, List<String> keys) {

        public Difference {
            columns = List.copyOf(columns);
            keys = List.copyOf(keys);
        }

        /** In one line. */
        public String line() {
            String what = rowsBefore != rowsAfter
                    ? rowsAfter + " rows instead of " + rowsBefore
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
            SortedMap<String, TableDigest> digests = new TreeMap<>();
            for (TableShape shape : TableShape.read(same).values()) {
                digests.put(shape.name(), digest(same, shape, shape.allColumns()));
            }
            return digests;
        });
    }

    /** Digests one table over these columns, by quoted name. */
    public static TableDigest read(Connection connection, TableShape shape, SortedMap<String, ComparedColumn> columns)
            throws SQLException {
        return PinnedSettings.under(connection, same -> digest(same, shape, columns));
    }

    /** The number of rows and their sum alone: what has to be fast over millions of rows. */
    static String totals(TableShape shape, SortedMap<String, ComparedColumn> columns) {
        return "SELECT pg_catalog.count(*), " + sum(List.copyOf(columns.keySet()), columns) + " FROM ONLY "
                + shape.name() + " t";
    }

    private static TableDigest digest(
            Connection connection, TableShape shape, SortedMap<String, ComparedColumn> columns) throws SQLException {
        List<String> names = List.copyOf(columns.keySet());
        String query = names.stream()
                .map(name -> ", " + sum(List.of(name), columns))
                .collect(Collectors.joining(
                        "", "SELECT pg_catalog.count(*), " + sum(names, columns), " FROM ONLY " + shape.name() + " t"));
        long rows;
        String total;
        SortedMap<String, String> byColumn = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(query)) {
                row.next();
                rows = row.getLong(1);
                total = orZero(row.getString(2));
                for (int i = 0; i < names.size(); i++) {
                    byColumn.put(names.get(i), orZero(row.getString(i + 3)));
                }
            }
        }
        boolean sampled =
                rows <= SAMPLED && !shape.key().isEmpty() && columns.keySet().containsAll(shape.key());
        return new TableDigest(
                shape.name(),
                rows,
                total,
                byColumn,
                sampled && !names.isEmpty() ? byKey(connection, shape, columns) : new TreeMap<>());
    }

    private static SortedMap<String, SortedMap<String, String>> byKey(
            Connection connection, TableShape shape, SortedMap<String, ComparedColumn> columns) throws SQLException {
        List<String> names = List.copyOf(columns.keySet());
        String key = shape.key().stream()
                .map(name -> shape.column(name).asText("t." + name))
                .collect(Collectors.joining(", ", "pg_catalog.concat_ws(', ', ", ")"));
        String query = names.stream()
                .map(name -> ", " + hash(List.of(name), columns))
                .collect(Collectors.joining("", "SELECT " + key, " FROM ONLY " + shape.name() + " t"));
        SortedMap<String, SortedMap<String, String>> byKey = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(query)) {
                while (row.next()) {
                    SortedMap<String, String> hashes = new TreeMap<>();
                    for (int i = 0; i < names.size(); i++) {
                        hashes.put(names.get(i), row.getString(i + 2));
                    }
                    byKey.put(row.getString(1), hashes);
                }
            }
        }
        return byKey;
    }

    private static String sum(List<String> names, SortedMap<String, ComparedColumn> columns) {
        return "pg_catalog.sum(pg_catalog.hashint8extended(" + hash(names, columns) + ", 1))";
    }

    private static String hash(List<String> names, SortedMap<String, ComparedColumn> columns) {
        if (names.isEmpty()) {
            return "0";
        }
        return names.stream()
                .map(name -> Objects.requireNonNull(columns.get(name)).hashed("t." + name))
                .collect(Collectors.joining(", ", "pg_catalog.hash_record_extended(ROW(", "), 0)"));
    }

    private static String orZero(@Nullable String sum) {
        return sum == null ? "0" : sum;
    }

    /** How {@code after} differs from this; empty when it does not. Both are over the same columns. */
    public Optional<Difference> differenceTo(TableDigest after) {
        return differenceTo(after, Set.of());
    }

    /**
     * How {@code after} differs from this but for the values of some columns, which only have to be there.
     *
     * @param ignored quoted columns
     */
    public Optional<Difference> differenceTo(TableDigest after, Set<String> ignored) {
        List<String> columns = byColumn.keySet().stream()
                .filter(name -> !ignored.contains(name))
                .filter(name -> !Objects.equals(byColumn.get(name), after.byColumn.get(name)))
                .toList();
        List<String> keys = differingKeys(after, ignored);
        boolean same = ignored.isEmpty() ? sum.equals(after.sum) : columns.isEmpty() && keys.isEmpty();
        return rows == after.rows && same
                ? Optional.empty()
                : Optional.of(new Difference(table, rows, after.rows, columns, keys));
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
