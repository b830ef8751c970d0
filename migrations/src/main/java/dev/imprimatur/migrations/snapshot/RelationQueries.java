package dev.imprimatur.migrations.snapshot;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Schemas, tables, views, columns, constraints, indexes, sequences. */
final class RelationQueries {

    /** Every user schema but our own; the server reserves {@code pg_} for itself. */
    static final String SCHEMAS = "n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'migrate')";

    static final Pattern PLACE = Pattern.compile("\\{([a-z_]+):([\\w.:]+)}");

    private static final String SCHEMA_QUERY = """
            SELECT 'schema' AS kind, format('%I', n.nspname) AS name,
                   pg_get_userbyid(n.nspowner) AS owner, d.description AS comment
              FROM pg_namespace n
              LEFT JOIN pg_description d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid
             WHERE {schemas} AND {not_member:pg_namespace:n}""";

    private static final String RELATION_QUERY = """
            SELECT {relation_kind:c} AS kind, format('%I.%I', n.nspname, c.relname) AS name,
                   pg_get_userbyid(c.relowner) AS owner, d.description AS comment,
                   CASE WHEN c.relpersistence = 'u' THEN 'unlogged' END AS persistence,
                   CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
                   pg_get_expr(c.relpartbound, c.oid) AS partition_bound,
                   (SELECT string_agg(format('%I.%I', pn.nspname, p.relname)
                             || CASE WHEN i.inhdetachpending THEN ' (detach pending)' ELSE '' END, E'\\n'
                             ORDER BY i.inhseqno)
                      FROM pg_inherits i
                      JOIN pg_class p ON p.oid = i.inhparent
                      JOIN pg_namespace pn ON pn.oid = p.relnamespace
                     WHERE i.inhrelid = c.oid) AS parents,
                   (SELECT string_agg(format('%I', a.attname), E'\\n' ORDER BY a.attnum)
                      FROM pg_attribute a
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS column_order,
                   CASE WHEN c.relrowsecurity THEN 'yes' END AS row_security,
                   CASE WHEN c.relforcerowsecurity THEN 'yes' END AS forced_row_security,
                   CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full'
                     WHEN 'i' THEN (SELECT format('%I', ic.relname) FROM pg_index x JOIN pg_class ic
                                        ON ic.oid = x.indexrelid
                                     WHERE x.indrelid = c.oid AND x.indisreplident) END AS replica_identity,
                   (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o) AS options,
                   (SELECT t.spcname FROM pg_tablespace t WHERE t.oid = c.reltablespace) AS tablespace,
                   (SELECT am.amname FROM pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap') AS access_method,
                   CASE WHEN c.relkind = 'm' AND c.relispopulated THEN 'yes' END AS populated,
                   CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS type,
                   CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid)
                        WHEN c.relkind = 'f' THEN (
                          SELECT format('SERVER %I %s', s.srvname, f.ftoptions)
                            FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver
                           WHERE f.ftrelid = c.oid) END AS definition
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_description d
                     ON d.objsubid = 0
                    AND (d.classoid, d.objoid) = (CASE WHEN c.relkind = 'c' THEN 'pg_type'::regclass
                                                       ELSE 'pg_class'::regclass END,
                                                  CASE WHEN c.relkind = 'c' THEN c.reltype ELSE c.oid END)
             WHERE {touched:c.oid} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND c.relpersistence <> 't'
               AND {schemas} AND {not_member:pg_class:c} AND {not_member:pg_type:c.reltype}""";

