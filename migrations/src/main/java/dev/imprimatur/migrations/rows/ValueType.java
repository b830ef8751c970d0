package dev.imprimatur.migrations.rows;

import java.util.List;

/** What kind of value a column takes. */
sealed interface ValueType {

    /** The type's name in SQL. */
    String sql();

    /**
     * A type without parts.
     *
     * @param base its bare name, {@code int4}
     * @param modifier as the catalog keeps it, -1 without one
     */
    record Plain(String sql, String base, int modifier) implements ValueType {}

    record Labelled(String sql, List<String> labels) implements ValueType {}

    /**
     * A domain.
     *
     * @param checks the definitions of its constraints
     */
    record Restricted(String sql, ValueType root, List<String> checks, boolean notNull) implements ValueType {}

    record Listed(String sql, ValueType element) implements ValueType {}

    /** A range, or a multirange of {@code range}. */
    record Spanned(String sql, String range, ValueType bound, boolean multi) implements ValueType {}

    record Composed(String sql, List<ValueType> parts) implements ValueType {}

    /** Whether a value of this type may be NULL at all. */
    default boolean takesNull() {
        return !(this instanceof Restricted(String sql, ValueType root, List<String> checks, boolean notNull))
                || (!notNull && root.takesNull());
    }

    /** What is left when all domains are taken off. */
    default ValueType bare() {
        return this instanceof Restricted restricted ? restricted.root().bare() : this;
    }

    /** Whether the type is made of {@code name} somewhere, or is it. */
    default boolean holds(String name) {
        return sql().equals(name)
                || switch (this) {
                    case Plain plain -> false;
                    case Labelled labelled -> false;
                    case Restricted restricted -> restricted.root().holds(name);
                    case Listed listed -> listed.element().holds(name);
                    case Spanned spanned ->
                        spanned.range().equals(name) || spanned.bound().holds(name);
                    case Composed composed -> composed.parts().stream().anyMatch(part -> part.holds(name));
                };
    }
}
