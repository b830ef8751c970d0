package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.Target.Column;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Values for statements on the tables of one database: of a type, of a row that could be added, of a row that is there.
 * All are SQL expressions. Writes nothing.
 */
public final class Samples implements AutoCloseable {

    private static final int ROWS = 50;

    private final Connection connection;
    private final Statement statement;
    private final SortedMap<String, Target> targets;
    private final Map<Long, ValueType> types = new HashMap<>();
    private final Map<String, List<Map<String, String>>> rows = new HashMap<>();

    /**
     * Reads the schema as it is now.
     *
     * @param connection in simple query mode; used as long as samples are drawn
     * @throws SQLException when the catalog cannot be read
     */
    public Samples(Connection connection) throws SQLException {
        this.connection = connection;
        this.statement = connection.createStatement();
        statement.setEscapeProcessing(false);
        this.targets =
                Targets.read(connection, TableList.all(connection, statement).roots());
    }

    /**
     * The type of each column of a table, by its unquoted name in the table's order; a domain's is the one below it.
     *
     * @param table qualified and quoted
     * @return nothing for what takes no rows of ours: views, partitions, the server's own tables
     */
    public Map<String, String> columns(String table) {
        Map<String, String> columns = new LinkedHashMap<>();
        Optional.ofNullable(targets.get(table))
                .ifPresent(target -> target.columns()
                        .forEach(column -> columns.put(unquoted(column.name()), typeOf(column.type()))));
        return columns;
    }

    private static String typeOf(ValueType type) {
        return type instanceof ValueType.Restricted restricted ? typeOf(restricted.root()) : type.sql();
    }

    /** A sequence of samples that the seed decides, as long as the rows stay the same. */
    public Draw draw(long seed) {
        return new Draw(seed);
    }

    private List<Map<String, String>> rows(String table) throws SQLException {
        List<Map<String, String>> known = rows.get(table);
        if (known != null) {
            return known;
        }
        List<Map<String, String>> read = new ArrayList<>();
        Target target = targets.get(table);
        if (target != null && !target.columns().isEmpty()) {
            List<String> names = target.columns().stream().map(Column::name).toList();
            String list = names.stream()
                    .map(name -> "pg_catalog.quote_nullable(" + name + "::text)")
                    .collect(Collectors.joining(", "));
            try (ResultSet row = statement.executeQuery("SELECT " + list + " FROM " + table + " LIMIT " + ROWS)) {
                while (row.next()) {
                    Map<String, String> values = new LinkedHashMap<>();
                    for (int i = 0; i < names.size(); i++) {
                        values.put(unquoted(names.get(i)), row.getString(i + 1));
                    }
                    read.add(values);
                }
            }
        }
        rows.put(table, read);
        return read;
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }

    private static String unquoted(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    /** One sequence of samples. */
    public final class Draw {

        private final long seed;
        private final Values values;
        private final Map<String, Draft> drafts = new HashMap<>();

        private Draw(long seed) {
            this.seed = seed;
            this.values = new Values(new Random(seed));
        }

        /** True with this probability, from 0 to 1. */
        public boolean chance(double probability) {
            return values.chance(probability);
        }

        /** A number from 0 to just below this. */
        public int number(int below) {
            return values.below(below);
        }

        public <T> T oneOf(List<T> from) {
            return values.oneOf(from);
        }

        /** A value of a type, by its OID. */
        public String value(long type) throws SQLException {
            ValueType known = types.get(type);
            if (known == null) {
                known = ValueTypes.one(connection, type);
                types.put(type, known);
            }
            return values.of(known, Hints.NONE);
        }

        /**
         * What a new row of the table could be, with keys of rows that are there where it refers to any; by unquoted
         * column, empty for a table that takes none.
         */
        public Map<String, String> newRow(String table) throws SQLException {
            Target target = targets.get(table);
            if (target == null) {
                return Map.of();
            }
            Draft draft = drafts.get(table);
            if (draft == null) {
                draft = new Draft(target, new Parents(statement), seed + table.hashCode());
                drafts.put(table, draft);
            }
            Map<String, String> row = new LinkedHashMap<>();
            Map<String, String> proposed = draft.next();
            for (Column column : target.columns()) {
                String value = proposed.getOrDefault(column.name(), "DEFAULT");
                row.put(
                        unquoted(column.name()),
                        value.equals("DEFAULT") ? values.of(column.type(), Hints.NONE) : value);
            }
            return row;
        }

        /** A row that is there, by unquoted column; empty when there is none. */
        public Map<String, String> row(String table) throws SQLException {
            List<Map<String, String>> there = rows(table);
            return there.isEmpty() ? Map.of() : values.oneOf(there);
        }
    }
}
