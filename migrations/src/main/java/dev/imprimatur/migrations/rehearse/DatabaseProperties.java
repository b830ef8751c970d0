package dev.imprimatur.migrations.rehearse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What belongs to a database and is not copied with it: its settings, privileges and comment. */
final class DatabaseProperties {

    private static final String STATEMENTS = """
            SELECT format('ALTER DATABASE %1$I SET %2$I TO %3$s', ?::text, split_part(setting, '=', 1),
                     CASE WHEN split_part(setting, '=', 1) IN ('search_path', 'session_preload_libraries',
                                                               'local_preload_libraries', 'temp_tablespaces')
                          THEN substr(setting, strpos(setting, '=') + 1)
                          ELSE quote_literal(substr(setting, strpos(setting, '=') + 1)) END)
              FROM pg_catalog.pg_db_role_setting s
              JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
             CROSS JOIN unnest(s.setconfig) setting
             WHERE d.datname = ? AND s.setrole = 0
            UNION ALL
            SELECT format('GRANT %s ON DATABASE %I TO %s%s', privilege.privilege_type, ?::text,
                     CASE WHEN privilege.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(privilege.grantee)) END,
                     CASE WHEN privilege.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
              FROM pg_catalog.pg_database d CROSS JOIN aclexplode(d.datacl) privilege
             WHERE d.datname = ? AND privilege.grantee <> d.datdba
            UNION ALL
            SELECT format('COMMENT ON DATABASE %I IS %L', ?::text, c.description)
              FROM pg_catalog.pg_database d
              JOIN pg_catalog.pg_shdescription c ON c.objoid = d.oid AND c.classoid = 'pg_database'::regclass
             WHERE d.datname = ?
            """;

    private DatabaseProperties() {}

    static void copy(Connection connection, String from, String to) throws SQLException {
        List<String> statements = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(STATEMENTS)) {
            for (int i = 1; i <= 6; i += 2) {
                query.setString(i, to);
                query.setString(i + 1, from);
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    statements.add(row.getString(1));
                }
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
