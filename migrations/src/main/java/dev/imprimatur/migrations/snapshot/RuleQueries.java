package dev.imprimatur.migrations.snapshot;

import java.util.List;

/** What acts on or guards the objects: triggers, rules, policies, privileges, publications, extensions. */
final class RuleQueries {

    private static final String TRIGGER_QUERY = """
            SELECT 'trigger' AS kind, format('%I.%I.%I', n.nspname, c.relname, g.tgname) AS name,
                   {relation_kind:c} AS parent_kind, format('%I.%I', n.nspname, c.relname) AS parent_name,
                   pg_get_triggerdef(g.oid) AS definition, {firing:g.tgenabled} AS firing,
                   CASE WHEN g.tgparentid <> 0 THEN 'yes' END AS inherited, d.description AS comment
              FROM pg_trigger g
              JOIN pg_class c ON c.oid = g.tgrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_description d ON d.classoid = 'pg_trigger'::regclass AND d.objoid = g.oid
             WHERE {touched:g.tgrelid} AND NOT g.tgisinternal AND c.relpersistence <> 't' AND {schemas} AND {not_member:pg_class:c}""";

    private static final String RULE_QUERY = """
            SELECT 'rule' AS kind, format('%I.%I.%I', n.nspname, c.relname, r.rulename) AS name,
                   {relation_kind:c} AS parent_kind, format('%I.%I', n.nspname, c.relname) AS parent_name,
                   pg_get_ruledef(r.oid) AS definition, {firing:r.ev_enabled} AS firing, d.description AS comment
              FROM pg_rewrite r
              JOIN pg_class c ON c.oid = r.ev_class
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_description d ON d.classoid = 'pg_rewrite'::regclass AND d.objoid = r.oid
             WHERE {touched:r.ev_class} AND r.rulename <> '_RETURN' AND c.relpersistence <> 't' AND {schemas} AND {not_member:pg_class:c}""";

    private static final String POLICY_QUERY = """
            SELECT 'policy' AS kind, format('%I.%I.%I', n.nspname, c.relname, p.polname) AS name,
                   'table' AS parent_kind, format('%I.%I', n.nspname, c.relname) AS parent_name,
                   CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
                     WHEN 'd' THEN 'delete' ELSE 'all' END AS command,
                   CASE WHEN NOT p.polpermissive THEN 'yes' END AS restrictive,
                   (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE format('%I', pg_get_userbyid(r)) END, ', '
                             ORDER BY r <> 0, pg_get_userbyid(r)) FROM unnest(p.polroles) r) AS roles,
                   pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS "check",
                   d.description AS comment
              FROM pg_policy p
              JOIN pg_class c ON c.oid = p.polrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_description d ON d.classoid = 'pg_policy'::regclass AND d.objoid = p.oid
             WHERE {touched:p.polrelid} AND {schemas} AND {not_member:pg_class:c}""";

    /**
     * Only what differs from the privileges that such an object has by itself: granting and revoking again leaves an
     * explicit list that means the same as none. A default privilege that was taken away is told as {@code none}.
     */
    private static final String PRIVILEGE_QUERY = """
            WITH object AS (
              SELECT CASE WHEN c.relkind = 'S' THEN 'sequence' ELSE {relation_kind:c} END AS kind,
                     format('%I.%I', n.nspname, c.relname) AS name, c.relacl AS acl,
                     acldefault(CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::"char", c.relowner) AS plain
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE {touched:c.oid} AND c.relacl IS NOT NULL AND c.relpersistence <> 't' AND {schemas} AND {not_member:pg_class:c}
              UNION ALL
              SELECT 'column', format('%I.%I.%I', n.nspname, c.relname, a.attname), a.attacl, NULL
                FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE {touched:c.oid} AND {touched:a.attrelid} AND a.attacl IS NOT NULL AND NOT a.attisdropped AND {schemas} AND {not_member:pg_class:c}
              UNION ALL
              SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
                     format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)), p.proacl,
                     acldefault('f', p.proowner)
                FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
               WHERE {group:routines} AND p.proacl IS NOT NULL AND {schemas} AND {not_member:pg_proc:p}
              UNION ALL
              SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range_type'
                       WHEN 'c' THEN 'composite_type' ELSE 'base_type' END,
                     format('%I.%I', n.nspname, t.typname), t.typacl, acldefault('T', t.typowner)
                FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
               WHERE ({group:types} AND t.typtype <> 'c' OR {touched:t.typrelid}) AND t.typacl IS NOT NULL AND {schemas} AND {not_member:pg_type:t}
              UNION ALL
              SELECT 'schema', format('%I', n.nspname), n.nspacl, acldefault('n', n.nspowner)
                FROM pg_namespace n WHERE {group:schemas} AND n.nspacl IS NOT NULL AND {schemas} AND {not_member:pg_namespace:n}),
            given AS (
              SELECT o.kind, o.name, x.grantee,
                     string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END, ', '
                       ORDER BY x.privilege_type) AS privileges
                FROM object o, aclexplode(o.acl) x GROUP BY 1, 2, 3),
            plain AS (
              SELECT o.kind, o.name, x.grantee,
                     string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END, ', '
                       ORDER BY x.privilege_type) AS privileges
                FROM object o, aclexplode(o.plain) x GROUP BY 1, 2, 3)
            SELECT 'privileges' AS kind,
                   format('of %s on %s %s', CASE grantee WHEN 0 THEN 'PUBLIC'
                     ELSE quote_ident(pg_get_userbyid(grantee)) END, replace(kind, '_', ' '), name) AS name,
                   kind AS parent_kind, name AS parent_name, coalesce(given.privileges, 'none') AS privileges
              FROM given FULL JOIN plain USING (kind, name, grantee)
             WHERE given.privileges IS DISTINCT FROM plain.privileges""";

