package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.Target.Column;
import dev.imprimatur.migrations.rows.Target.Reference;
import dev.imprimatur.migrations.rows.Target.Rule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Makes rows of one table: tries one, and chooses anew what the server's refusal points at. */
final class RowMaker {

    private static final int FIRST_ROW_TRIES = 250;
    private static final int TRIES = 80;
    /** After so many refusals in a row the values that stay are in the way: all are chosen anew. */
    private static final int PATIENCE = 12;

    private final Statement statement;
    private final Target target;
    private final Values values;
    private final Map<String, Hints> hints = new HashMap<>();
    private final Map<String, List<List<String>>> parents = new HashMap<>();
    private final Map<String, String> row = new LinkedHashMap<>();
    private final Set<String> neverNull = new HashSet<>();
    private String refusal = "";

    RowMaker(Statement statement, Target target, long seed) {
        this.statement = statement;
        this.target = target;
        this.values = new Values(new Random(seed));
        for (Column column : target.columns()) {
            hints.put(
                    column.name(),
                    Hints.of(target.rules().stream()
                            .filter(rule -> rule.columns().contains(column.name()))
                            .map(Rule::definition)
                            .toList()));
        }
    }

    /** What the server said to the last row it refused, in one line. */
    String refusal() {
        return refusal;
    }

    /** Inserts one row; false when every try was refused. */
    boolean insert(boolean first) throws SQLException {
        row.clear();
        choose(names(target.columns()));
        for (int tries = 0; tries < (first ? FIRST_ROW_TRIES : TRIES); tries++) {
            try {
                statement.execute("SAVEPOINT made; " + sql() + "; RELEASE made");
                parents.remove(target.name());
                return true;
            } catch (PSQLException e) {
                ServerErrorMessage error = e.getServerErrorMessage();
                if (error == null) {
                    throw e;
                }
                statement.execute("ROLLBACK TO made; RELEASE made");
                refusal = error.getSQLState() + " "
                        + String.valueOf(error.getMessage()).lines().findFirst().orElse("");
                choose(tries % PATIENCE == PATIENCE - 1 ? names(target.columns()) : blamed(error));
            }
        }
        return false;
    }

    /** Values for a new row, not tried: an expression, DEFAULT or NULL by the quoted column. */
    Map<String, String> propose() throws SQLException {
        row.clear();
        choose(names(target.columns()));
        return Map.copyOf(row);
    }

    private String sql() {
        if (row.isEmpty()) {
            return "INSERT INTO " + target.name() + " DEFAULT VALUES";
        }
        return "INSERT INTO " + target.name() + " (" + String.join(", ", row.keySet()) + ") VALUES ("
                + String.join(", ", row.values()) + ")";
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream().map(Column::name).toList();
    }

    /** The columns that a refusal speaks of; all, when it does not say. */
    private Collection<String> blamed(ServerErrorMessage error) {
        String constraint = String.valueOf(error.getConstraint());
        for (Reference reference : target.references()) {
            if (reference.name().equals(constraint)) {
                return reference.columns();
            }
        }
        for (Rule rule : target.rules()) {
            if (rule.name().equals(constraint) && !rule.columns().isEmpty()) {
                return rule.columns();
            }
        }
        if ("23502".equals(error.getSQLState()) && error.getColumn() != null) {
            for (Column column : target.columns()) {
                if (column.name().equals(error.getColumn()) || column.name().equals("\"" + error.getColumn() + "\"")) {
                    neverNull.add(column.name());
                    return List.of(column.name());
                }
            }
        }
        return names(target.columns());
    }

    private void choose(Collection<String> columns) throws SQLException {
        for (Column column : target.columns()) {
            if (columns.contains(column.name()) && column.writable()) {
                choose(column);
            }
        }
        for (Reference reference : target.references()) {
            if (reference.columns().stream().anyMatch(columns::contains)) {
                follow(reference);
            }
        }
    }

    private void choose(Column column) {
        boolean left = column.numbersItself() || (column.hasConstantDefault() && values.chance(0.3));
        if (left) {
            row.put(column.name(), "DEFAULT");
        } else if (column.nullable() && !neverNull.contains(column.name()) && values.chance(0.3)) {
            row.put(column.name(), "NULL");
        } else {
            row.put(column.name(), values.of(column.type(), hints.getOrDefault(column.name(), Hints.NONE)));
        }
    }

    private void follow(Reference reference) throws SQLException {
        List<List<String>> known = keys(reference);
        boolean mayBeNull = target.columns().stream()
                .anyMatch(column -> reference.columns().contains(column.name()) && column.nullable());
        if (known.isEmpty() || (mayBeNull && values.chance(0.2))) {
            if (reference.table().equals(target.name()) && !mayBeNull) {
                followItself(reference);
            } else {
                target.columns().stream()
                        .filter(column -> reference.columns().contains(column.name()) && column.nullable())
                        .forEach(column -> row.put(column.name(), "NULL"));
            }
            return;
        }
        List<String> key = values.oneOf(known);
        for (int i = 0; i < key.size(); i++) {
            row.put(reference.columns().get(i), key.get(i));
        }
    }

    /** The first row of a table that refers to itself can only mean itself. */
    private void followItself(Reference reference) {
        for (int i = 0; i < reference.columns().size(); i++) {
            String meant = row.get(reference.referenced().get(i));
            if (meant != null) {
                row.put(reference.columns().get(i), meant);
            }
        }
    }

    private List<List<String>> keys(Reference reference) throws SQLException {
        List<List<String>> known = parents.get(reference.table() + reference.referenced());
        if (known != null && !reference.table().equals(target.name())) {
            return known;
        }
        List<List<String>> keys = new ArrayList<>();
        String list = String.join(", ", reference.referenced());
        String filled = reference.referenced().stream()
                .map(column -> column + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        try (ResultSet result = statement.executeQuery("SELECT %1$s FROM %2$s WHERE %3$s ORDER BY %1$s LIMIT 200"
                .formatted(list, reference.table(), filled))) {
            while (result.next()) {
                List<String> key = new ArrayList<>();
                for (int i = 1; i <= reference.referenced().size(); i++) {
                    key.add(Values.quoted(result.getString(i)));
                }
                keys.add(key);
            }
        }
        parents.put(reference.table() + reference.referenced(), keys);
        return keys;
    }
}
