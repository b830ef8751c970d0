package dev.imprimatur.migrations.rehearse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The roles of a server of our own, so that they can be brought back to what they were. Nothing of this works in a
 * transaction's rollback when a step has committed.
 *
 * @param byId each with the statements that make it what it is
 */
record Roles(Map<Long, Role> byId, Set<Membership> memberships) {

    /** @param name quoted */
    record Role(String name, String remake) {}

    /**
     * One role's place in another.
     *
     * @param role quoted, as {@code member} is
     */
    record Membership(String role, String member, String options) {
        String granted() {
            return "GRANT %s TO %s WITH %s".formatted(role, member, options);
        }

        String revoked() {
            return "REVOKE %s FROM %s CASCADE".formatted(role, member);
        }
    }

    private static final String ROLES = """
            SELECT oid, quote_ident(rolname),
                   format('ALTER ROLE %I %s %s %s %s %s %s %s CONNECTION LIMIT %s PASSWORD %L VALID UNTIL %L; ALTER ROLE %I RESET ALL',
                     rolname, CASE WHEN rolsuper THEN 'SUPERUSER' ELSE 'NOSUPERUSER' END,
                     CASE WHEN rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
                     CASE WHEN rolcreaterole THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
                     CASE WHEN rolcreatedb THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
                     CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
                     CASE WHEN rolreplication THEN 'REPLICATION' ELSE 'NOREPLICATION' END,
                     CASE WHEN rolbypassrls THEN 'BYPASSRLS' ELSE 'NOBYPASSRLS' END,
                     rolconnlimit, rolpassword, coalesce(rolvaliduntil, 'infinity'), rolname)
                   || coalesce((SELECT string_agg(format('; ALTER ROLE %I SET %I TO %s', rolname, split_part(setting, '=', 1),
                        CASE WHEN split_part(setting, '=', 1) IN ('search_path', 'session_preload_libraries',
                                                                  'local_preload_libraries', 'temp_tablespaces')
                             THEN substr(setting, strpos(setting, '=') + 1)
                             ELSE quote_literal(substr(setting, strpos(setting, '=') + 1)) END), '')
                       FROM pg_catalog.pg_db_role_setting s CROSS JOIN unnest(s.setconfig) setting
                      WHERE s.setrole = role.oid AND s.setdatabase = 0), '')
              FROM pg_catalog.pg_authid role WHERE rolname !~ '^pg_' ORDER BY oid
            """;

    private static final String MEMBERSHIPS = """
            SELECT quote_ident(granted.rolname), quote_ident(member.rolname),
                   format('ADMIN %s, INHERIT %s, SET %s', m.admin_option::text, m.inherit_option::text, m.set_option::text)
              FROM pg_catalog.pg_auth_members m
              JOIN pg_catalog.pg_authid member ON member.oid = m.member
              JOIN pg_catalog.pg_authid granted ON granted.oid = m.roleid
            """;

    static Roles read(Connection connection) throws SQLException {
        Map<Long, Role> roles = new LinkedHashMap<>();
        Set<Membership> memberships = new LinkedHashSet<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(ROLES)) {
                while (row.next()) {
                    roles.put(row.getLong(1), new Role(row.getString(2), row.getString(3)));
                }
            }
            try (ResultSet row = statement.executeQuery(MEMBERSHIPS)) {
                while (row.next()) {
                    memberships.add(new Membership(row.getString(1), row.getString(2), row.getString(3)));
                }
            }
        }
        return new Roles(roles, memberships);
    }

    /** Makes them what they were: those that have come go, those that went come back, and each is what it was. */
    void restore(Connection connection) throws SQLException {
        Roles now = read(connection);
        if (equals(now)) {
            return;
        }
        List<String> statements = new ArrayList<>();
        now.byId.forEach((id, role) -> {
            Role was = byId.get(id);
            if (was == null) {
                statements.add("DROP OWNED BY %1$s CASCADE; DROP ROLE %1$s".formatted(role.name()));
            } else if (!was.name().equals(role.name())) {
                statements.add("ALTER ROLE %s RENAME TO %s".formatted(role.name(), was.name()));
            }
        });
        byId.forEach((id, role) -> {
            Role is = now.byId.get(id);
            if (is == null) {
                statements.add("CREATE ROLE " + role.name());
            }
            if (!role.equals(is)) {
                statements.add(role.remake());
            }
        });
        run(connection, statements);
        Set<Membership> left = read(connection).memberships;
        run(
                connection,
                Stream.concat(
                                left.stream()
                                        .filter(one -> !memberships.contains(one))
                                        .map(Membership::revoked),
                                memberships.stream()
                                        .filter(one -> !left.contains(one))
                                        .map(Membership::granted))
                        .toList());
    }

    private static void run(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
