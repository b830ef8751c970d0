package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.Target.Column;
import dev.imprimatur.migrations.rows.Target.Reference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;

/**
 * The first rows of tables that cannot do without each other. One statement inserts them all, since the server looks at
 * foreign keys when a statement ends; so they need not be deferrable.
 */
final class Circle {

    private static final int TRIES = 60;

    private final Statement statement;
    private final List<Target> members;
    private final Map<String, Draft> drafts = new LinkedHashMap<>();
    private String refusal = "";

    Circle(Statement statement, List<Target> members, Parents parents, long seed) {
        this.statement = statement;
        this.members = List.copyOf(members);
        members.forEach(member -> drafts.put(
                member.name(), new Draft(member, parents, seed + member.name().hashCode())));
    }

    String refusal() {
        return refusal;
    }

    /** Inserts a row into each; false when every try was refused. */
    boolean insert() throws SQLException {
        for (int tries = 0; tries < TRIES; tries++) {
            Map<String, Map<String, String>> rows = new LinkedHashMap<>();
            for (Target member : members) {
                rows.put(member.name(), number(member, draft(member).next()));
            }
            // After as many rounds as there are members each key has reached those that hold it at second hand.
            for (int round = 0; round < members.size(); round++) {
                members.forEach(member -> member.references().forEach(reference -> agree(rows, member, reference)));
            }
            try {
                statement.execute("SAVEPOINT made; " + sql(rows) + "; RELEASE made");
                return true;
            } catch (PSQLException e) {
                Refusal said = Refusal.of(e, members.getFirst());
                refusal = said.told();
                members.forEach(member -> said.forbidden().ifPresent(draft(member)::neverNull));
                statement.execute("ROLLBACK TO made; RELEASE made");
            }
        }
        return false;
    }

    private Draft draft(Target member) {
        return Objects.requireNonNull(drafts.get(member.name()));
    }

    private static void agree(Map<String, Map<String, String>> rows, Target member, Reference reference) {
        Map<String, String> meant = rows.get(reference.table());
        if (meant == null) {
            return;
        }
        Map<String, String> row = Objects.requireNonNull(rows.get(member.name()));
        for (int i = 0; i < reference.columns().size(); i++) {
            String key = meant.get(reference.referenced().get(i));
            if (key != null) {
                row.put(reference.columns().get(i), key);
            }
        }
    }

    /** The others must know what number the server would have given. */
    private Map<String, String> number(Target member, Map<String, String> drafted) throws SQLException {
        Map<String, String> row = new LinkedHashMap<>(drafted);
        for (Column column : member.columns()) {
            boolean meant = members.stream()
                    .flatMap(other -> other.references().stream())
                    .anyMatch(reference -> reference.table().equals(member.name())
                            && reference.referenced().contains(column.name()));
            if (!meant) {
                continue;
            }
            if (column.identity()) {
                row.put(
                        column.name(),
                        value("pg_catalog.nextval(pg_catalog.pg_get_serial_sequence(%s, %s))"
                                .formatted(Values.quoted(member.name()), Values.quoted(unquoted(column.name())))));
            } else if ("DEFAULT".equals(row.get(column.name()))) {
                row.put(column.name(), value(column.defaultValue().orElse("NULL")));
            }
        }
        return row;
    }

    private static String unquoted(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    private String value(String expression) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT " + expression)) {
            row.next();
            return Optional.ofNullable(row.getString(1)).map(Values::quoted).orElse("NULL");
        }
    }

    private String sql(Map<String, Map<String, String>> rows) {
        List<String> inserts = new ArrayList<>();
        rows.forEach((table, row) -> inserts.add("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s)"
                .formatted(table, String.join(", ", row.keySet()), String.join(", ", row.values()))));
        String last = inserts.removeLast();
        return inserts.stream()
                .map(insert -> "made%d AS (%s)".formatted(inserts.indexOf(insert), insert))
                .collect(Collectors.joining(", ", "WITH ", " " + last));
    }
}
