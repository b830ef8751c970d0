package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.rows.TableDigest;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Columns whose values are other ones each time that a step runs, because it writes the time, random values, or numbers
 * from a sequence into them. Only that they are there can be compared.
 *
 * @param columns by table
 */
record Volatile(SortedMap<String, Set<String>> columns) {

    static final Volatile NONE = new Volatile(new TreeMap<>());

    Volatile {
        columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
    }

    /** What differs after two runs of the same file from the same state. */
    static Volatile between(Rows once, Rows again) {
        SortedMap<String, Set<String>> columns = new TreeMap<>();
        for (TableDigest.Difference difference : once.differencesTo(again, NONE)) {
            if (difference.rowsBefore() == difference.rowsAfter()
                    && !difference.columns().isEmpty()) {
                columns.put(difference.table(), Set.copyOf(difference.columns()));
            }
        }
        return new Volatile(columns);
    }

    Set<String> of(String table) {
        return columns.getOrDefault(table, Set.of());
    }

    /** {@code posts.id}, each. */
    List<String> names() {
        return columns.entrySet().stream()
                .flatMap(table ->
                        table.getValue().stream().sorted().map(column -> Names.shown(table.getKey()) + "." + column))
                .toList();
    }
}
