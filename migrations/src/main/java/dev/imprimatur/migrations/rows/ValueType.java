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

    /** @param checks the definitions of its constraints */
    record Restricted(String sql, ValueType root, List<String> checks) implements ValueType {}

    record Listed(String sql, ValueType element) implements ValueType {}

    record Spanned(String sql, ValueType bound, boolean multi) implements ValueType {}

    record Composed(String sql, List<ValueType> parts) implements ValueType {}
}
