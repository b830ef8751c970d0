package dev.imprimatur.migrations.rehearse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all databases of a server share and a migration could change: roles, what they are members of, their settings,
 * and the databases themselves.
 *
 * @param objects a description by name, such as {@code role app}
 */
record Globals(SortedMap<String, String> objects) {

    private static final String QUERY = """
            SELECT 'role ' || quote_ident(rolname),
                   concat_ws(', ', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN NOT rolinherit THEN 'noinherit' END,
                     CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolcreatedb THEN 'createdb' END,
                     CASE WHEN rolcanlogin THEN 'login' END, CASE WHEN rolreplication THEN 'replication' END,
                     CASE WHEN rolbypassrls THEN 'bypassrls' END, 'connection limit ' || rolconnlimit,
                     'valid until ' || nullif(rolvaliduntil, 'infinity'), array_to_string(rolconfig, ', '))
              FROM pg_catalog.pg_roles WHERE oid >= 16384 OR rolname = current_user
            UNION ALL
            SELECT 'membership of ' || quote_ident(member.rolname) || ' in ' || quote_ident(granted.rolname),
                   CASE WHEN bool_or(admin_option) THEN 'with admin option' ELSE 'plain' END
              FROM pg_catalog.pg_auth_members
              JOIN pg_catalog.pg_roles member ON member.oid = pg_auth_members.member
              JOIN pg_catalog.pg_roles granted ON granted.oid = pg_auth_members.roleid
             WHERE member.oid >= 16384 OR granted.oid >= 16384
             GROUP BY member.rolname, granted.rolname
            UNION ALL
            SELECT 'tablespace ' || quote_ident(spcname), 'there' FROM pg_catalog.pg_tablespace WHERE oid >= 16384
            UNION ALL
            SELECT 'database ' || quote_ident(datname), 'there' FROM pg_catalog.pg_database
             WHERE datname <> current_database() AND datname NOT LIKE 'imprimatur\\_rehearsal%'
            """;

    Globals {
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
    }

    static Globals read(Connection connection) throws SQLException {
        SortedMap<String, String> objects = new TreeMap<>();
        try (PreparedStatement query = connection.prepareStatement(QUERY);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                objects.put(row.getString(1), row.getString(2));
            }
        }
        return new Globals(objects);
    }

    /** These, and what has come from {@code earlier} to {@code later}. */
    Globals with(Globals earlier, Globals later) {
        SortedMap<String, String> all = new TreeMap<>(later.objects);
        all.keySet().removeAll(earlier.objects.keySet());
        all.putAll(objects);
        return new Globals(all);
    }

    /** Those that are only here, only there, or not the same, in words. */
    List<Difference> differencesTo(Globals later) {
        List<Difference> differences = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(objects.keySet());
        names.addAll(later.objects.keySet());
        for (String name : names) {
            String was = objects.get(name);
            String is = later.objects.get(name);
            if (was == null) {
                differences.add(new Difference(name, "new " + name));
            } else if (is == null) {
                differences.add(new Difference(name, name + " is gone"));
            } else if (!was.equals(is)) {
                differences.add(new Difference(name, name + " is another\nbefore: " + was + "\nafter: " + is));
            }
        }
        return differences;
    }

    /** One thing that differs. */
    record Difference(String object, String detail) {}
}
