package dev.imprimatur.migrations.rows;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The text of INSERTs. A row has its values in SQL, by column. */
final class Insert {

    private Insert() {}

    static String one(String into, Map<String, String> row, Target target) {
        return row.isEmpty()
                ? "INSERT INTO " + into + " DEFAULT VALUES"
                : head(into, row.keySet(), target) + values(row);
    }

    /** All have the same columns; more than one row without columns cannot be said in one statement. */
    static String all(Target target, Collection<Map<String, String>> rows) {
        Map<String, String> first = rows.iterator().next();
        if (first.isEmpty()) {
            return rows.stream().map(row -> one(target.name(), row, target)).collect(Collectors.joining("; "));
        }
        return rows.stream()
                .map(Insert::values)
                .collect(Collectors.joining(", ", head(target.name(), first.keySet(), target), ""));
    }

    private static String head(String into, Collection<String> columns, Target target) {
        List<String> own = target.columns().stream()
                .filter(Target.Column::identity)
                .map(Target.Column::name)
                .toList();
        return "INSERT INTO " + into + " (" + String.join(", ", columns) + ") "
                + (columns.stream().anyMatch(own::contains) ? "OVERRIDING SYSTEM VALUE " : "") + "VALUES ";
    }

    private static String values(Map<String, String> row) {
        return row.values().stream().collect(Collectors.joining(", ", "(", ")"));
    }
}
