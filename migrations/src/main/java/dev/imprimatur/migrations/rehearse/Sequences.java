package dev.imprimatur.migrations.rehearse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far the sequences of a database have come. No rollback gives a number back, so what a step numbers is numbered
 * anew each time that it runs; a copy would give the same numbers again, and hide that they are chance.
 *
 * @param last the last number given, by qualified and quoted name
 */
record Sequences(Map<String, Long> last) {

    static final Sequences NONE = new Sequences(Map.of());

    private static final String FORWARD = """
            SELECT pg_catalog.setval(pg_catalog.format('%I.%I', schemaname, sequencename), ?)
              FROM pg_catalog.pg_sequences
             WHERE pg_catalog.format('%I.%I', schemaname, sequencename) = ? AND ? BETWEEN min_value AND max_value
               AND (last_value IS NULL OR CASE WHEN increment_by > 0 THEN ? > last_value ELSE ? < last_value END)
            """;

    Sequences {
        last = Map.copyOf(last);
    }

    static Sequences read(Connection connection) throws SQLException {
        Map<String, Long> last = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT pg_catalog.format('%I.%I', schemaname, sequencename), last_value
                          FROM pg_catalog.pg_sequences WHERE last_value IS NOT NULL""")) {
            while (row.next()) {
                last.put(row.getString(1), row.getLong(2));
            }
        }
        return new Sequences(last);
    }

    /** Moves the sequences of a copy that have not come as far, where they may. */
    void continueIn(Connection connection) throws SQLException {
        if (last.isEmpty()) {
            return;
        }
        Map<String, Long> moved = new TreeMap<>(last);
        read(connection).last.forEach(moved::remove);
        try (PreparedStatement statement = connection.prepareStatement(FORWARD)) {
            for (Map.Entry<String, Long> sequence : moved.entrySet()) {
                long number = sequence.getValue();
                statement.setLong(1, number);
                statement.setString(2, sequence.getKey());
                statement.setLong(3, number);
                statement.setLong(4, number);
                statement.setLong(5, number);
                statement.execute();
            }
        }
    }
}