    private static final String DEFAULT_PRIVILEGE_QUERY = """
            SELECT 'default_privileges' AS kind,
                   format('of %I on %s%s', pg_get_userbyid(a.defaclrole),
                     CASE a.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                       WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END,
                     coalesce(' in ' || quote_ident(n.nspname), '')) AS name,
                   CASE WHEN n.oid IS NOT NULL THEN 'schema' END AS parent_kind,
                   quote_ident(n.nspname) AS parent_name,
                   (SELECT coalesce(string_agg(format('%s to %s%s', x.privilege_type,
                             CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
                             CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END), ', '
                             ORDER BY x.grantee = 0, pg_get_userbyid(x.grantee), x.privilege_type), 'none')
                      FROM aclexplode(a.defaclacl) x) AS privileges
              FROM pg_default_acl a
              LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace
             WHERE n.oid IS NULL OR ({schemas})""";

    private static final String EXTENSION_QUERY = """
            SELECT 'extension' AS kind, format('%I', x.extname) AS name, x.extversion AS version,
                   format('%I', n.nspname) AS schema, pg_get_userbyid(x.extowner) AS owner, d.description AS comment
              FROM pg_extension x
              JOIN pg_namespace n ON n.oid = x.extnamespace
              LEFT JOIN pg_description d ON d.classoid = 'pg_extension'::regclass AND d.objoid = x.oid""";

    private static final String PUBLICATION_QUERY = """
            SELECT 'publication' AS kind, format('%I', p.pubname) AS name,
                   CASE WHEN p.puballtables THEN 'yes' END AS all_tables,
                   CASE WHEN p.pubviaroot THEN 'yes' END AS via_root,
                   concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                     CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) AS operations,
                   (SELECT string_agg(e.entry, E'\\n' ORDER BY e.entry) FROM (
                      SELECT format('%I.%I', n.nspname, c.relname)
                             || coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')'
                                            FROM pg_attribute a
                                           WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)), '')
                             || coalesce(' where ' || pg_get_expr(r.prqual, r.prrelid), '') AS entry
                        FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid
                        JOIN pg_namespace n ON n.oid = c.relnamespace
                       WHERE r.prpubid = p.oid
                      UNION ALL
                      SELECT format('schema %I', n.nspname) FROM pg_publication_namespace s
                        JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid) e) AS tables,
                   pg_get_userbyid(p.pubowner) AS owner, d.description AS comment
              FROM pg_publication p
              LEFT JOIN pg_description d ON d.classoid = 'pg_publication'::regclass AND d.objoid = p.oid
             WHERE {not_member:pg_publication:p}""";

