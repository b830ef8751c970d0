package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.rows.ColumnType;
import dev.imprimatur.migrations.rows.TableDigest;
import dev.imprimatur.migrations.rows.TableShape;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Large objects, compared as if they were the rows of one table: identifier, owner, grants, comment and content. They stand in
 * catalogs of the server, so that no table's lock or digest tells of them.
 */
final class LargeObjects {

    /** As no table is called: it says nothing to {@code to_regclass}. */
    static final String NAME = "\"large objects\"";

    private static final List<String> COLUMNS = List.of("comment", "content", "grants", "owner", "oid");

    /** Only a superuser reads the pages; others, what they own. */
    private static final String QUERY = """
            SELECT coalesce(pg_catalog.obj_description(object.oid, 'pg_largeobject'), ''),
                   {content},
                   coalesce((SELECT pg_catalog.string_agg(item::text, ',' ORDER BY item::text COLLATE "C")
                               FROM pg_catalog.unnest(object.lomacl) item), ''),
                   pg_catalog.pg_get_userbyid(object.lomowner), object.oid::text
              FROM pg_catalog.pg_largeobject_metadata object
            """;

    private static final String PAGES = """
            (SELECT pg_catalog.concat_ws(' ', count(*), sum(pg_catalog.length(page.data)),
                      sum(pg_catalog.hashint8extended(pg_catalog.hash_record_extended(ROW(page.pageno, page.data), 0), 1)))
               FROM pg_catalog.pg_largeobject page WHERE page.loid = object.oid)""";

    private static final String OWN = """
            CASE WHEN pg_catalog.pg_has_role(object.lomowner, 'USAGE')
                 THEN pg_catalog.hash_record_extended(ROW(pg_catalog.lo_get(object.oid)), 0)::text
                 ELSE 'of somebody else' END""";

    /** A grant leaves no lock behind, only a new row. */
    private static final String TOUCHED = """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_locks
                            WHERE pid = pg_catalog.pg_backend_pid() AND granted AND locktype = 'relation'
                              AND relation IN ('pg_catalog.pg_largeobject'::pg_catalog.regclass,
                                               'pg_catalog.pg_largeobject_metadata'::pg_catalog.regclass)
                              AND mode NOT IN ('AccessShareLock', 'RowShareLock'))
                OR EXISTS (SELECT FROM pg_catalog.pg_locks
                            WHERE pid = pg_catalog.pg_backend_pid() AND granted AND locktype = 'object'
                              AND classid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass)
                OR EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata
                            WHERE pg_catalog.age(xmin) <= pg_catalog.age(
                                    pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid))
            """;

    private LargeObjects() {}

    static TableShape shape() {
        SortedMap<String, ColumnType> columns = new TreeMap<>();
        COLUMNS.forEach(column -> columns.put(column, new ColumnType("text", "text", "pg_catalog.textout")));
        return new TableShape(NAME, columns, List.of("oid"));
    }

    /** Whether the current transaction may have changed any. */
    static boolean areTouched(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TOUCHED)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Like a digest of their own: with each one's values, since there is nothing to name them by but their number. */
    static TableDigest read(Connection connection) throws SQLException {
        SortedMap<String, SortedMap<String, String>> byKey = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            boolean all;
            try (ResultSet row = statement.executeQuery(
                    "SELECT pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'SELECT')")) {
                row.next();
                all = row.getBoolean(1);
            }
            try (ResultSet row = statement.executeQuery(QUERY.replace("{content}", all ? PAGES : OWN))) {
                while (row.next()) {
                    SortedMap<String, String> values = new TreeMap<>();
                    for (int i = 0; i < COLUMNS.size(); i++) {
                        values.put(COLUMNS.get(i), row.getString(i + 1));
                    }
                    byKey.put(row.getString(COLUMNS.size()), values);
                }
            }
        }
        return digest(byKey);
    }

    /**
     * Of large objects, those that the other digest has too, for a new one is nothing that old code would notice; any other
     * table's digest as it is.
     */
    static TableDigest knownTo(TableDigest other, TableDigest digest) {
        if (!digest.table().equals(NAME)) {
            return digest;
        }
        SortedMap<String, SortedMap<String, String>> byKey = new TreeMap<>(digest.byKey());
        byKey.keySet().retainAll(other.byKey().keySet());
        return digest(byKey);
    }

    private static TableDigest digest(SortedMap<String, SortedMap<String, String>> byKey) {
        SortedMap<String, String> byColumn = new TreeMap<>();
        for (String column : COLUMNS) {
            byColumn.put(
                    column,
                    hash(byKey.values().stream()
                            .map(values -> String.valueOf(values.get(column)))
                            .toList()));
        }
        String sum = hash(byKey.values().stream().map(String::valueOf).toList());
        return new TableDigest(NAME, byKey.size(), sum, byColumn, byKey);
    }

    /** In whatever order they come. */
    private static String hash(List<String> values) {
        List<String> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String value : sorted) {
                digest.update((value.length() + ":" + value).getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