    private static final String COLUMN_QUERY = """
            SELECT 'column' AS kind, format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name,
                   {relation_kind:c} AS parent_kind, format('%I.%I', n.nspname, c.relname) AS parent_name,
                   format_type(a.atttypid, a.atttypmod) AS type,
                   CASE WHEN a.attnotnull THEN 'yes' END AS not_null,
                   CASE WHEN a.attgenerated = '' THEN pg_get_expr(e.adbin, e.adrelid) END AS "default",
                   CASE WHEN a.attgenerated <> '' THEN pg_get_expr(e.adbin, e.adrelid) END AS generated,
                   CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
                   CASE WHEN a.attcollation <> t.typcollation THEN (
                     SELECT format('%I.%I', ln.nspname, l.collname) FROM pg_collation l
                       JOIN pg_namespace ln ON ln.oid = l.collnamespace
                      WHERE l.oid = a.attcollation) END AS collation,
                   CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain'
                     WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END END AS storage,
                   CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
                   CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::text END AS statistics_target,
                   CASE WHEN NOT a.attislocal THEN 'yes' END AS inherited,
                   (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(a.attoptions || a.attfdwoptions) o) AS options,
                   d.description AS comment
              FROM pg_attribute a
              JOIN pg_class c ON c.oid = a.attrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_type t ON t.oid = a.atttypid
              LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
              LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid
                                        AND d.objsubid = a.attnum
             WHERE {touched:c.oid} AND {touched:a.attrelid} AND a.attnum > 0 AND NOT a.attisdropped
               AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND c.relpersistence <> 't'
               AND {schemas} AND {not_member:pg_class:c} AND {not_member:pg_type:c.reltype}""";

    /** A domain's constraints too. NOT NULL is told of the column; servers from 18 on list it here as well. */
    private static final String CONSTRAINT_QUERY = """
            SELECT 'constraint' AS kind,
                   format('%I.%I.%I', n.nspname, coalesce(c.relname, t.typname), k.conname) AS name,
                   CASE WHEN k.contypid <> 0 THEN 'domain' ELSE {relation_kind:c} END AS parent_kind,
                   format('%I.%I', n.nspname, coalesce(c.relname, t.typname)) AS parent_name,
                   CASE k.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'p' THEN 'primary key'
                     WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion' ELSE 'trigger' END AS constraint_type,
                   regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') AS definition,
                   CASE WHEN NOT k.convalidated THEN 'yes' END AS not_valid,
                   CASE WHEN k.contype = 'f' AND EXISTS (
                     SELECT FROM pg_trigger g WHERE g.tgconstraint = k.oid AND g.tgenabled <> 'O')
                     THEN 'yes' END AS not_enforced,
                   (SELECT string_agg(format('%I', a.attname), E'\\n' ORDER BY a.attnum) FROM pg_attribute a
                     WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
                       AND NOT 0 = ANY (k.conkey)) AS on_columns,
                   CASE WHEN NOT k.conislocal THEN 'yes' END AS inherited,
                   CASE WHEN x.indisclustered THEN 'yes' END AS clustered,
                   CASE WHEN NOT x.indisvalid THEN 'yes' END AS invalid,
                   d.description AS comment
              FROM pg_constraint k
              JOIN pg_namespace n ON n.oid = k.connamespace
              LEFT JOIN pg_class c ON c.oid = k.conrelid
              LEFT JOIN pg_type t ON t.oid = k.contypid
              LEFT JOIN pg_index x ON x.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
              LEFT JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
             WHERE ({touched:k.conrelid} OR {of_types:k.contypid}) AND k.contype <> 'n' AND (c.relpersistence IS NULL OR c.relpersistence <> 't')
               AND {schemas} AND {not_member:pg_class:c} AND {not_member:pg_type:t}""";

    private static final String INDEX_QUERY = """
            SELECT 'index' AS kind, format('%I.%I', n.nspname, i.relname) AS name,
                   {relation_kind:c} AS parent_kind, format('%I.%I', cn.nspname, c.relname) AS parent_name,
                   pg_get_indexdef(i.oid) AS definition,
                   CASE WHEN x.indisunique THEN 'yes' END AS "unique",
                   CASE WHEN NOT (x.indisvalid AND x.indisready AND x.indislive) THEN 'yes' END AS invalid,
                   CASE WHEN x.indisclustered THEN 'yes' END AS clustered,
                   (SELECT string_agg(format('%I', a.attname), E'\\n' ORDER BY a.attnum) FROM pg_attribute a
                     WHERE a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)
                       AND NOT 0 = ANY (x.indkey)) AS on_columns,
                   (SELECT format('%I.%I', pn.nspname, p.relname) FROM pg_inherits h
                      JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
                     WHERE h.inhrelid = i.oid) AS parents,
                   (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = i.reltablespace) AS tablespace,
                   d.description AS comment
              FROM pg_index x
              JOIN pg_class i ON i.oid = x.indexrelid
              JOIN pg_namespace n ON n.oid = i.relnamespace
              JOIN pg_class c ON c.oid = x.indrelid
              JOIN pg_namespace cn ON cn.oid = c.relnamespace
              LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = i.oid AND d.objsubid = 0
             WHERE {touched:x.indrelid} AND c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
               AND NOT EXISTS (SELECT FROM pg_constraint k
                                WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
               AND {schemas} AND {not_member:pg_class:i} AND {not_member:pg_class:c}""";

