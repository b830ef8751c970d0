package dev.imprimatur.migrations.rehearse;

import java.sql.Connection;
import java.util.List;
import java.util.Set;

/** Rows written through a new schema, and what became of those that were there before. */
final class Use {

    private Use() {}

    /** A line for each row that was written, and why. */
    static List<String> write(Connection connection, AfterUse.Expected expected, Set<String> tables) {
        return List.of();
    }
}
