package dev.imprimatur.migrations.snapshot;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Where the current transaction stands.
 *
 * @param age {@linkplain OwnChanges#AGE of the transaction}, null before it has written
 */
record Beginning(@Nullable Integer age, boolean rolesMayHaveChanged) {

    /** Roles are in a catalog that not everybody may read; who may not and cannot change roles need not. */
    private static final String QUERY = "SELECT " + OwnChanges.AGE + """
            , pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT'),
                   EXISTS (SELECT FROM pg_catalog.pg_roles role
                            WHERE (role.rolcreaterole OR role.rolsuper)
                              AND pg_catalog.pg_has_role(session_user, role.oid, 'MEMBER'))""";

    static Beginning read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            Integer age;
            boolean readable;
            boolean mayChangeRoles;
            try (ResultSet row = statement.executeQuery(QUERY)) {
                row.next();
                int told = row.getInt(1);
                age = row.wasNull() ? null : told;
                readable = row.getBoolean(2);
                mayChangeRoles = row.getBoolean(3);
            }
            if (age == null || !readable) {
                return new Beginning(age, age != null && mayChangeRoles);
            }
            try (ResultSet row = statement.executeQuery(
                    "SELECT EXISTS (SELECT FROM pg_catalog.pg_authid WHERE " + OwnChanges.ours(age) + ")")) {
                row.next();
                return new Beginning(age, row.getBoolean(1));
            }
        }
    }
}
