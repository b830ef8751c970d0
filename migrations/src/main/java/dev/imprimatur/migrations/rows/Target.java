package dev.imprimatur.migrations.rows;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A table to be filled, and what its rows must keep to.
 *
 * @param name qualified and quoted
 * @param leaves the partitions at the ends of its tree that take rows
 */
record Target(
        String name,
        boolean partitioned,
        List<Column> columns,
        List<Rule> rules,
        List<Reference> references,
        List<Leaf> leaves) {

    /**
     * @param name quoted
     * @param writable false when the server makes the value itself
     */
    record Column(
            String name,
            ValueType type,
            boolean nullable,
            Optional<String> defaultValue,
            boolean writable,
            boolean identity) {

        /** Whether a row may leave the value to the server and still be the same each time. */
        boolean hasConstantDefault() {
            return defaultValue.isPresent() && !defaultValue.get().contains("(");
        }

        boolean numbersItself() {
            return defaultValue.isPresent() && defaultValue.get().startsWith("nextval(");
        }
    }

    /** What kind of rule. */
    enum Form {
        CHECK,
        UNIQUE,
        EXCLUSION
    }

    /**
     * A constraint or unique index.
     *
     * @param columns in it, those of its expressions and predicate too; none when it cannot be told
     * @param definition as the server writes it
     * @param plain true when each two rows must differ in the columns as they are: no expression, no predicate
     */
    record Rule(String name, List<String> columns, String definition, Form form, boolean plain) {}

    /**
     * A foreign key.
     *
     * @param source where its keys are read: {@code ONLY} the table, unless it has partitions
     * @param full whether either all of its columns are NULL or none
     */
    record Reference(
            String name, List<String> columns, String table, List<String> referenced, String source, boolean full) {}

    /**
     * A partition without partitions of its own.
     *
     * @param definition what is true of its rows; empty when no value could be read off it
     */
    record Leaf(String name, String definition) {}

    Target {
        columns = List.copyOf(columns);
        rules = List.copyOf(rules);
        references = List.copyOf(references);
        leaves = List.copyOf(leaves);
    }

    List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }

    Optional<Column> column(String column) {
        return columns.stream().filter(one -> one.name().equals(column)).findFirst();
    }

    boolean refersToItself() {
        return references.stream().anyMatch(reference -> reference.table().equals(name));
    }

    /** Whether a row can do without what the reference means. */
    boolean canWait(Reference reference) {
        return columns.stream()
                        .anyMatch(column ->
                                reference.columns().contains(column.name()) && column.nullable() && !reference.full())
                || columns.stream()
                        .filter(column -> reference.columns().contains(column.name()))
                        .allMatch(Column::nullable);
    }

    /** The tables that need rows first. */
    Set<String> needs() {
        Set<String> needed = new TreeSet<>();
        for (Reference reference : references) {
            if (!reference.table().equals(name) && !canWait(reference)) {
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
