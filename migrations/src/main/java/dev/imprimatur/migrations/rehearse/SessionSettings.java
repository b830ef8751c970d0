package dev.imprimatur.migrations.rehearse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** What earlier files have set in the session, for layouts whose runner keeps one session for all files. */
record SessionSettings(Map<String, String> values) {

    static final SessionSettings NONE = new SessionSettings(Map.of());

    SessionSettings {
        values = Map.copyOf(values);
    }

    static SessionSettings of(Connection connection) throws SQLException {
        Map<String, String> values = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT name, setting FROM pg_catalog.pg_settings
                         WHERE source = 'session' AND context IN ('user', 'superuser')
                        UNION ALL SELECT 'role', current_setting('role') WHERE current_setting('role') <> 'none'
                        """)) {
            while (row.next()) {
                values.put(row.getString(1), row.getString(2));
            }
        }
        return new SessionSettings(values);
    }

    void applyTo(Connection connection) throws SQLException {
        for (Map.Entry<String, String> setting : values.entrySet()) {
            try (PreparedStatement set = connection.prepareStatement("SELECT pg_catalog.set_config(?, ?, false)")) {
                set.setString(1, setting.getKey());
                set.setString(2, setting.getValue());
                set.execute();
            }
        }
    }
}
