package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** An embedded server that all rehearsals of this run are lent: starting one takes seconds. */
final class OwnServer {

    static final EmbeddedServer SERVER = start();

    private OwnServer() {}

    private static EmbeddedServer start() {
        try {
            return EmbeddedServer.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that outlives a database: roles, memberships, databases, settings of either, tablespaces. */
    static List<String> shared() {
        return rows("""
                SELECT 'role ' || rolname FROM pg_roles
                UNION ALL SELECT 'database ' || datname FROM pg_database
                UNION ALL SELECT 'tablespace ' || spcname FROM pg_tablespace
                UNION ALL SELECT 'slot ' || slot_name FROM pg_replication_slots
                UNION ALL SELECT 'prepared ' || gid FROM pg_prepared_xacts
                UNION ALL SELECT 'setting ' || setdatabase || ' ' || setrole || setconfig::text FROM pg_db_role_setting
                UNION ALL SELECT 'member ' || member::regrole || ' of ' || roleid::regrole FROM pg_auth_members
                 ORDER BY 1
                """);
    }

    static List<String> rows(String sql) {
        try (Connection connection = SERVER.url().open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(row.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void run(DatabaseUrl url, String sql) {
        try (Connection connection = url.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
