package dev.imprimatur.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The settings a step begins with. Whatever a step before it has set is forgotten; then those of the connection, the
 * role and the database hold, but for a few that must not be left to chance. The default {@code search_path} would let
 * a schema that is called as the role catch new tables: it becomes {@code public}; any other is kept.
 */
public final class Session {

    private static final String RESET = """
            RESET SESSION AUTHORIZATION;
            RESET ROLE;
            RESET ALL;
            DISCARD TEMP;
            UNLISTEN *;
            SET standard_conforming_strings = on;
            SET statement_timeout = 0;
            SET idle_in_transaction_session_timeout = 0;
            SELECT set_config('search_path', 'public', false)
             WHERE current_setting('search_path') IN ('"$user", public', '"$user",public');
            SELECT set_config(name, '2s', false) FROM pg_catalog.pg_settings
             WHERE name = 'client_connection_check_interval' AND version() LIKE '%linux%'
            """;

    private Session() {}

    /**
     * Makes the session ready for a step: outside a transaction, as the role that connected, with nothing left of what an
     * earlier step set.
     *
     * @param lockTimeout how long a statement waits for a lock, at least 1 ms
     */
    public static void prepare(Connection connection, Duration lockTimeout) throws SQLException {
        connection.setAutoCommit(true);
        String application = applicationName(connection);
        run(connection, RESET);
        applicationName(connection, application);
        lockTimeout(connection, lockTimeout);
    }

    /** Leaves nothing of ours behind for the next user of a pooled connection. */
    static void restore(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
        String application = applicationName(connection);
        run(connection, "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DISCARD TEMP; UNLISTEN *");
        applicationName(connection, application);
    }

    /** Goes back to the role that the history belongs to, and makes deferred constraints speak now. */
    static void beforeHistory(Connection connection) throws SQLException {
        run(connection, "RESET SESSION AUTHORIZATION; RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE");
    }

    static void lockTimeout(Connection connection, Duration timeout) throws SQLException {
        run(connection, "SET lock_timeout = " + timeout.toMillis());
    }

    /** The driver may have set the name after it connected; a reset would lose it, and nobody could tell who we are. */
    private static String applicationName(Connection connection) throws SQLException {
        try (java.sql.Statement query = connection.createStatement();
                ResultSet row = query.executeQuery("SELECT current_setting('application_name')")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void applicationName(Connection connection, String name) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("SELECT set_config('application_name', ?, false)")) {
            set.setString(1, name);
            set.execute();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
