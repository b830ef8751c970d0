package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.Target.Column;
import dev.imprimatur.migrations.rows.Target.Form;
import dev.imprimatur.migrations.rows.Target.Leaf;
import dev.imprimatur.migrations.rows.Target.Reference;
import dev.imprimatur.migrations.rows.Target.Rule;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what the rows of some tables must keep to, in five queries however many they are. */
final class Targets {

    private static final String COLUMNS = """
            SELECT attribute.attrelid::bigint, pg_catalog.quote_ident(attribute.attname), attribute.atttypid::bigint,
                   attribute.atttypmod, pg_catalog.format_type(attribute.atttypid, attribute.atttypmod),
                   NOT attribute.attnotnull, pg_catalog.pg_get_expr(given.adbin, given.adrelid),
                   attribute.attgenerated = '' AND attribute.attidentity = '', attribute.attidentity <> ''
              FROM pg_catalog.pg_attribute attribute
              LEFT JOIN pg_catalog.pg_attrdef given
                     ON given.adrelid = attribute.attrelid AND given.adnum = attribute.attnum
             WHERE attribute.attrelid = ANY (?) AND attribute.attnum > 0 AND NOT attribute.attisdropped
             ORDER BY attribute.attrelid, attribute.attnum
            """;

    private static final String RULES = """
            SELECT rule.conrelid::bigint, rule.conname::text,
                   ARRAY(SELECT pg_catalog.quote_ident(attribute.attname) FROM pg_catalog.pg_attribute attribute
                          WHERE attribute.attrelid = rule.conrelid AND attribute.attnum = ANY (rule.conkey)
                          ORDER BY attribute.attnum),
                   pg_catalog.pg_get_constraintdef(rule.oid), 'CHECK', true
              FROM pg_catalog.pg_constraint rule
             WHERE rule.contype = 'c' AND rule.conrelid = ANY (?)
             UNION ALL
            SELECT index.indrelid::bigint, itself.relname::text,
                   ARRAY(SELECT pg_catalog.quote_ident(attribute.attname) FROM pg_catalog.pg_attribute attribute
                          WHERE attribute.attrelid = index.indrelid AND attribute.attnum > 0
                            AND (attribute.attnum = ANY (index.indkey::int2[])
                              OR EXISTS (SELECT FROM pg_catalog.pg_depend needed
                                          WHERE needed.classid = 'pg_catalog.pg_class'::regclass
                                            AND needed.objid = index.indexrelid
                                            AND needed.refclassid = 'pg_catalog.pg_class'::regclass
                                            AND needed.refobjid = index.indrelid
                                            AND needed.refobjsubid = attribute.attnum))
                          ORDER BY attribute.attnum),
                   coalesce((SELECT pg_catalog.pg_get_constraintdef(rule.oid) FROM pg_catalog.pg_constraint rule
                              WHERE rule.conindid = index.indexrelid AND rule.contype IN ('p', 'u', 'x')),
                            pg_catalog.pg_get_indexdef(index.indexrelid)),
                   CASE WHEN index.indisexclusion THEN 'EXCLUSION' ELSE 'UNIQUE' END,
                   index.indexprs IS NULL AND index.indpred IS NULL
              FROM pg_catalog.pg_index index
              JOIN pg_catalog.pg_class itself ON itself.oid = index.indexrelid
             WHERE (index.indisunique OR index.indisexclusion) AND index.indrelid = ANY (?)
             ORDER BY 1, 2
            """;

    private static final String REFERENCES = """
            SELECT rule.conrelid::bigint, rule.conname,
                   ARRAY(SELECT pg_catalog.quote_ident(attribute.attname)
                           FROM pg_catalog.unnest(rule.conkey) WITH ORDINALITY AS key (number, position)
                           JOIN pg_catalog.pg_attribute attribute
                             ON attribute.attrelid = rule.conrelid AND attribute.attnum = key.number
                          ORDER BY key.position),
                   (SELECT pg_catalog.format('%I.%I', home.nspname, target.relname)
                      FROM pg_catalog.pg_class target
                      JOIN pg_catalog.pg_namespace home ON home.oid = target.relnamespace
                     WHERE target.oid = rule.confrelid),
                   ARRAY(SELECT pg_catalog.quote_ident(attribute.attname)
                           FROM pg_catalog.unnest(rule.confkey) WITH ORDINALITY AS key (number, position)
                           JOIN pg_catalog.pg_attribute attribute
                             ON attribute.attrelid = rule.confrelid AND attribute.attnum = key.number
                          ORDER BY key.position),
                   rule.confmatchtype = 'f',
                   (SELECT target.relkind = 'p' FROM pg_catalog.pg_class target WHERE target.oid = rule.confrelid)
              FROM pg_catalog.pg_constraint rule
             WHERE rule.contype = 'f' AND rule.conparentid = 0 AND rule.conrelid = ANY (?)
             ORDER BY 1, pg_catalog.cardinality(rule.conkey) DESC, 2
            """;

