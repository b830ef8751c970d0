package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.snapshot.CatalogObject;
import dev.imprimatur.migrations.snapshot.Effect;
import dev.imprimatur.migrations.snapshot.ObjectId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Tables without rows prove nothing. A partition counts as filled when any partition of its table is. */
final class EmptyTables {

    private EmptyTables() {}

    static List<String> among(Connection connection, Set<String> tables) throws SQLException {
        Set<String> roots = new TreeSet<>();
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT DISTINCT pg_catalog.format('%I.%I', namespace.nspname, root.relname)
                  FROM pg_catalog.unnest(?::text[]) AS named (name)
                  JOIN pg_catalog.pg_class class ON class.oid = pg_catalog.to_regclass(named.name)
                  JOIN pg_catalog.pg_class root
                    ON root.oid = coalesce(pg_catalog.pg_partition_root(class.oid), class.oid)
                  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = root.relnamespace
                 WHERE class.relkind = 'r'
                """)) {
            query.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    roots.add(row.getString(1));
                }
            }
        }
        List<String> empty = new ArrayList<>();
        if (roots.isEmpty()) {
            return empty;
        }
        List<String> names = List.copyOf(roots);
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(names.stream()
                    .map(name -> "EXISTS (SELECT FROM " + name + ")")
                    .collect(Collectors.joining(", ", "SELECT ", "")))) {
                row.next();
                for (int i = 0; i < names.size(); i++) {
                    if (!row.getBoolean(i + 1)) {
                        empty.add(names.get(i));
                    }
                }
            }
        }
        return empty;
    }

    /** Whether the effect is on something that belongs to the table. */
    static boolean owns(String table, Effect effect) {
        return switch (effect) {
            case Effect.Added(CatalogObject object, var ignored) -> belongs(table, object);
            case Effect.Dropped(CatalogObject object, var ignored) -> belongs(table, object);
            case Effect.Changed ignored -> false;
            case Effect.Reordered ignored -> false;
        };
    }

    private static boolean belongs(String table, CatalogObject object) {
        return object.parent().map(ObjectId::name).filter(table::equals).isPresent();
    }
}
