package dev.imprimatur.migrations.rows;

import java.util.Optional;
import java.util.stream.Collectors;

/** A value with a certain enum label in it: of the enum, a domain over it, an array or a composite type. */
final class LabelledValue {

    private LabelledValue() {}

    /**
     * As SQL; empty when the type does not hold the enum, or only in a range.
     *
     * @param name the enum's, qualified and quoted
     * @param label in quotes
     */
    static Optional<String> of(ValueType type, String name, String label) {
        return switch (type) {
            case ValueType.Plain plain -> Optional.empty();
            case ValueType.Labelled labelled ->
                is(labelled.sql(), name) ? Optional.of(label + "::" + labelled.sql()) : Optional.empty();
            case ValueType.Restricted domain ->
                of(domain.root(), name, label).map(value -> value + "::" + domain.sql());
            case ValueType.Listed list ->
                of(list.element(), name, label).map(value -> "ARRAY[" + value + "]::" + list.sql());
            case ValueType.Spanned span -> Optional.empty();
            case ValueType.Composed row ->
                row.parts().stream().anyMatch(part -> of(part, name, label).isPresent())
                        ? Optional.of(row.parts().stream()
                                .map(part -> of(part, name, label).orElse("NULL"))
                                .collect(Collectors.joining(", ", "ROW(", ")::" + row.sql())))
                        : Optional.empty();
        };
    }

    /** The server leaves the schema out of a type's name where the search path finds it. */
    private static boolean is(String sql, String name) {
        return sql.equals(name) || sql.equals(name.replaceFirst("^(?:\"(?:[^\"]|\"\")*\"|[^\".]+)\\.", ""));
    }
}
