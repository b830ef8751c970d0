package dev.imprimatur.migrations.snapshot;

import java.util.List;

/** Types but for composite ones, and routines. */
final class TypeQueries {

    private static final String TYPE_QUERY = """
            SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range_type'
                     ELSE 'base_type' END AS kind,
                   format('%I.%I', n.nspname, t.typname) AS name,
                   (SELECT string_agg(quote_literal(e.enumlabel), E'\\n' ORDER BY e.enumsortorder)
                      FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
                   CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS type,
                   CASE WHEN t.typnotnull THEN 'yes' END AS not_null,
                   t.typdefault AS "default",
                   CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation THEN (
                     SELECT format('%I.%I', ln.nspname, l.collname) FROM pg_collation l
                       JOIN pg_namespace ln ON ln.oid = l.collnamespace
                      WHERE l.oid = t.typcollation) END AS collation,
                   format_type(r.rngsubtype, NULL) AS subtype,
                   CASE WHEN r.rngtypid IS NOT NULL THEN format('multirange %s, opclass %s, canonical %s, diff %s',
                     format_type(r.rngmultitypid, NULL), o.opcname, r.rngcanonical, r.rngsubdiff) END AS options,
                   pg_get_userbyid(t.typowner) AS owner, d.description AS comment
              FROM pg_type t
              JOIN pg_namespace n ON n.oid = t.typnamespace
              LEFT JOIN pg_type b ON b.oid = t.typbasetype
              LEFT JOIN pg_range r ON r.rngtypid = t.oid
              LEFT JOIN pg_opclass o ON o.oid = r.rngsubopc
              LEFT JOIN pg_description d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
             WHERE (t.typtype IN ('e', 'd', 'r', 'b') OR NOT t.typisdefined)
               AND NOT EXISTS (SELECT FROM pg_type element WHERE element.oid = t.typelem AND element.typarray = t.oid)
               AND {schemas} AND {not_member:pg_type:t}""";

    private static final String ROUTINE_QUERY = """
            SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind,
                   format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) AS name,
                   pg_get_function_result(p.oid) AS result, pg_get_function_arguments(p.oid) AS arguments,
                   l.lanname AS language,
                   coalesce(pg_get_function_sqlbody(p.oid), nullif(p.prosrc, ''))
                     || coalesce(' from ' || p.probin, '') AS body,
                   CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' END AS volatility,
                   CASE WHEN p.proisstrict THEN 'yes' END AS strict,
                   CASE WHEN p.prosecdef THEN 'yes' END AS security_definer,
                   CASE WHEN p.proleakproof THEN 'yes' END AS leakproof,
                   CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END AS parallel,
                   CASE WHEN p.procost NOT IN (1, 100) THEN p.procost::text END AS cost,
                   CASE WHEN p.prorows NOT IN (0, 1000) THEN p.prorows::text END AS rows,
                   (SELECT string_agg(s, ', ' ORDER BY s) FROM unnest(p.proconfig) s) AS settings,
                   CASE WHEN p.prokind = 'w' THEN 'window'
                        WHEN p.prosupport <> 0 THEN 'support ' || p.prosupport::regproc END AS options,
                   CASE WHEN g.aggfnoid IS NOT NULL THEN (
                     SELECT string_agg(f.key || ' ' || f.value, ', ' ORDER BY f.key)
                       FROM jsonb_each_text(to_jsonb(g) - 'aggfnoid' - 'aggtranstype' - 'aggmtranstype' - 'aggsortop') f
                     ) || format(', state %s, moving state %s, sort operator %s', format_type(g.aggtranstype, NULL),
                                 format_type(nullif(g.aggmtranstype, 0), NULL), g.aggsortop::regoperator)
                     END AS definition,
                   pg_get_userbyid(p.proowner) AS owner, d.description AS comment
              FROM pg_proc p
              JOIN pg_namespace n ON n.oid = p.pronamespace
              JOIN pg_language l ON l.oid = p.prolang
              LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
              LEFT JOIN pg_description d ON d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid
             WHERE {schemas} AND {not_member:pg_proc:p}
               AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid
                                                         AND i.deptype = 'i')""";

    static final List<String> TYPES = RelationQueries.expand(TYPE_QUERY);

    static final List<String> ROUTINES = RelationQueries.expand(ROUTINE_QUERY);

    private TypeQueries() {}
}
