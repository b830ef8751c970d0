package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.rows.GeneratedRows;
import dev.imprimatur.migrations.rows.UsedTables;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Rows written through a new schema, as new code would. */
final class Use {

    /** What shows only once the step is committed, as a new label of an enum does. */
    static final class NeedsCommit extends Exception {}

    private Use() {}

    /** A line for each use of the new schema for which rows stand now. */
    static List<String> write(Ground ground, GeneratedRows rows, Snapshot before, Snapshot after, Set<String> tables)
            throws SQLException, NeedsCommit {
        UsedTables used = ground.use(connection -> rows.fillForUse(connection, before, after, tables));
        if (used.needsCommit() && ground instanceof InTransaction) {
            throw new NeedsCommit();
        }
        return used.written().stream()
                .map(row -> Names.shown(row.table()) + ": " + row.why())
                .toList();
    }
}
