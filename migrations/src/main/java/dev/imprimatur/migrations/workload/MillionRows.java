package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.workload.Sandbox.After;
import dev.imprimatur.migrations.workload.Sandbox.Attempt;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Has the planner believe that small tables hold a million rows, so that a lost index shows in the costs of a copy with
 * ten.
 *
 * <p>The planner multiplies the number of blocks that a table has now by {@code reltuples / relpages}. So both are set:
 * {@code relpages} to the blocks there are, {@code reltuples} to a million. A table without any block counts as empty
 * whatever the catalog says. Statistics of the columns of raised tables are hidden too: they would be those of ten rows,
 * and an ANALYZE between two probes must not look like a change of the schema.
 *
 * @param empty the bare names of tables whose costs say nothing
 * @param prevented why nothing was raised
 */
record MillionRows(Set<String> empty, Optional<String> prevented) {

    /** What planning has locked is what the queries use: tables behind views and partitions too. */
    private static final String RAISE = """
            WITH used AS (
                SELECT DISTINCT class.oid, class.relname,
                       (pg_catalog.pg_relation_size(class.oid)
                           / pg_catalog.current_setting('block_size')::int)::int AS blocks
                  FROM pg_catalog.pg_locks held JOIN pg_catalog.pg_class class ON class.oid = held.relation
                 WHERE held.pid = pg_catalog.pg_backend_pid() AND held.locktype = 'relation' AND held.granted
                   AND class.relkind IN ('r', 'm') AND class.oid >= 16384),
            raised AS (
                UPDATE pg_catalog.pg_class class SET reltuples = 1e6, relpages = blocks FROM used
                 WHERE class.oid = used.oid AND blocks > 0
                   AND (reltuples < 0 OR relpages <= 0 OR reltuples / relpages * blocks < 1e6)
                RETURNING class.oid),
            hidden AS (DELETE FROM pg_catalog.pg_statistic WHERE starelid IN (SELECT oid FROM raised))
            SELECT relname FROM used WHERE blocks = 0
            """;

    MillionRows {
        empty = Set.copyOf(empty);
    }

    /** Raises the tables that this transaction has planned with, until the sandbox goes back behind this. */
    static MillionRows raise(Sandbox sandbox) throws SQLException {
        return switch (sandbox.attempt(RAISE, After.KEEP)) {
            case Attempt.Done done ->
                new MillionRows(
                        done.rows().stream().map(row -> row.getFirst()).collect(Collectors.toSet()), Optional.empty());
            case Attempt.Failed failed
            when failed.refusal().sqlState().equals("42501") ->
                new MillionRows(
                        Set.of(), Optional.of("only a superuser can have the planner believe in a million rows"));
            case Attempt.Failed failed ->
                new MillionRows(Set.of(), Optional.of(failed.refusal().toString()));
            case Attempt.Hindered hindered -> new MillionRows(Set.of(), Optional.of(hindered.by()));
        };
    }
}
