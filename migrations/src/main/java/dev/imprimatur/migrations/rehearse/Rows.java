package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.rows.ComparedColumn;
import dev.imprimatur.migrations.rows.TableDigest;
import dev.imprimatur.migrations.rows.TableShape;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What some tables held at one moment.
 *
 * @param shapes by table
 * @param digests by table, over all columns
 */
record Rows(SortedMap<String, TableShape> shapes, SortedMap<String, TableDigest> digests) {

    static final Rows NONE = new Rows(new TreeMap<>(), new TreeMap<>());

    Rows {
        shapes = Collections.unmodifiableSortedMap(new TreeMap<>(shapes));
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    }

    static Rows read(Connection connection, Set<String> tables) throws SQLException {
        if (tables.isEmpty()) {
            return NONE;
        }
        SortedMap<String, TableShape> shapes = TableShape.readAll(connection);
        shapes.keySet().retainAll(tables);
        return read(connection, shapes);
    }

    static Rows readAll(Connection connection) throws SQLException {
        return read(connection, TableShape.readAll(connection));
    }

    private static Rows read(Connection connection, SortedMap<String, TableShape> shapes) throws SQLException {
        SortedMap<String, TableDigest> digests = new TreeMap<>();
        for (TableShape shape : shapes.values()) {
            digests.put(shape.name(), TableDigest.read(connection, shape, shape.allColumns()));
        }
        return new Rows(shapes, digests);
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
