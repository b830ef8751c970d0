package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.rows.ComparedColumn;
import dev.imprimatur.migrations.rows.TableDigest;
import dev.imprimatur.migrations.rows.TableShape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What each table should hold by all that was seen along the way, where only what a step can have touched is read. In the
 * end everything is read once, and must be that.
 */
final class HeldRows {

    /** Tables that take long to read are left out: all is read twice. */
    private static final int MOST = 100_000;

    private static final String LARGE = """
            SELECT pg_catalog.format('%%I.%%I', home.nspname, class.relname)
              FROM pg_catalog.pg_class class JOIN pg_catalog.pg_namespace home ON home.oid = class.relnamespace
             WHERE class.relkind IN ('r', 'm')
               AND (class.reltuples > %d OR pg_catalog.pg_table_size(class.oid) > 256 * %d)
               AND home.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
            """.formatted(MOST, MOST);

    /** What a transaction that only fills tables has written to. */
    private static final String WRITTEN = """
            SELECT pg_catalog.format('%I.%I', home.nspname, class.relname)
              FROM pg_catalog.pg_locks lock
              JOIN pg_catalog.pg_class class ON class.oid = lock.relation
              JOIN pg_catalog.pg_namespace home ON home.oid = class.relnamespace
             WHERE pg_catalog.pg_current_xact_id_if_assigned() IS NOT NULL
               AND lock.pid = pg_catalog.pg_backend_pid() AND lock.locktype = 'relation' AND lock.granted
               AND lock.mode NOT IN ('AccessShareLock', 'RowShareLock') AND class.relkind = 'r'
            """;

    private final SortedMap<String, TableDigest> held = new TreeMap<>();

    void begin(Connection connection) throws SQLException {
        held.putAll(read(connection));
    }

    /** A step was applied, and this is what it touched, as it is now. */
    void applied(Rows touched) {
        held.putAll(touched.digests());
    }

    /** In the current transaction, tables were topped up: this is what they hold now. */
    void filled(Connection connection) throws SQLException {
        Set<String> written = names(connection, WRITTEN);
        if (!written.isEmpty()) {
            applied(Rows.read(connection, written));
        }
    }

    /** What is not as it should be, a line each. */
    List<String> unlike(Connection connection) throws SQLException {
        List<String> unlike = new ArrayList<>();
        read(connection).forEach((table, now) -> {
            TableDigest should = held.get(table);
            if (should == null) {
                return;
            }
            if (!should.byColumn().keySet().equals(now.byColumn().keySet())) {
                unlike.add("%s: other columns".formatted(Names.table(table)));
                return;
            }
            should.differenceTo(now).ifPresent(difference -> unlike.add(Names.table(table) + ": " + difference.line()));
        });
        return unlike;
    }

    private static SortedMap<String, TableDigest> read(Connection connection) throws SQLException {
        Set<String> large = names(connection, LARGE);
        Map<TableShape, SortedMap<String, ComparedColumn>> columns = new LinkedHashMap<>();
        TableShape.readAll(connection).values().stream()
                .filter(shape -> !large.contains(shape.name()))
                .forEach(shape -> columns.put(shape, shape.allColumns()));
        SortedMap<String, TableDigest> digests = new TreeMap<>(TableDigest.readAll(connection, columns));
        digests.put(LargeObjects.NAME, LargeObjects.read(connection));
        return digests;
    }

    private static Set<String> names(Connection connection, String query) throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(query)) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
        }
        return names;
    }
}