    private static final String LEAVES = """
            SELECT pg_catalog.pg_partition_root(leaf.oid)::oid::bigint,
                   pg_catalog.format('%I.%I', namespace.nspname, leaf.relname),
                   coalesce(pg_catalog.pg_get_partition_constraintdef(leaf.oid), '')
              FROM pg_catalog.pg_class leaf
              JOIN pg_catalog.pg_namespace namespace ON namespace.oid = leaf.relnamespace
             WHERE leaf.relispartition AND leaf.relkind = 'r'
               AND pg_catalog.pg_partition_root(leaf.oid)::oid = ANY (?)
             ORDER BY 1, 2
            """;

    /** One row of a query, without its first column, which says whose it is. */
    @FunctionalInterface
    private interface Reading<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final List<Long> ids;

    private Targets(Connection connection, List<Long> ids) {
        this.connection = connection;
        this.ids = ids;
    }

    static SortedMap<String, Target> read(Connection connection, List<TableList.Listed> tables) throws SQLException {
        if (tables.isEmpty()) {
            return new TreeMap<>();
        }
        return new Targets(connection, tables.stream().map(TableList.Listed::id).toList()).all(tables);
    }

    private SortedMap<String, Target> all(List<TableList.Listed> tables) throws SQLException {
        ValueTypes types = ValueTypes.ofColumns(connection, ids);
        Map<Long, List<Column>> columns = query(COLUMNS, row -> column(types, row));
        Map<Long, List<Rule>> rules = query(RULES, Targets::rule);
        Map<Long, List<Reference>> references = query(REFERENCES, Targets::reference);
        boolean anyPartitioned = tables.stream().anyMatch(TableList.Listed::partitioned);
        Map<Long, List<Leaf>> leaves = anyPartitioned ? query(LEAVES, Targets::leaf) : Map.of();
        SortedMap<String, Target> targets = new TreeMap<>();
        for (TableList.Listed table : tables) {
            targets.put(
                    table.name(),
                    new Target(
                            table.name(),
                            table.partitioned(),
                            columns.getOrDefault(table.id(), List.of()),
                            rules.getOrDefault(table.id(), List.of()),
                            references.getOrDefault(table.id(), List.of()),
                            leaves.getOrDefault(table.id(), List.of())));
        }
        return targets;
    }

    private <T> Map<Long, List<T>> query(String sql, Reading<T> reading) throws SQLException {
        Map<Long, List<T>> read = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 1; i <= sql.chars().filter(c -> c == '?').count(); i++) {
                query.setArray(i, connection.createArrayOf("oid", ids.toArray()));
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    read.computeIfAbsent(row.getLong(1), none -> new ArrayList<>())
                            .add(reading.read(row));
                }
            }
        }
        return read;
    }

    private static Column column(ValueTypes types, ResultSet row) throws SQLException {
        ValueType type = types.type(row.getLong(3), row.getInt(4), row.getString(5));
        return new Column(
                row.getString(2),
                type,
                row.getBoolean(6) && type.takesNull(),
                Optional.ofNullable(row.getString(7)),
                row.getBoolean(8),
                row.getBoolean(9));
    }

    private static Reference reference(ResultSet row) throws SQLException {
        String table = row.getString(4);
        return new Reference(
                row.getString(2),
                names(row, 3),
                table,
                names(row, 5),
                row.getBoolean(7) ? table : "ONLY " + table,
                row.getBoolean(6));
    }

    private static Rule rule(ResultSet row) throws SQLException {
        return new Rule(
                row.getString(2), names(row, 3), row.getString(4), Form.valueOf(row.getString(5)), row.getBoolean(6));
    }

    /** A default partition takes what no other takes, and a hash tells nothing: literals there would mislead. */
    private static Leaf leaf(ResultSet row) throws SQLException {
        String definition = row.getString(3).replaceAll("satisfies_hash_partition\\([^)]*\\)", "");
        return new Leaf(row.getString(2), definition.startsWith("(NOT ") ? "" : definition);
    }

    private static List<String> names(ResultSet row, int column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
