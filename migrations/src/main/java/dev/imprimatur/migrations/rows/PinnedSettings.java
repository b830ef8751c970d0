package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The settings that decide how values are written. They hold for a transaction, and the caller's come back after. */
final class PinnedSettings {

    /** What is done under the settings. */
    @FunctionalInterface
    interface Reading<T> {
        T read(Connection connection) throws SQLException;
    }

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("DateStyle", "ISO, YMD"),
            Map.entry("TimeZone", "UTC"),
            Map.entry("IntervalStyle", "postgres"),
            Map.entry("extra_float_digits", "3"),
            Map.entry("bytea_output", "hex"),
            Map.entry("lc_monetary", "C"),
            Map.entry("search_path", ""),
            Map.entry("row_security", "off"),
            Map.entry("quote_all_identifiers", "off"),
            Map.entry("jit", "off"));

    private PinnedSettings() {}

    /** Reads in the caller's transaction if there is one, else in one of its own that changes nothing. */
    static <T> T under(Connection connection, Reading<T> reading) throws SQLException {
        if (!connection.getAutoCommit()) {
            Map<String, String> before = set(connection, SETTINGS);
            T result = reading.read(connection);
            set(connection, before);
            return result;
        }
        connection.setAutoCommit(false);
        try {
            try (java.sql.Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            }
            set(connection, SETTINGS);
            return reading.read(connection);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static Map<String, String> set(Connection connection, Map<String, String> values) throws SQLException {
        Map<String, String> before = new LinkedHashMap<>();
        try (PreparedStatement set = connection.prepareStatement(
                "SELECT pg_catalog.current_setting(?), pg_catalog.set_config(?, ?, true)")) {
            for (Map.Entry<String, String> setting : values.entrySet()) {
                set.setString(1, setting.getKey());
                set.setString(2, setting.getKey());
                set.setString(3, setting.getValue());
                try (ResultSet row = set.executeQuery()) {
                    row.next();
                    before.put(setting.getKey(), row.getString(1));
                }
            }
        }
        return before;
    }
}
