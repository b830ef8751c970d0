package dev.imprimatur.migrations.rows;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A table to be filled, and what its rows must keep to. */
record Target(String name, List<Column> columns, List<Rule> rules, List<Reference> references) {

    /** @param writable false when the server makes the value itself */
    record Column(String name, ValueType type, boolean nullable, Optional<String> defaultValue, boolean writable) {

        /** Whether a row may leave the value to the server and still be the same each time. */
        boolean hasConstantDefault() {
            return defaultValue.isPresent() && !defaultValue.get().contains("(");
        }

        boolean numbersItself() {
            return defaultValue.isPresent() && defaultValue.get().startsWith("nextval(");
        }
    }

    /**
     * A constraint or unique index.
     *
     * @param columns in it, none when it cannot be told
     * @param definition of a check, and of the checks of its columns' domains; empty for a unique one
     */
    record Rule(String name, List<String> columns, String definition, boolean unique) {}

    /** A foreign key. */
    record Reference(String name, List<String> columns, String table, List<String> referenced, boolean deferred) {}

    Target {
        columns = List.copyOf(columns);
        rules = List.copyOf(rules);
        references = List.copyOf(references);
    }

    /** The tables that need rows first. */
    Set<String> needs() {
        Set<String> needed = new TreeSet<>();
        for (Reference reference : references) {
            boolean canWait = columns.stream()
                    .anyMatch(column -> reference.columns().contains(column.name()) && column.nullable());
            if (!reference.table().equals(name) && !canWait) {
                needed.add(reference.table());
            }
        }
        return needed;
    }

    /** The tables it would be good to fill first. */
    Set<String> wishes() {
        Set<String> wished = new TreeSet<>();
        references.stream()
                .map(Reference::table)
                .filter(table -> !table.equals(name))
                .forEach(wished::add);
        return wished;
    }
}
