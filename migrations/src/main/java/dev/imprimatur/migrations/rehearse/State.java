package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** What can be compared of a database at one moment: its catalog, the rows of some tables, and what its server shares. */
record State(Snapshot catalog, Rows rows, Globals globals) {

    /** @param tables those whose rows count; all, when empty */
    static State read(Connection connection, Optional<Set<String>> tables) throws SQLException {
        return new State(
                Snapshot.read(connection),
                tables.isPresent() ? Rows.read(connection, tables.get()) : Rows.readAll(connection),
                Globals.read(connection));
    }
}
