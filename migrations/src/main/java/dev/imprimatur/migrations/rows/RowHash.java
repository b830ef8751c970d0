package dev.imprimatur.migrations.rows;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The SQL of a row's hash, hashed again: the inner hash is linear in its fields, and values swapped would cancel in a sum. */
final class RowHash {

    private RowHash() {}

    /** Of the row {@code t}, over these columns. */
    static String of(List<String> names, SortedMap<String, ComparedColumn> columns) {
        if (names.isEmpty()) {
            return "pg_catalog.hashint8extended(0, 1)";
        }
        return names.stream()
                .map(name -> Objects.requireNonNull(columns.get(name)).hashed("t." + name))
                .collect(Collectors.joining(
                        ", ", "pg_catalog.hashint8extended(pg_catalog.hash_record_extended(ROW(", "), 0), 1)"));
    }

    static String sum(List<String> names, SortedMap<String, ComparedColumn> columns) {
        return "pg_catalog.sum(" + of(names, columns) + ")";
    }
}