    private static final String STATISTICS_QUERY = """
            SELECT 'statistics' AS kind, format('%I.%I', n.nspname, s.stxname) AS name,
                   'table' AS parent_kind, format('%I.%I', cn.nspname, c.relname) AS parent_name,
                   pg_get_statisticsobjdef(s.oid) AS definition,
                   CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget::text END AS statistics_target,
                   pg_get_userbyid(s.stxowner) AS owner, d.description AS comment
              FROM pg_statistic_ext s
              JOIN pg_namespace n ON n.oid = s.stxnamespace
              JOIN pg_class c ON c.oid = s.stxrelid
              JOIN pg_namespace cn ON cn.oid = c.relnamespace
              LEFT JOIN pg_description d ON d.classoid = 'pg_statistic_ext'::regclass AND d.objoid = s.oid
             WHERE {touched:s.stxrelid} AND {schemas} AND {not_member:pg_statistic_ext:s}""";

    private static final String EVENT_TRIGGER_QUERY = """
            SELECT 'event_trigger' AS kind, format('%I', e.evtname) AS name, e.evtevent AS event,
                   e.evtfoid::regprocedure AS function, array_to_string(e.evttags, ', ') AS tags,
                   {firing:e.evtenabled} AS firing, pg_get_userbyid(e.evtowner) AS owner, d.description AS comment
              FROM pg_event_trigger e
              LEFT JOIN pg_description d ON d.classoid = 'pg_event_trigger'::regclass AND d.objoid = e.oid
             WHERE {not_member:pg_event_trigger:e}""";

    /** Identifiers below 16384 are the server's own. */
    private static final String OTHER_QUERY = """
            SELECT 'other' AS kind, i.type || ' ' || i.identity AS name, pg_get_userbyid(o.owner) AS owner,
                   d.description AS comment
              FROM (SELECT 'pg_operator'::regclass AS class, oid, oprowner AS owner FROM pg_operator
                    UNION ALL SELECT 'pg_opclass'::regclass, oid, opcowner FROM pg_opclass
                    UNION ALL SELECT 'pg_opfamily'::regclass, oid, opfowner FROM pg_opfamily
                    UNION ALL SELECT 'pg_cast'::regclass, oid, NULL FROM pg_cast
                    UNION ALL SELECT 'pg_collation'::regclass, oid, collowner FROM pg_collation
                    UNION ALL SELECT 'pg_conversion'::regclass, oid, conowner FROM pg_conversion
                    UNION ALL SELECT 'pg_ts_config'::regclass, oid, cfgowner FROM pg_ts_config
                    UNION ALL SELECT 'pg_ts_dict'::regclass, oid, dictowner FROM pg_ts_dict
                    UNION ALL SELECT 'pg_ts_parser'::regclass, oid, NULL FROM pg_ts_parser
                    UNION ALL SELECT 'pg_ts_template'::regclass, oid, NULL FROM pg_ts_template
                    UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, fdwowner FROM pg_foreign_data_wrapper
                    UNION ALL SELECT 'pg_foreign_server'::regclass, oid, srvowner FROM pg_foreign_server
                    UNION ALL SELECT 'pg_user_mapping'::regclass, umid, NULL FROM pg_user_mappings
                    UNION ALL SELECT 'pg_language'::regclass, oid, lanowner FROM pg_language
                    UNION ALL SELECT 'pg_transform'::regclass, oid, NULL FROM pg_transform
                    UNION ALL SELECT 'pg_am'::regclass, oid, NULL FROM pg_am) o
             CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, 0) i
              LEFT JOIN pg_description d ON d.classoid = o.class AND d.objoid = o.oid
             WHERE o.oid >= 16384
               AND NOT EXISTS (SELECT FROM pg_depend m WHERE m.classid = o.class AND m.objid = o.oid
                                                         AND m.deptype = 'e')""";

    /** What belongs to a relation; the privileges on other objects too, where those are read. */
    static final List<String> OF_RELATIONS =
            RelationQueries.expand(TRIGGER_QUERY, RULE_QUERY, POLICY_QUERY, STATISTICS_QUERY);

    static final List<String> PRIVILEGES = RelationQueries.expand(PRIVILEGE_QUERY);

    static final List<String> DEFAULT_PRIVILEGES = RelationQueries.expand(DEFAULT_PRIVILEGE_QUERY);

    static final List<String> EXTENSIONS = RelationQueries.expand(EXTENSION_QUERY);

    static final List<String> PUBLICATIONS = RelationQueries.expand(PUBLICATION_QUERY);

    static final List<String> EVENT_TRIGGERS = RelationQueries.expand(EVENT_TRIGGER_QUERY);

    static final List<String> OTHERS = RelationQueries.expand(OTHER_QUERY);

    private RuleQueries() {}
}
