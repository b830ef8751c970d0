package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.Target.Reference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The keys that foreign keys may mean, read once for as long as their table stays the same. */
final class Parents {

    private static final int MOST = 200;

    private final Statement statement;
    private final Map<String, Map<List<String>, List<List<String>>>> known = new HashMap<>();

    Parents(Statement statement) {
        this.statement = statement;
    }

    /** Keys as literals, in an order that is the same each time; none when the table is empty. */
    List<List<String>> keys(Reference reference) throws SQLException {
        Map<List<String>, List<List<String>>> ofTable =
                known.computeIfAbsent(reference.table(), none -> new HashMap<>());
        List<List<String>> keys = ofTable.get(reference.referenced());
        if (keys == null) {
            keys = read(reference);
            ofTable.put(reference.referenced(), keys);
        }
        return keys;
    }

    /** The table has other rows now. */
    void forget(String table) {
        known.remove(table);
    }

    private List<List<String>> read(Reference reference) throws SQLException {
        List<List<String>> keys = new ArrayList<>();
        String list = String.join(", ", reference.referenced());
        String filled = reference.referenced().stream()
                .map(column -> column + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        try (ResultSet result = statement.executeQuery("SELECT %1$s FROM %2$s WHERE %3$s ORDER BY %1$s LIMIT %4$d"
                .formatted(list, reference.source(), filled, MOST))) {
            while (result.next()) {
                List<String> key = new ArrayList<>();
                for (int i = 1; i <= reference.referenced().size(); i++) {
                    key.add(Values.quoted(result.getString(i)));
                }
                keys.add(List.copyOf(key));
            }
        }
        return keys;
    }
}
