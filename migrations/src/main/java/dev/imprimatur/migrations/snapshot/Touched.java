package dev.imprimatur.migrations.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the current transaction may have touched so far, in milliseconds however many tables there are. What a savepoint's
 * rollback undid is not in it, but for a sequence that moved: sequences do not go back. What others committed to the
 * catalog since the transaction began may be.
 *
 * @param relations the user's relations that are locked more strongly than for reading or for SELECT FOR UPDATE, by
 *     qualified and quoted name: tables, indexes, sequences and views, TOAST tables left out
 * @param gone the identifiers of relations that were locked so and are no more
 */
public record Touched(SortedMap<String, Relation> relations, Set<Long> gone) {

    /**
     * @param kind as in {@code pg_class.relkind}
     * @param filenode where its rows are stored; 0 when it stores none
     * @param modes of the locks, as in {@code pg_locks}
     */
    public record Relation(String name, char kind, long oid, long filenode, Set<String> modes) {
        public Relation {
            modes = Set.copyOf(modes);
        }

        /** A table or materialised view that may hold other rows than before. */
        public boolean holdsRows() {
            return kind == 'r' || kind == 'm';
        }
    }

    private static final String QUERY = """
            WITH {locked}
            SELECT 'relation', pg_catalog.format('%I.%I', namespace.nspname, class.relname), class.relkind::pg_catalog.text,
                   class.oid, coalesce(pg_catalog.pg_relation_filenode(class.oid), 0), held.modes
              FROM (SELECT object, pg_catalog.string_agg(mode, ',') AS modes FROM locked
                     WHERE class = 'pg_catalog.pg_class'::pg_catalog.regclass GROUP BY object) held
              JOIN pg_catalog.pg_class class ON class.oid = held.object
              JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
             WHERE namespace.nspname !~ '^pg_toast'
            UNION ALL
            SELECT 'gone', '', '', object, 0, '' FROM locked
             WHERE class = 'pg_catalog.pg_class'::pg_catalog.regclass
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_class class WHERE class.oid = object)""".replace("{locked}", OwnChanges.LOCKED);

    public Touched {
        relations = Collections.unmodifiableSortedMap(new TreeMap<>(relations));
        gone = Collections.unmodifiableSet(new TreeSet<>(gone));
    }

    /**
     * Reads it in a short query.
     *
     * @param connection in a transaction; without one nothing is touched
     */
    public static Touched read(Connection connection) throws SQLException {
        SortedMap<String, Relation> relations = new TreeMap<>();
        Set<Long> gone = new TreeSet<>();
        try (PreparedStatement query = connection.prepareStatement(QUERY);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String name = row.getString(2);
                long oid = row.getLong(4);
                if (row.getString(1).equals("gone")) {
                    gone.add(oid);
                } else {
                    Set<String> modes =
                            Set.copyOf(Arrays.asList(row.getString(6).split(",", -1)));
                    relations.put(name, new Relation(name, row.getString(3).charAt(0), oid, row.getLong(5), modes));
                }
            }
        }
        return new Touched(relations, gone);
    }

    /** The tables and materialised views whose rows may be others than before. */
    public Set<String> tables() {
        return relations.values().stream()
                .filter(Relation::holdsRows)
                .map(Relation::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The tables and materialised views that were there before and whose rows are stored anew: rewritten, refreshed or
     * truncated.
     *
     * @param before {@link #filenodes} of the state before
     */
    public Set<String> rewritten(Map<Long, Long> before) {
        return relations.values().stream()
                .filter(Relation::holdsRows)
                .filter(relation -> before.getOrDefault(relation.oid(), relation.filenode()) != relation.filenode())
                .map(Relation::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Where each of these, as far as they are there, stores its rows at the moment, by identifier. */
    public Map<Long, Long> filenodes(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT oid, relfilenode FROM pg_catalog.pg_class WHERE relkind IN ('r', 'm') AND oid = ANY (?)""")) {
            Object[] oids = relations.values().stream().map(Relation::oid).toArray();
            query.setArray(1, connection.createArrayOf("oid", oids));
            return filenodes(query);
        }
    }

    /** Where each of the user's tables and materialised views stores its rows, by identifier. */
    public static Map<Long, Long> allFilenodes(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT oid, relfilenode FROM pg_catalog.pg_class WHERE relkind IN ('r', 'm') AND oid >= 16384""")) {
            return filenodes(query);
        }
    }

    private static Map<Long, Long> filenodes(PreparedStatement query) throws SQLException {
        Map<Long, Long> filenodes = new HashMap<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                filenodes.put(row.getLong(1), row.getLong(2));
            }
        }
        return filenodes;
    }
}
