package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A table's columns.
 *
 * @param name qualified and quoted
 * @param columns the type of each by its quoted name
 * @param key the quoted columns of its primary key, empty without one
 */
public record TableShape(String name, SortedMap<String, ColumnType> columns, List<String> key) {

    /** Materialised views hold rows too; partitioned tables do not, their partitions do. */
    private static final String QUERY = """
            SELECT pg_catalog.format('%I.%I', namespace.nspname, class.relname),
                   pg_catalog.quote_ident(attribute.attname),
                   pg_catalog.format_type(attribute.atttypid, attribute.atttypmod),
                   CASE WHEN base.typnamespace = 'pg_catalog'::regnamespace AND base.typtype = 'b'
                             AND base.typelem = 0 THEN base.typname
                        WHEN base.oid = 'pg_catalog.name'::regtype THEN 'name' ELSE '' END,
                   (SELECT pg_catalog.format('%I.%I', home.nspname, output.proname)
                      FROM pg_catalog.pg_proc output JOIN pg_catalog.pg_namespace home ON home.oid = output.pronamespace
                     WHERE output.oid = base.typoutput),
                   EXISTS (SELECT FROM pg_catalog.pg_index index
                            WHERE index.indrelid = class.oid AND index.indisprimary
                              AND attribute.attnum = ANY (index.indkey::int2[]))
              FROM pg_catalog.pg_class class
              JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
              LEFT JOIN pg_catalog.pg_attribute attribute
                     ON attribute.attrelid = class.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
              LEFT JOIN LATERAL (
                   WITH RECURSIVE root AS (
                       SELECT type.* FROM pg_catalog.pg_type type WHERE type.oid = attribute.atttypid
                       UNION ALL
                       SELECT type.* FROM root JOIN pg_catalog.pg_type type ON type.oid = root.typbasetype
                        WHERE root.typtype = 'd')
                   SELECT * FROM root WHERE root.typtype <> 'd') base ON true
             WHERE (class.relkind = 'r' OR class.relkind = 'm' AND class.relispopulated)
               AND class.relpersistence <> 't'
               AND namespace.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'migrate')
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend member
                                WHERE member.classid = 'pg_catalog.pg_class'::regclass AND member.objid = class.oid
                                  AND member.deptype = 'e')
            """;

    private static final String ONLY = """
               AND class.oid = ANY (SELECT pg_catalog.to_regclass(name) FROM pg_catalog.unnest(?::pg_catalog.text[]) name)
            """;

    private static final String ORDER = " ORDER BY 1, 2";

    public TableShape {
        columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
        key = List.copyOf(key);
    }

    /**
     * Reads the shapes of all tables and filled materialised views, but for those of the server, of extensions, of this
     * tool and of the session.
     *
     * @return by name
     */
    public static SortedMap<String, TableShape> readAll(Connection connection) throws SQLException {
        return PinnedSettings.under(connection, TableShape::read);
    }

    /**
     * The same of these tables only.
     *
     * @param tables qualified and quoted; what is none, or not there, is left out
     */
    public static SortedMap<String, TableShape> read(Connection connection, Set<String> tables) throws SQLException {
        return PinnedSettings.under(connection, same -> {
            try (PreparedStatement statement = same.prepareStatement(QUERY + ONLY + ORDER)) {
                statement.setArray(1, same.createArrayOf("text", tables.toArray()));
                return shapes(statement.executeQuery());
            }
        });
    }

    static SortedMap<String, TableShape> read(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(QUERY + ORDER)) {
            return shapes(statement.executeQuery());
        }
    }

    private static SortedMap<String, TableShape> shapes(ResultSet row) throws SQLException {
        SortedMap<String, SortedMap<String, ColumnType>> columns = new TreeMap<>();
        SortedMap<String, List<String>> keys = new TreeMap<>();
        while (row.next()) {
            String table = row.getString(1);
            String column = row.getString(2);
            SortedMap<String, ColumnType> types = columns.computeIfAbsent(table, none -> new TreeMap<>());
            List<String> key = keys.computeIfAbsent(table, none -> new ArrayList<>());
            if (column != null) {
                types.put(column, new ColumnType(row.getString(3), row.getString(4), row.getString(5)));
                if (row.getBoolean(6)) {
                    key.add(column);
                }
            }
        }
        SortedMap<String, TableShape> shapes = new TreeMap<>();
        columns.forEach((table, types) ->
                shapes.put(table, new TableShape(table, types, keys.getOrDefault(table, List.of()))));
        return shapes;
    }

    /**
     * The columns that {@code later} has too, each as it will be there. Read before a change it compares with
     * {@link #commonWith} read after it.
     */
    public SortedMap<String, ComparedColumn> becoming(TableShape later) {
        SortedMap<String, ComparedColumn> shared = new TreeMap<>();
        columns.forEach((name, type) -> {
            ColumnType becomes = later.columns.get(name);
            if (becomes != null) {
                shared.put(
                        name,
                        becomes.name().equals(type.name())
                                ? new ComparedColumn.AsItIs(type)
                                : new ComparedColumn.CastTo(becomes));
            }
        });
        return shared;
    }

    /** The columns that the other has too, as they are here. */
    public SortedMap<String, ComparedColumn> commonWith(TableShape other) {
        SortedMap<String, ComparedColumn> common = allColumns();
        common.keySet().retainAll(other.columns.keySet());
        return common;
    }

    /** The same, but a column of another type in the other is compared as text: what is left when there is no cast. */
    public SortedMap<String, ComparedColumn> asTextWith(TableShape other) {
        SortedMap<String, ComparedColumn> common = commonWith(other);
        common.replaceAll((name, same) ->
                column(name).name().equals(other.column(name).name()) ? same : new ComparedColumn.AsText(column(name)));
        return common;
    }

    ColumnType column(String column) {
        return Objects.requireNonNull(columns.get(column), column);
    }

    /** Every column, as it is. */
    public SortedMap<String, ComparedColumn> allColumns() {
        SortedMap<String, ComparedColumn> all = new TreeMap<>();
        columns.forEach((name, type) -> all.put(name, new ComparedColumn.AsItIs(type)));
        return all;
    }
}
