package dev.imprimatur.migrations.rows;

import java.util.List;

/**
 * One thing that can be written through a new schema.
 *
 * @param table qualified and quoted
 * @param why what it makes use of
 */
record Use(String table, String why, Way way) {

    /** What its row must be like. */
    sealed interface Way {

        record Any() implements Way {}

        /** A column has that value, in SQL. */
        record Fixed(String column, String value) implements Way {}

        /** A column is not NULL. */
        record Filled(String column) implements Way {}

        /** A column has that label, in quotes, of the enum {@code type}, which its own type may only be made of. */
        record Labelled(String column, String type, String label) implements Way {}

        /** A column has a value that {@code oldType} does not hold. */
        record Wide(String column, String oldType) implements Way {}

        /** A CHECK or FOREIGN KEY is not met. */
        record Against(String definition) implements Way {}

        /** The columns, all if none are named, are as in a row that is there. */
        record Again(List<String> columns) implements Way {}
    }
}
