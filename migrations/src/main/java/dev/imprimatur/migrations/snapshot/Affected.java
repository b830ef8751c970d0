package dev.imprimatur.migrations.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whose description the current transaction may have changed: what it wrote or locked, and all that depends on what it
 * wrote, since a description tells the names of what it is made of.
 *
 * @param everything when names changed that the server does not track, such as roles'
 * @param relations by identifier; some may be gone
 * @param untouched the qualified and quoted names of all other relations, extensions' and this tool's among them
 */
record Affected(boolean everything, Set<Long> relations, Set<Group> groups, Set<String> untouched) {

    /** Not everybody may see the rows of user mappings; where there can be any they are read. */
    private static final String QUERY =
            """
            WITH RECURSIVE {own},
            reached(class, object) AS (
              SELECT class::pg_catalog.oid, object FROM changed
              UNION
              SELECT dependent.classid, dependent.objid
                FROM reached CROSS JOIN LATERAL (
                  SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
                   WHERE d.refclassid = reached.class AND d.refobjid = reached.object AND d.deptype NOT IN ('e', 'x')
                  OFFSET 0) dependent),
            affected(class, object) AS MATERIALIZED (
              SELECT class, object FROM reached UNION SELECT class, object FROM locked),
            direct AS (
              SELECT coalesce(index.indrelid, a.object) AS relation
                FROM affected a LEFT JOIN pg_catalog.pg_index index ON index.indexrelid = a.object
               WHERE a.class = 'pg_catalog.pg_class'::pg_catalog.regclass
              UNION SELECT conrelid FROM affected JOIN pg_catalog.pg_constraint c ON c.oid = object
                     WHERE class = 'pg_catalog.pg_constraint'::pg_catalog.regclass
              UNION SELECT relation FROM affected JOIN pg_catalog.pg_trigger t ON t.oid = object
                      LEFT JOIN pg_catalog.pg_constraint c ON c.oid = t.tgconstraint
                     CROSS JOIN LATERAL (VALUES (t.tgrelid), (c.conrelid)) r(relation)
                     WHERE class = 'pg_catalog.pg_trigger'::pg_catalog.regclass
              UNION SELECT ev_class FROM affected JOIN pg_catalog.pg_rewrite r ON r.oid = object
                     WHERE class = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
              UNION SELECT polrelid FROM affected JOIN pg_catalog.pg_policy p ON p.oid = object
                     WHERE class = 'pg_catalog.pg_policy'::pg_catalog.regclass
              UNION SELECT adrelid FROM affected JOIN pg_catalog.pg_attrdef d ON d.oid = object
                     WHERE class = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
              UNION SELECT stxrelid FROM affected JOIN pg_catalog.pg_statistic_ext s ON s.oid = object
                     WHERE class = 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass
              UNION SELECT typrelid FROM affected JOIN pg_catalog.pg_type t ON t.oid = object
                     WHERE class = 'pg_catalog.pg_type'::pg_catalog.regclass),
            relations AS MATERIALIZED (
              SELECT relation FROM direct WHERE relation >= 16384
              UNION
              SELECT owned.objid FROM direct JOIN pg_catalog.pg_depend owned
                  ON owned.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND owned.refobjid = direct.relation
                 AND owned.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND owned.deptype IN ('a', 'i')
               WHERE direct.relation >= 16384)
            SELECT 'relation' AS what, relation::pg_catalog.text AS value FROM relations
            UNION ALL
            SELECT 'untouched', pg_catalog.format('%I.%I', n.nspname, c.relname)
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c', 'S')
               AND NOT c.oid IN (SELECT relation FROM relations)
            UNION ALL
            SELECT 'catalog', catalog.relname
              FROM (SELECT DISTINCT class FROM affected) a JOIN pg_catalog.pg_class catalog ON catalog.oid = a.class
            UNION ALL
            SELECT 'catalog', 'pg_user_mapping' WHERE EXISTS (SELECT FROM pg_catalog.pg_foreign_server)
            UNION ALL
            SELECT 'catalog', 'types'
             WHERE EXISTS (SELECT FROM affected a LEFT JOIN pg_catalog.pg_type t ON t.oid = a.object
                             LEFT JOIN pg_catalog.pg_type element ON element.oid = t.typelem
                            WHERE a.class = 'pg_catalog.pg_type'::pg_catalog.regclass
                              AND coalesce(t.typrelid, 0) = 0 AND coalesce(element.typrelid, 0) = 0)
                OR EXISTS (SELECT FROM affected a LEFT JOIN pg_catalog.pg_constraint c ON c.oid = a.object
                            WHERE a.class = 'pg_catalog.pg_constraint'::pg_catalog.regclass
                              AND coalesce(c.contypid, 1) <> 0)
            UNION ALL
            SELECT 'everything', '' WHERE {wrote_roles} OR EXISTS (
              SELECT FROM changed WHERE catalog = 'pg_tablespace'
                  OR object < 16384 AND object <> 2200 AND catalog NOT IN ('pg_description', 'pg_constraint'))
            """.replace("{own}", OwnChanges.CTES).replace("{wrote_roles}", OwnChanges.wrote("pg_authid"));

