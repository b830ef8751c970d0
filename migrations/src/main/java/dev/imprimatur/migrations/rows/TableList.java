package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables of a database that take rows, and how many rows each has, up to what is asked: two cheap queries. */
final class TableList {

    /** More in one query would cost the server more than another query. */
    private static final int TABLES_IN_A_QUERY = 400;

    private static final String TABLES = """
            SELECT pg_catalog.format('%I.%I', namespace.nspname, class.relname), class.oid::bigint, class.relkind = 'p',
                   CASE WHEN class.relispartition THEN (
                     SELECT pg_catalog.format('%I.%I', home.nspname, root.relname)
                       FROM pg_catalog.pg_class root JOIN pg_catalog.pg_namespace home ON home.oid = root.relnamespace
                      WHERE root.oid = pg_catalog.pg_partition_root(class.oid)) END
              FROM {from} JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
             WHERE class.relpersistence <> 't'
               AND (class.relkind = 'r' OR class.relkind = 'p' AND NOT class.relispartition)
               AND namespace.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'migrate')
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend member
                                WHERE member.classid = 'pg_catalog.pg_class'::regclass AND member.objid = class.oid
                                  AND member.deptype = 'e')
             ORDER BY 1
            """;

    private static final String ALL = TABLES.replace("{from}", "pg_catalog.pg_class class");

    /** These and all that is partitioned together with them. */
    private static final String SOME = TABLES.replace("{from}", """
            (SELECT DISTINCT tree.relid::oid AS id
               FROM pg_catalog.unnest(?::text[]) AS named (name)
               JOIN pg_catalog.pg_class member ON member.oid = pg_catalog.to_regclass(named.name)
              CROSS JOIN LATERAL (
                SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.pg_partition_root(member.oid))
                UNION ALL SELECT member.oid WHERE NOT member.relispartition AND member.relkind <> 'p') tree) wanted
              JOIN pg_catalog.pg_class class ON class.oid = wanted.id""");

    /** @param root the partitioned table at the top, of a partition */
    record Listed(String name, long id, boolean partitioned, Optional<String> root) {}

    private final Statement statement;
    private final List<Listed> tables = new ArrayList<>();
    private final Map<String, Long> rows = new HashMap<>();

    private TableList(Statement statement) {
        this.statement = statement;
    }

    /** Every table. */
    static TableList all(Connection connection, Statement statement) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(ALL)) {
            return new TableList(statement).with(query);
        }
    }

    /** These tables, qualified and quoted; what is none is left out. */
    static TableList some(Connection connection, Statement statement, Collection<String> names) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SOME)) {
            query.setArray(1, connection.createArrayOf("text", names.toArray()));
            return new TableList(statement).with(query);
        }
    }

    private TableList with(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                tables.add(new Listed(
                        row.getString(1), row.getLong(2), row.getBoolean(3), Optional.ofNullable(row.getString(4))));
            }
        }
        return this;
    }

    TableList without(Set<String> names) {
        tables.removeIf(table -> names.contains(table.name()));
        return this;
    }

    /** Those without a parent, among {@code names}; a partition's name means the table that it is a part of. */
    List<Listed> roots(Collection<String> names) {
        List<String> meant = tables.stream()
                .filter(table -> names.contains(table.name()))
                .map(table -> table.root().orElse(table.name()))
                .toList();
        return roots().stream().filter(table -> meant.contains(table.name())).toList();
    }

    List<Listed> roots() {
        return tables.stream().filter(table -> table.root().isEmpty()).toList();
    }

    /** The table at the top of the tree that this one is a part of; itself, when it is of none. */
    String root(String table) {
        return tables.stream()
                .filter(one -> one.name().equals(table))
                .findFirst()
                .flatMap(Listed::root)
                .orElse(table);
    }

    /** The partitions at the ends of this table's tree. */
    List<Listed> leaves(Listed root) {
        return tables.stream()
                .filter(table -> table.root().equals(Optional.of(root.name())))
                .toList();
    }

    /** Counts the rows of these tables and of their leaves, each up to {@code most}. */
    void count(List<Listed> roots, int most) throws SQLException {
        Map<String, String> queries = new LinkedHashMap<>();
        for (Listed root : roots) {
            // The rows of those that inherit from a plain table are counted there.
            queries.put(root.name(), query(root.partitioned() ? root.name() : "ONLY " + root.name(), most));
            leaves(root).forEach(leaf -> queries.put(leaf.name(), query(leaf.name(), 1)));
        }
        List<String> names = List.copyOf(queries.keySet());
        for (int from = 0; from < names.size(); from += TABLES_IN_A_QUERY) {
            List<String> some = names.subList(from, Math.min(names.size(), from + TABLES_IN_A_QUERY));
            String sql = some.stream().map(queries::get).collect(Collectors.joining(", ", "SELECT ", ""));
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                for (int i : IntStream.range(0, some.size()).toArray()) {
                    rows.put(some.get(i), row.getLong(i + 1));
                }
            }
        }
    }

    private static String query(String from, int most) {
        return "(SELECT count(*) FROM (SELECT FROM %s LIMIT %d) counted)".formatted(from, most);
    }

    /** As counted; 0 of a table that was not. */
    long rows(String table) {
        return rows.getOrDefault(table, 0L);
    }

    /** Whether the table, or a leaf of it, has fewer rows than it should. */
    boolean lacks(Listed root, int wanted) {
        return rows(root.name()) < wanted || leaves(root).stream().anyMatch(leaf -> rows(leaf.name()) == 0);
    }
}
