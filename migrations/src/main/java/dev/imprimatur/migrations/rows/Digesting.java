package dev.imprimatur.migrations.rows;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes digests. A small table's hashes are fetched row by row and summed here, which is all in one query, and many such
 * queries in one round trip; a large table is summed where it is.
 */
final class Digesting {

    private static final int AT_ONCE = 50;

    private Digesting() {}

    static SortedMap<String, TableDigest> read(
            Connection connection, Map<TableShape, SortedMap<String, ComparedColumn>> tables) throws SQLException {
        SortedMap<String, TableDigest> digests = new TreeMap<>();
        List<TableShape> shapes = List.copyOf(tables.keySet());
        for (int from = 0; from < shapes.size(); from += AT_ONCE) {
            List<TableShape> some = shapes.subList(from, Math.min(from + AT_ONCE, shapes.size()));
            readSmall(connection, some, tables, digests);
            for (TableShape shape : some) {
                if (!digests.containsKey(shape.name())) {
                    digests.put(shape.name(), large(connection, shape, columns(tables, shape)));
                }
            }
        }
        return digests;
    }

    private static SortedMap<String, ComparedColumn> columns(
            Map<TableShape, SortedMap<String, ComparedColumn>> tables, TableShape shape) {
        return tables.getOrDefault(shape, new TreeMap<>());
    }

    private static void readSmall(
            Connection connection,
            List<TableShape> shapes,
            Map<TableShape, SortedMap<String, ComparedColumn>> tables,
            SortedMap<String, TableDigest> digests)
            throws SQLException {
        String queries = shapes.stream()
                .map(shape -> rowByRow(shape, columns(tables, shape)))
                .collect(Collectors.joining(";\n"));
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(queries);
            for (TableShape shape : shapes) {
                try (ResultSet rows = statement.getResultSet()) {
                    TableDigest digest = small(shape, columns(tables, shape), rows);
                    if (digest != null) {
                        digests.put(shape.name(), digest);
                    }
                }
                statement.getMoreResults();
            }
        }
    }

    /** The key, the row's hash, and that of each column. */
    private static String rowByRow(TableShape shape, SortedMap<String, ComparedColumn> columns) {
        List<String> names = List.copyOf(columns.keySet());
        String key = isKeyed(shape, columns)
                ? shape.key().stream()
                        .map(name -> shape.column(name).asText("t." + name))
                        .collect(Collectors.joining(", ", "pg_catalog.concat_ws(', ', ", ")"))
                : "NULL";
        return "SELECT " + key + ", " + RowHash.of(names, columns)
                + names.stream()
                        .map(name -> ", " + RowHash.of(List.of(name), columns))
                        .collect(Collectors.joining())
                + " FROM ONLY " + shape.name() + " t LIMIT " + (TableDigest.SAMPLED + 1);
    }

    private static boolean isKeyed(TableShape shape, SortedMap<String, ComparedColumn> columns) {
        return !shape.key().isEmpty() && columns.keySet().containsAll(shape.key());
    }

    /** @return null when there are more rows than that */
    private static @Nullable TableDigest small(
            TableShape shape, SortedMap<String, ComparedColumn> columns, ResultSet row) throws SQLException {
        List<String> names = List.copyOf(columns.keySet());
        List<BigInteger> sums = new ArrayList<>();
        for (int i = 0; i <= names.size(); i++) {
            sums.add(BigInteger.ZERO);
        }
        SortedMap<String, SortedMap<String, String>> byKey = new TreeMap<>();
        int rows = 0;
        while (row.next()) {
            if (++rows > TableDigest.SAMPLED) {
                return null;
            }
            SortedMap<String, String> hashes = new TreeMap<>();
            for (int i = 0; i <= names.size(); i++) {
                long hash = row.getLong(i + 2);
                sums.set(i, sums.get(i).add(BigInteger.valueOf(hash)));
                if (i > 0) {
                    hashes.put(names.get(i - 1), String.valueOf(hash));
                }
            }
            String key = row.getString(1);
            if (key != null) {
                byKey.put(key, hashes);
            }
        }
        SortedMap<String, String> byColumn = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            byColumn.put(names.get(i), sums.get(i + 1).toString());
        }
        return new TableDigest(shape.name(), rows, sums.getFirst().toString(), byColumn, byKey);
    }

    /** Naming the columns that differ takes a hash for each, so only where that is not long. */
    private static TableDigest large(Connection connection, TableShape shape, SortedMap<String, ComparedColumn> columns)
            throws SQLException {
        TableDigest totals = totals(connection, shape, columns, List.of());
        return totals.rows() > TableDigest.NAMED
                ? totals
                : totals(connection, shape, columns, List.copyOf(columns.keySet()));
    }

    /** @param named the columns that are summed each by itself, too */
    static TableDigest totals(
            Connection connection, TableShape shape, SortedMap<String, ComparedColumn> columns, List<String> named)
            throws SQLException {
        String query = "SELECT pg_catalog.count(*), " + RowHash.sum(List.copyOf(columns.keySet()), columns)
                + named.stream()
                        .map(name -> ", " + RowHash.sum(List.of(name), columns))
                        .collect(Collectors.joining())
                + " FROM ONLY " + shape.name() + " t";
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(query)) {
                row.next();
                SortedMap<String, String> byColumn = new TreeMap<>();
                for (int i = 0; i < named.size(); i++) {
                    byColumn.put(named.get(i), orZero(row.getString(i + 3)));
                }
                return new TableDigest(
                        shape.name(), row.getLong(1), orZero(row.getString(2)), byColumn, new TreeMap<>());
            }
        }
    }

    private static String orZero(@Nullable String sum) {
        return sum == null ? "0" : sum;
    }
}
