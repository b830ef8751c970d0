package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads what kinds of types the columns have, each once. */
final class ValueTypes {

    private static final String TYPE = """
            SELECT pg_catalog.format_type(type.oid, ?), type.typname, type.typtype, type.typbasetype, type.typtypmod,
                   type.typelem, type.typcategory, type.typrelid, coalesce(range.rngsubtype, 0),
                   ARRAY(SELECT label.enumlabel::text FROM pg_catalog.pg_enum label
                          WHERE label.enumtypid = type.oid ORDER BY label.enumsortorder),
                   ARRAY(SELECT pg_catalog.pg_get_constraintdef(rule.oid) FROM pg_catalog.pg_constraint rule
                          WHERE rule.contypid = type.oid ORDER BY rule.conname),
                   ARRAY(SELECT part.atttypid::bigint FROM pg_catalog.pg_attribute part
                          WHERE part.attrelid = type.typrelid AND part.attnum > 0 AND NOT part.attisdropped
                          ORDER BY part.attnum)
              FROM pg_catalog.pg_type type
              LEFT JOIN pg_catalog.pg_range range
                     ON range.rngtypid = type.oid OR range.rngmultitypid = type.oid
             WHERE type.oid = ?
            """;

    private final Connection connection;
    private final Map<String, ValueType> known = new HashMap<>();

    ValueTypes(Connection connection) {
        this.connection = connection;
    }

    ValueType type(long oid, int modifier) throws SQLException {
        String key = oid + "/" + modifier;
        ValueType type = known.get(key);
        if (type == null) {
            type = read(oid, modifier);
            known.put(key, type);
        }
        return type;
    }

    private ValueType read(long oid, int modifier) throws SQLException {
        String sql;
        String name;
        String kind;
        long root;
        int rootModifier;
        long element;
        long bound;
        List<String> labels;
        List<String> checks;
        List<Long> parts = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(TYPE)) {
            query.setInt(1, modifier);
            query.setLong(2, oid);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                sql = row.getString(1);
                name = row.getString(2);
                kind = row.getString(3);
                root = row.getLong(4);
                rootModifier = row.getInt(5);
                element = row.getString(7).equals("A") ? row.getLong(6) : 0;
                bound = row.getLong(9);
                labels = List.of((String[]) row.getArray(10).getArray());
                checks = List.of((String[]) row.getArray(11).getArray());
                for (Object part : (Object[]) row.getArray(12).getArray()) {
                    parts.add((Long) part);
                }
            }
        }
        return switch (kind) {
            case "e" -> new ValueType.Labelled(sql, labels);
            case "d" -> new ValueType.Restricted(sql, type(root, rootModifier), checks);
            case "r" -> new ValueType.Spanned(sql, type(bound, -1), false);
            case "m" -> new ValueType.Spanned(sql, type(bound, -1), true);
            case "c" -> {
                List<ValueType> types = new ArrayList<>();
                for (long part : parts) {
                    types.add(type(part, -1));
                }
                yield new ValueType.Composed(sql, types);
            }
            default ->
                element == 0
                        ? new ValueType.Plain(sql, name, modifier)
                        : new ValueType.Listed(sql, type(element, modifier));
        };
    }
}
