package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.rows.ComparedColumn;
import dev.imprimatur.migrations.rows.RowHashes;
import dev.imprimatur.migrations.rows.TableDigest;
import dev.imprimatur.migrations.rows.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What some tables held at one moment.
 *
 * @param shapes by table
 * @param digests by table, over all columns
 * @param hashes of each row, of tables whose digests do not hold them by key; empty until they are asked for
 */
record Rows(
        SortedMap<String, TableShape> shapes,
        SortedMap<String, TableDigest> digests,
        SortedMap<String, RowHashes> hashes) {

    static final Rows NONE = new Rows(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    Rows {
        shapes = Collections.unmodifiableSortedMap(new TreeMap<>(shapes));
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
        hashes = Collections.unmodifiableSortedMap(new TreeMap<>(hashes));
    }

    static Rows read(Connection connection, Set<String> tables) throws SQLException {
        if (tables.isEmpty()) {
            return NONE;
        }
        SortedMap<String, TableShape> shapes = TableShape.read(connection, tables);
        return read(connection, shapes, tables.contains(LargeObjects.NAME));
    }

    static Rows readAll(Connection connection) throws SQLException {
        return read(connection, TableShape.readAll(connection), true);
    }

    private static Rows read(Connection connection, SortedMap<String, TableShape> shapes, boolean largeObjects)
            throws SQLException {
        Map<TableShape, SortedMap<String, ComparedColumn>> columns = new LinkedHashMap<>();
        shapes.values().forEach(shape -> columns.put(shape, shape.allColumns()));
        SortedMap<String, TableDigest> digests = TableDigest.readAll(connection, columns);
        if (!largeObjects) {
            return new Rows(shapes, digests, new TreeMap<>());
        }
        SortedMap<String, TableShape> all = new TreeMap<>(shapes);
        SortedMap<String, TableDigest> read = new TreeMap<>(digests);
        all.put(LargeObjects.NAME, LargeObjects.shape());
        read.put(LargeObjects.NAME, LargeObjects.read(connection));
        return new Rows(all, read, new TreeMap<>());
    }

    /** The same, read now, with a hash of each row that no key tells apart. */
    Rows withHashes(Connection connection) throws SQLException {
        SortedMap<String, RowHashes> read = new TreeMap<>();
        for (TableDigest digest : digests.values()) {
            if (digest.byKey().isEmpty() && digest.rows() > 0) {
                TableShape shape = Objects.requireNonNull(shapes.get(digest.table()));
                read.put(shape.name(), RowHashes.read(connection, shape, shape.allColumns()));
            }
        }
        return new Rows(shapes, digests, read);
    }

    /** Which rows of a table are not there later as they were, whatever came beside them; empty when all are. */
    Optional<String> lostIn(Rows later, String table) {
        TableDigest was = Objects.requireNonNull(digests.get(table));
        TableDigest is = later.digests.get(table);
        if (is == null) {
            return Optional.of("the table is gone, with the " + was.rows() + " rows that were there before");
        }
        if (was.rows() == 0 || !was.byColumn().keySet().equals(is.byColumn().keySet())) {
            return Optional.empty();
        }
        RowHashes before = hashes.get(table);
        RowHashes after = later.hashes.get(table);
        if (before != null && after != null) {
            int missing = after.missing(before);
            return missing == 0
                    ? Optional.empty()
                    : Optional.of(
                            missing + " of the " + was.rows() + " rows that were there before are gone or changed");
        }
        List<String> keys = was.byKey().entrySet().stream()
                .filter(row -> !row.getValue().equals(is.byKey().get(row.getKey())))
                .map(Map.Entry::getKey)
                .limit(5)
                .toList();
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of("rows that were there before are gone or changed, e.g. where the key is "
                        + String.join("; ", keys));
    }

    /** How each table that is in both differs from this to {@code after}, but for some columns of it. */
    List<TableDigest.Difference> differencesTo(Rows after, Volatile ignored) {
        List<TableDigest.Difference> differences = new ArrayList<>();
        digests.forEach((table, was) -> Optional.ofNullable(after.digests.get(table))
                .filter(is -> is.byColumn().keySet().equals(was.byColumn().keySet()))
                .flatMap(is -> was.differenceTo(is, ignored.of(table)))
                .ifPresent(differences::add));
        return differences;
    }

    /** Digests over the columns that a table has here and in {@code later}, each as it will be there. */
    SortedMap<String, TableDigest> becoming(Connection connection, Rows later) throws SQLException {
        SortedMap<String, TableDigest> digests = new TreeMap<>();
        for (TableShape shape : shapes.values()) {
            TableShape then = later.shapes.get(shape.name());
            if (then != null) {
                digests.put(shape.name(), digest(connection, shape, shape.becoming(then), shape.allColumns()));
            }
        }
        return digests;
    }

    /** Digests over the columns that a table has here and had in {@code earlier}, as they are here. */
    SortedMap<String, TableDigest> keptSince(Connection connection, Rows earlier) throws SQLException {
        SortedMap<String, TableDigest> digests = new TreeMap<>();
        for (TableShape shape : shapes.values()) {
            TableShape before = earlier.shapes.get(shape.name());
            if (before != null) {
                digests.put(shape.name(), digest(connection, shape, shape.commonWith(before), shape.allColumns()));
            }
        }
        return digests;
    }

    private TableDigest digest(
            Connection connection,
            TableShape shape,
            SortedMap<String, ComparedColumn> columns,
            SortedMap<String, ComparedColumn> all)
            throws SQLException {
        TableDigest known = digests.get(shape.name());
        return known != null && columns.equals(all) ? known : TableDigest.read(connection, shape, columns);
    }
}
