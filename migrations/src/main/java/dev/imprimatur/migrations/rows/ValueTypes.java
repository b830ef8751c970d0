package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What kinds of types the columns of some tables have, and the types that those are made of: read in one query. */
final class ValueTypes {

    private static final String TYPES = """
            WITH RECURSIVE used (id) AS (
              SELECT attribute.atttypid FROM pg_catalog.pg_attribute attribute
               WHERE attribute.attrelid = ANY (?) AND attribute.attnum > 0 AND NOT attribute.attisdropped
              UNION
              SELECT named.id FROM pg_catalog.unnest(?::oid[]) named (id)
              UNION
              SELECT part.id
                FROM used
                JOIN pg_catalog.pg_type type ON type.oid = used.id
                CROSS JOIN LATERAL (
                  SELECT type.typbasetype WHERE type.typbasetype <> 0
                  UNION ALL SELECT type.typelem WHERE type.typelem <> 0
                  UNION ALL SELECT range.rngsubtype FROM pg_catalog.pg_range range
                             WHERE type.oid IN (range.rngtypid, range.rngmultitypid)
                  UNION ALL SELECT attribute.atttypid FROM pg_catalog.pg_attribute attribute
                             WHERE type.typrelid <> 0 AND attribute.attrelid = type.typrelid
                               AND attribute.attnum > 0 AND NOT attribute.attisdropped) part (id))
            SELECT type.oid::bigint, type.typname, type.typtype::text, type.typbasetype::bigint, type.typtypmod,
                   CASE WHEN element.typarray = type.oid THEN element.oid::bigint ELSE 0 END,
                   range.rngsubtype::bigint, pg_catalog.format_type(range.rngtypid, NULL),
                   ARRAY(SELECT label.enumlabel::text FROM pg_catalog.pg_enum label
                          WHERE label.enumtypid = type.oid ORDER BY label.enumsortorder),
                   ARRAY(SELECT pg_catalog.pg_get_constraintdef(rule.oid) FROM pg_catalog.pg_constraint rule
                          WHERE rule.contypid = type.oid AND rule.contype = 'c' ORDER BY rule.conname),
                   ARRAY(SELECT part.atttypid::bigint || ' ' || part.atttypmod || ' '
                                || pg_catalog.format_type(part.atttypid, part.atttypmod)
                           FROM pg_catalog.pg_attribute part
                          WHERE part.attrelid = type.typrelid AND part.attnum > 0 AND NOT part.attisdropped
                          ORDER BY part.attnum),
                   type.typnotnull, pg_catalog.format_type(type.oid, NULL),
                   pg_catalog.format_type(type.typbasetype, type.typtypmod)
              FROM used
              JOIN pg_catalog.pg_type type ON type.oid = used.id
              LEFT JOIN pg_catalog.pg_type element ON element.oid = type.typelem
              LEFT JOIN pg_catalog.pg_range range ON type.oid IN (range.rngtypid, range.rngmultitypid)
            """;

    private record Part(long id, int modifier, String sql) {

        static Part of(String text) {
            String[] fields = text.split(" ", 3);
            return new Part(Long.parseLong(fields[0]), Integer.parseInt(fields[1]), fields[2]);
        }
    }

    private record Read(
            String name,
            String kind,
            Part root,
            long element,
            long bound,
            String range,
            List<String> labels,
            List<String> checks,
            List<Part> parts,
            boolean notNull,
            String sql) {}

    private final Map<Long, Read> types = new HashMap<>();

    /** Reads the types of all columns of the tables with these ids. */
    static ValueTypes ofColumns(Connection connection, List<Long> tables) throws SQLException {
        return new ValueTypes(connection, tables, List.of());
    }

    /** Reads one type. */
    static ValueType one(Connection connection, long id) throws SQLException {
        ValueTypes types = new ValueTypes(connection, List.of(), List.of(id));
        return types.type(id, -1, types.sql(id));
    }

    private ValueTypes(Connection connection, List<Long> tables, List<Long> named) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(TYPES)) {
            query.setArray(1, connection.createArrayOf("oid", tables.toArray()));
            query.setArray(2, connection.createArrayOf("oid", named.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    List<Part> parts = new ArrayList<>();
                    for (String part : strings(row, 11)) {
                        parts.add(Part.of(part));
                    }
                    types.put(
                            row.getLong(1),
                            new Read(
                                    row.getString(2),
                                    row.getString(3),
                                    new Part(row.getLong(4), row.getInt(5), row.getString(14)),
                                    row.getLong(6),
                                    row.getLong(7),
                                    row.getString(8),
                                    strings(row, 9),
                                    strings(row, 10),
                                    parts,
                                    row.getBoolean(12),
                                    row.getString(13)));
                }
            }
        }
    }

    private static List<String> strings(ResultSet row, int column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    /** @param sql as {@code format_type} writes it with the modifier */
    ValueType type(long id, int modifier, String sql) {
        Read read = Objects.requireNonNull(types.get(id));
        return switch (read.kind()) {
            case "e" -> new ValueType.Labelled(sql, read.labels());
            case "d" ->
                new ValueType.Restricted(
                        sql,
                        type(
                                read.root().id(),
                                read.root().modifier(),
                                read.root().sql()),
                        read.checks(),
                        read.notNull());
            case "r", "m" ->
                new ValueType.Spanned(
                        sql,
                        read.range(),
                        type(read.bound(), -1, sql(read.bound())),
                        read.kind().equals("m"));
            case "c" ->
                new ValueType.Composed(
                        sql,
                        read.parts().stream()
                                .map(part -> type(part.id(), part.modifier(), part.sql()))
                                .toList());
            default ->
                read.element() == 0
                        ? new ValueType.Plain(sql, read.name(), modifier)
                        : new ValueType.Listed(sql, type(read.element(), modifier, elementSql(sql, read)));
        };
    }

    private String sql(long id) {
        return Objects.requireNonNull(types.get(id)).sql();
    }

    /** {@code numeric(5,2)} of {@code numeric(5,2)[]}. */
    private String elementSql(String sql, Read list) {
        return sql.endsWith("[]") ? sql.substring(0, sql.length() - 2) : sql(list.element());
    }
}