    static Affected read(Connection connection) throws SQLException {
        boolean everything = false;
        Set<Long> relations = new TreeSet<>();
        Set<String> catalogs = new HashSet<>();
        Set<String> untouched = new HashSet<>();
        try (PreparedStatement query = connection.prepareStatement(Older.fit(connection, QUERY));
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String value = row.getString(2);
                switch (row.getString(1)) {
                    case "relation" -> relations.add(Long.valueOf(value));
                    case "untouched" -> untouched.add(value);
                    case "catalog" -> catalogs.add(value);
                    default -> everything = true;
                }
            }
        }
        Set<Group> groups = EnumSet.noneOf(Group.class);
        for (Group group : Group.values()) {
            if (group == Group.RELATIONS ? !relations.isEmpty() : group.isIn(catalogs)) {
                groups.add(group);
            }
        }
        return new Affected(everything, relations, groups, untouched);
    }

    /** From the moment on at which reading in parts would cost more, all is read. */
    boolean isMost() {
        return everything || relations.size() > untouched.size();
    }

    /**
     * The objects that are as they were.
     *
     * @return empty when it cannot be told of one what it belongs to
     */
    Optional<SortedMap<ObjectId, CatalogObject>> keptOf(Snapshot before) {
        SortedMap<ObjectId, CatalogObject> kept = new TreeMap<>(before.objects());
        for (Iterator<CatalogObject> all = kept.values().iterator(); all.hasNext(); ) {
            Optional<ObjectId> root = root(all.next(), before);
            if (root.isEmpty()) {
                return Optional.empty();
            }
            Group group = Group.of(root.get().kind());
            boolean same =
                    group == Group.RELATIONS ? untouched.contains(root.get().name()) : !groups.contains(group);
            if (!same) {
                all.remove();
            }
        }
        return Optional.of(kept);
    }

    /** The relation, type, routine or schema that an object belongs to. */
    private static Optional<ObjectId> root(CatalogObject object, Snapshot before) {
        return switch (object.id().kind()) {
            case COLUMN, CONSTRAINT, INDEX, STATISTICS, TRIGGER, RULE, POLICY -> object.parent();
            case PRIVILEGES ->
                object.parent()
                        .flatMap(on -> on.kind() == Kind.COLUMN
                                ? Optional.ofNullable(before.objects().get(on)).flatMap(CatalogObject::parent)
                                : Optional.of(on));
            case EXTENSION,
                    SCHEMA,
                    ENUM,
                    DOMAIN,
                    COMPOSITE_TYPE,
                    RANGE_TYPE,
                    BASE_TYPE,
                    TABLE,
                    FOREIGN_TABLE,
                    VIEW,
                    MATERIALIZED_VIEW,
                    SEQUENCE,
                    FUNCTION,
                    PROCEDURE,
                    AGGREGATE,
                    DEFAULT_PRIVILEGES,
                    PUBLICATION,
                    EVENT_TRIGGER,
                    OTHER -> Optional.of(object.id());
        };
    }
}
