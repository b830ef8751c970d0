package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The settings that decide how values are written. They hold for a transaction, and the caller's come back after. */
final class PinnedSettings {

    /** What is done under the settings. */
    @FunctionalInterface
    interface Reading<T> {
        T read(Connection connection) throws SQLException;
    }

    private static final List<String> NAMES = List.of(
            "DateStyle",
            "TimeZone",
            "IntervalStyle",
            "extra_float_digits",
            "bytea_output",
            "lc_monetary",
            "search_path",
            "row_security",
            "quote_all_identifiers",
            "jit");

    private static final List<String> VALUES =
            List.of("ISO, YMD", "UTC", "postgres", "3", "hex", "C", "", "off", "off", "off");

    private PinnedSettings() {}

    /** Reads in the caller's transaction if there is one, else in one of its own that changes nothing. */
    static <T> T under(Connection connection, Reading<T> reading) throws SQLException {
        if (!connection.getAutoCommit()) {
            List<String> before = set(connection, VALUES);
            T result = reading.read(connection);
            set(connection, before);
            return result;
        }
        connection.setAutoCommit(false);
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            }
            set(connection, VALUES);
            return reading.read(connection);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** @return what they were, in the same order */
    private static List<String> set(Connection connection, List<String> values) throws SQLException {
        String each = String.join(
                ", ",
                Collections.nCopies(values.size(), "pg_catalog.current_setting(?), pg_catalog.set_config(?, ?, true)"));
        try (PreparedStatement set = connection.prepareStatement("SELECT " + each)) {
            for (int i = 0; i < values.size(); i++) {
                set.setString(3 * i + 1, NAMES.get(i));
                set.setString(3 * i + 2, NAMES.get(i));
                set.setString(3 * i + 3, values.get(i));
            }
            try (ResultSet row = set.executeQuery()) {
                row.next();
                List<String> before = new ArrayList<>();
                for (int i = 0; i < values.size(); i++) {
                    before.add(row.getString(2 * i + 1));
                }
                return before;
            }
        }
    }
}
