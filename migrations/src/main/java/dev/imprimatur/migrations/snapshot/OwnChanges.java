package dev.imprimatur.migrations.snapshot;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The SQL that finds what the current transaction has changed. A row that it wrote carries its id, or under a savepoint
 * the subtransaction's, which is always the higher one; a row that it took away leaves a lock that is held to its end.
 * Whatever a savepoint's rollback undid has neither. What others committed since the transaction began may be found
 * as well, which is too much and never too little.
 *
 * <p>The server counts what a transaction writes to each catalog, so that only those it has written to are gone through.
 */
final class OwnChanges {

    /** Catalogs whose rows are objects, by {@code oid}. */
    private static final List<String> OBJECTS = List.of(
            "pg_class",
            "pg_type",
            "pg_proc",
            "pg_constraint",
            "pg_trigger",
            "pg_rewrite",
            "pg_policy",
            "pg_namespace",
            "pg_statistic_ext",
            "pg_extension",
            "pg_publication",
            "pg_publication_rel",
            "pg_publication_namespace",
            "pg_event_trigger",
            "pg_default_acl",
            "pg_operator",
            "pg_opclass",
            "pg_opfamily",
            "pg_cast",
            "pg_collation",
            "pg_conversion",
            "pg_ts_config",
            "pg_ts_dict",
            "pg_ts_parser",
            "pg_ts_template",
            "pg_foreign_data_wrapper",
            "pg_foreign_server",
            "pg_language",
            "pg_transform",
            "pg_am",
            "pg_tablespace");

    /** Catalogs whose rows are part of an object in another: that one's catalog and the column that names it. */
    private static final Map<String, List<String>> PARTS = Map.ofEntries(
            Map.entry("pg_attribute", List.of("pg_class", "attrelid")),
            Map.entry("pg_attrdef", List.of("pg_class", "adrelid")),
            Map.entry("pg_index", List.of("pg_class", "indexrelid")),
            Map.entry("pg_inherits", List.of("pg_class", "inhrelid")),
            Map.entry("pg_sequence", List.of("pg_class", "seqrelid")),
            Map.entry("pg_foreign_table", List.of("pg_class", "ftrelid")),
            Map.entry("pg_partitioned_table", List.of("pg_class", "partrelid")),
            Map.entry("pg_enum", List.of("pg_type", "enumtypid")),
            Map.entry("pg_range", List.of("pg_type", "rngtypid")),
            Map.entry("pg_aggregate", List.of("pg_proc", "aggfnoid")));

    static final String LOCKED = """
            locked AS MATERIALIZED (
              SELECT coalesce(classid, 'pg_catalog.pg_class'::pg_catalog.regclass) AS class,
                     coalesce(objid, relation) AS object, mode
                FROM pg_catalog.pg_locks
               WHERE pid = pg_catalog.pg_backend_pid() AND granted AND locktype IN ('relation', 'object')
                 AND mode NOT IN ('AccessShareLock', 'RowShareLock')
                 AND (locktype <> 'relation' OR relation >= 16384))""";

    private static final String AND = "\n        UNION ALL ";

    /** The part about a catalog that servers before 15 do not have. */
    static final String PUBLISHED_SCHEMAS =
            AND + written("pg_publication_namespace", "pg_publication_namespace", "oid");

    private static final String CHANGED = Stream.concat(
                    OBJECTS.stream().map(catalog -> written(catalog, catalog, "oid")),
                    PARTS.entrySet().stream()
                            .map(part -> written(
                                    part.getKey(),
                                    part.getValue().getFirst(),
                                    part.getValue().getLast())))
            .collect(Collectors.joining(AND));

    /** Nothing before the transaction has written, else how many began since. All its ages count from one moment. */
    private static final String AGE =
            "(SELECT pg_catalog.age(pg_catalog.pg_current_xact_id_if_assigned()::pg_catalog.xid))";

    /**
     * {@code changed(class, object, catalog)}: rows written; {@code locked(class, object, mode)}: locks that readers and
     * SELECT FOR UPDATE do not take.
     */
    static final String CTES = """
            changed AS MATERIALIZED (
              SELECT class, object, catalog FROM (
                SELECT classoid AS class, objoid AS object, 'pg_description' AS catalog
                  FROM pg_catalog.pg_description WHERE {description}
                UNION ALL {changed}) row),
            {locked}""".replace("{changed}", CHANGED)
            .replace("{description}", ours("pg_description"))
            .replace("{locked}", LOCKED);

    private OwnChanges() {}

    /**
     * That the session may have written to a catalog in this transaction; also when it did so a moment before, since the
     * server's counts outlive a transaction by up to a second. Always so when it does not count.
     */
    static String wrote(String catalog) {
        return """
                (SELECT pg_catalog.pg_stat_get_xact_tuples_inserted(c) + pg_catalog.pg_stat_get_xact_tuples_updated(c)
                          + pg_catalog.pg_stat_get_xact_tuples_deleted(c) > 0
                        OR NOT pg_catalog.current_setting('track_counts')::boolean
                   FROM (SELECT 'pg_catalog.%s'::pg_catalog.regclass::pg_catalog.oid AS c OFFSET 0) one)""".formatted(catalog);
    }

    /** That a row of the catalog is the transaction's. */
    private static String ours(String catalog) {
        return wrote(catalog) + " AND pg_catalog.age(xmin) <= " + AGE;
    }

    private static String written(String catalog, String object, String column) {
        return "SELECT 'pg_catalog.%s'::pg_catalog.regclass, %s::pg_catalog.oid, '%s' FROM pg_catalog.%s WHERE %s"
                .formatted(object, column, catalog, catalog, ours(catalog));
    }
}
