package dev.imprimatur.migrations.rows;

import java.util.Set;

/**
 * A column's type, and how its values enter a digest.
 *
 * @param name as {@code format_type} writes it under an empty {@code search_path}
 * @param base the name of the base type in {@code pg_catalog}, a domain's at its root; empty for any other schema's type
 * @param output the base type's output function, qualified and quoted
 */
public record ColumnType(String name, String base, String output) {

    /** Types whose hash tells every two values apart that are not the same bytes. */
    private static final Set<String> NATIVE = Set.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "bytea",
            "uuid",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "inet",
            "macaddr");

    private static final Set<String> NATIVE_TEXT = Set.of("text", "varchar", "name");

    /** What is hashed for a value of this type: equal exactly when the values are the same. */
    String hashed(String value) {
        if (NATIVE.contains(base)) {
            return value;
        }
        return NATIVE_TEXT.contains(base) ? value + " COLLATE \"C\"" : asText(value);
    }

    /** The value as the server writes it; a cast to text would strip blanks, and may be somebody's own. */
    String asText(String value) {
        return "pg_catalog.textin(" + output + "(" + value + ")) COLLATE \"C\"";
    }
}
