package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.Target.Column;
import dev.imprimatur.migrations.rows.Target.Reference;
import dev.imprimatur.migrations.rows.Target.Rule;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the tables of a database that take rows; partitions get theirs through their parent. */
final class Targets {

    private static final String OURS = """
            class.relkind IN ('r', 'p') AND NOT class.relispartition AND class.relpersistence <> 't'
               AND namespace.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'migrate')
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend member
                                WHERE member.classid = 'pg_catalog.pg_class'::regclass AND member.objid = class.oid
                                  AND member.deptype = 'e')""";

    private static final String COLUMNS = """
            SELECT pg_catalog.format('%%I.%%I', namespace.nspname, class.relname),
                   pg_catalog.quote_ident(attribute.attname), attribute.atttypid::bigint, attribute.atttypmod,
                   NOT attribute.attnotnull, pg_catalog.pg_get_expr(given.adbin, given.adrelid),
                   attribute.attgenerated = '' AND attribute.attidentity = ''
              FROM pg_catalog.pg_class class
              JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
              LEFT JOIN pg_catalog.pg_attribute attribute
                     ON attribute.attrelid = class.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
              LEFT JOIN pg_catalog.pg_attrdef given
                     ON given.adrelid = class.oid AND given.adnum = attribute.attnum
             WHERE %s
             ORDER BY 1, attribute.attnum
            """.formatted(OURS);

    private static final String RULES = """
            SELECT pg_catalog.format('%%I.%%I', namespace.nspname, class.relname), rule.conname,
                   ARRAY(SELECT pg_catalog.quote_ident(attribute.attname) FROM pg_catalog.pg_attribute attribute
                          WHERE attribute.attrelid = class.oid AND attribute.attnum = ANY (rule.conkey)),
                   pg_catalog.pg_get_constraintdef(rule.oid), false
              FROM pg_catalog.pg_constraint rule
              JOIN pg_catalog.pg_class class ON class.oid = rule.conrelid
              JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
             WHERE rule.contype = 'c' AND %1$s
             UNION ALL
            SELECT pg_catalog.format('%%I.%%I', namespace.nspname, class.relname), itself.relname,
                   ARRAY(SELECT pg_catalog.quote_ident(attribute.attname) FROM pg_catalog.pg_attribute attribute
                          WHERE attribute.attrelid = class.oid AND attribute.attnum = ANY (index.indkey::int2[])),
                   '', true
              FROM pg_catalog.pg_index index
              JOIN pg_catalog.pg_class itself ON itself.oid = index.indexrelid
              JOIN pg_catalog.pg_class class ON class.oid = index.indrelid
              JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
             WHERE (index.indisunique OR index.indisexclusion) AND %1$s
             UNION ALL
            SELECT pg_catalog.format('%%I.%%I', namespace.nspname, class.relname), 'the bounds of its partitions',
                   ARRAY(SELECT pg_catalog.quote_ident(attribute.attname) FROM pg_catalog.pg_attribute attribute
                          WHERE attribute.attrelid = class.oid AND attribute.attnum = ANY (parted.partattrs::int2[])),
                   coalesce((SELECT pg_catalog.string_agg(pg_catalog.pg_get_expr(part.relpartbound, part.oid), ' '
                                                          ORDER BY part.relname)
                      FROM pg_catalog.pg_inherits heir JOIN pg_catalog.pg_class part ON part.oid = heir.inhrelid
                     WHERE heir.inhparent = class.oid), ''), false
              FROM pg_catalog.pg_partitioned_table parted
              JOIN pg_catalog.pg_class class ON class.oid = parted.partrelid
              JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
             WHERE %1$s
             ORDER BY 1, 2
            """.formatted(OURS);

    private static final String REFERENCES = """
            SELECT pg_catalog.format('%%I.%%I', namespace.nspname, class.relname), rule.conname,
                   ARRAY(SELECT pg_catalog.quote_ident(attribute.attname)
                           FROM pg_catalog.unnest(rule.conkey) WITH ORDINALITY AS key (number, position)
                           JOIN pg_catalog.pg_attribute attribute
                             ON attribute.attrelid = class.oid AND attribute.attnum = key.number
                          ORDER BY key.position),
                   (SELECT pg_catalog.format('%%I.%%I', home.nspname, target.relname)
                      FROM pg_catalog.pg_class target
                      JOIN pg_catalog.pg_namespace home ON home.oid = target.relnamespace
                     WHERE target.oid = rule.confrelid),
                   ARRAY(SELECT pg_catalog.quote_ident(attribute.attname)
                           FROM pg_catalog.unnest(rule.confkey) WITH ORDINALITY AS key (number, position)
                           JOIN pg_catalog.pg_attribute attribute
                             ON attribute.attrelid = rule.confrelid AND attribute.attnum = key.number
                          ORDER BY key.position),
                   rule.condeferred
              FROM pg_catalog.pg_constraint rule
              JOIN pg_catalog.pg_class class ON class.oid = rule.conrelid
              JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
             WHERE rule.contype = 'f' AND rule.conparentid = 0 AND %s
             ORDER BY 1, 2
            """.formatted(OURS);

    private final Connection connection;
    private final ValueTypes types;

    Targets(Connection connection) {
        this.connection = connection;
        this.types = new ValueTypes(connection);
    }

    SortedMap<String, Target> read() throws SQLException {
        Map<String, List<Rule>> rules = rules();
        Map<String, List<Reference>> references = references();
        SortedMap<String, Target> targets = new TreeMap<>();
        columns()
                .forEach((table, columns) -> targets.put(
                        table,
                        new Target(
                                table,
                                columns,
                                rules.getOrDefault(table, List.of()),
                                references.getOrDefault(table, List.of()))));
        return targets;
    }

    private Map<String, List<Column>> columns() throws SQLException {
        Map<String, List<Column>> columns = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(COLUMNS)) {
                while (row.next()) {
                    List<Column> list = columns.computeIfAbsent(row.getString(1), none -> new ArrayList<>());
                    if (row.getString(2) != null) {
                        list.add(new Column(
                                row.getString(2),
                                types.type(row.getLong(3), row.getInt(4)),
                                row.getBoolean(5),
                                Optional.ofNullable(row.getString(6)),
                                row.getBoolean(7)));
                    }
                }
            }
        }
        return columns;
    }

    private Map<String, List<Rule>> rules() throws SQLException {
        Map<String, List<Rule>> rules = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(RULES)) {
                while (row.next()) {
                    rules.computeIfAbsent(row.getString(1), none -> new ArrayList<>())
                            .add(new Rule(row.getString(2), names(row, 3), row.getString(4), row.getBoolean(5)));
                }
            }
        }
        return rules;
    }

    private Map<String, List<Reference>> references() throws SQLException {
        Map<String, List<Reference>> references = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(REFERENCES)) {
                while (row.next()) {
                    references
                            .computeIfAbsent(row.getString(1), none -> new ArrayList<>())
                            .add(new Reference(
                                    row.getString(2),
                                    names(row, 3),
                                    row.getString(4),
                                    names(row, 5),
                                    row.getBoolean(6)));
                }
            }
        }
        return references;
    }

    private static List<String> names(ResultSet row, int column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
