package dev.imprimatur.migrations.rehearse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Tables that were written anew: they have another file than before. */
final class Rewrites {

    private Rewrites() {}

    /** Each table's file, by the table's identity. */
    static Map<String, Long> files(Connection connection) throws SQLException {
        Map<String, Long> files = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT class.oid::text, class.relfilenode::bigint"
                        + " FROM pg_catalog.pg_class class WHERE class.relkind IN ('r', 'm') AND class.oid >= 16384")) {
            while (row.next()) {
                files.put(row.getString(1), row.getLong(2));
            }
        }
        return files;
    }

    static int between(Map<String, Long> before, Map<String, Long> after) {
        return (int) before.entrySet().stream()
                .filter(file -> after.containsKey(file.getKey()))
                .filter(file -> !file.getValue().equals(after.get(file.getKey())))
                .count();
    }
}