    private static final String SEQUENCE_QUERY = """
            SELECT 'sequence' AS kind, format('%I.%I', n.nspname, c.relname) AS name,
                   CASE WHEN o.refobjid IS NOT NULL THEN 'table' END AS parent_kind, o.owning_table AS parent_name,
                   o.owning_column AS owned_by,
                   format_type(s.seqtypid, NULL) AS type, s.seqstart AS start, s.seqincrement AS increment,
                   s.seqmin AS minimum, s.seqmax AS maximum, s.seqcache AS cache,
                   CASE WHEN s.seqcycle THEN 'yes' END AS cycle,
                   CASE WHEN c.relpersistence = 'u' THEN 'unlogged' END AS persistence,
                   pg_get_userbyid(c.relowner) AS owner, d.description AS comment
              FROM pg_sequence s
              JOIN pg_class c ON c.oid = s.seqrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN LATERAL (
                SELECT w.refobjid, format('%I.%I', tn.nspname, t.relname) AS owning_table,
                       format('%I.%I.%I', tn.nspname, t.relname, a.attname) AS owning_column
                  FROM pg_depend w
                  JOIN pg_class t ON t.oid = w.refobjid
                  JOIN pg_namespace tn ON tn.oid = t.relnamespace
                  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = w.refobjsubid
                 WHERE w.classid = 'pg_class'::regclass AND w.objid = c.oid
                   AND w.refclassid = 'pg_class'::regclass AND w.refobjsubid > 0
                   AND w.deptype IN ('a', 'i')) o ON true
              LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid
             WHERE {touched:s.seqrelid} AND c.relpersistence <> 't' AND {schemas} AND {not_member:pg_class:c}""";

    static final List<String> SCHEMAS_ONLY = expand(SCHEMA_QUERY);

    static final List<String> RELATIONS =
            expand(RELATION_QUERY, COLUMN_QUERY, CONSTRAINT_QUERY, INDEX_QUERY, SEQUENCE_QUERY);

    static final List<String> CONSTRAINTS = expand(CONSTRAINT_QUERY);

    private RelationQueries() {}

    /** Fills in what many queries have in common. */
    static List<String> expand(String... queries) {
        return List.of(queries).stream().map(RelationQueries::expandOne).toList();
    }

    private static String expandOne(String query) {
        return PLACE.matcher(query.replace("{schemas}", SCHEMAS))
                .replaceAll(place -> Matcher.quoteReplacement(fragment(place.group(1), place.group(2))));
    }

    private static String fragment(String name, String argument) {
        return switch (name) {
            case "relation_kind" -> """
                    CASE %s.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized_view' WHEN 'f' THEN 'foreign_table' \
                    WHEN 'c' THEN 'composite_type' ELSE 'table' END""".formatted(argument);
            case "firing" ->
                "CASE %s WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END"
                        .formatted(argument);
            // What is a member of an extension is the extension's business.
            case "not_member" -> {
                String[] classAndObject = argument.split(":", 2);
                String oid = classAndObject[1].contains(".") ? classAndObject[1] : classAndObject[1] + ".oid";
                yield "NOT EXISTS (SELECT FROM pg_depend m WHERE m.classid = '%s'::regclass AND m.objid = %s AND m.deptype = 'e')"
                        .formatted(classAndObject[0], oid);
            }
            // Filled in by the scope that is read.
            case "touched", "of_types", "group" -> "{" + name + ":" + argument + "}";
            default -> throw new IllegalArgumentException("no fragment " + name);
        };
    }
}
