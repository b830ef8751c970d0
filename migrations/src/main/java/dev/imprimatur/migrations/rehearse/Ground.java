package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.rows.PinnedSettings;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/** Where one step is tried, there and back, and brought back to the state before it as often as is needed. */
sealed interface Ground extends AutoCloseable permits InTransaction, OnCopies {

    /** Reads something, or writes something that {@link #reset} takes away again. */
    @FunctionalInterface
    interface Look<T> {
        T at(Connection connection) throws SQLException;
    }

    /** Runs a file, and has deferred constraints checked. */
    Run run(Part part) throws SQLException;

    /** Runs a batch's statement once, over all keys. */
    Run runAsOneRange(Part part) throws SQLException;

    /** Reads the state as it is now, under {@link PinnedSettings}, and leaves it and the session as they were. */
    <T> T look(Look<T> look) throws SQLException;

    /** The catalog as it is now, in a look; {@code before} is the one that the step met. */
    Snapshot catalog(Connection connection, Snapshot before) throws SQLException;

    /** Writes to the state as it is now. */
    <T> T use(Look<T> use) throws SQLException;

    /** The tables that what was run since the last reset may have written to; empty when it cannot be told. */
    Optional<Set<String>> touched() throws SQLException;

    /** How many tables that existed before had been written anew when the last reset took it back. */
    int rewrites() throws SQLException;

    /** Goes back to the state before the step. */
    void reset() throws SQLException;

    /** Leaves nothing of the step behind. */
    @Override
    void close() throws SQLException;
}
