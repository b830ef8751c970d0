package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** What can be compared of a database at one moment: its catalog, the rows of some tables, and what its server shares. */
record State(Snapshot catalog, Rows rows, Globals globals) {

    /**
     * Reads the state as it is now.
     *
     * @param before the catalog that the step met
     * @param tables those whose rows count; all, when empty
     */
    static State read(Ground ground, Snapshot before, Optional<Set<String>> tables) throws SQLException {
        return ground.look(connection -> read(connection, ground, before, tables));
    }

    /** The same, in a look. */
    static State read(Connection connection, Ground ground, Snapshot before, Optional<Set<String>> tables)
            throws SQLException {
        return new State(
                ground.catalog(connection, before),
                tables.isPresent() ? Rows.read(connection, tables.get()) : Rows.readAll(connection),
                Globals.read(connection));
    }

    /** The same, read now, with a hash of each row that no key tells apart. */
    State withHashes(Connection connection) throws SQLException {
        return new State(catalog, rows.withHashes(connection), globals);
    }
}
