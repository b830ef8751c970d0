package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.Statements;
import dev.imprimatur.migrations.Token;
import dev.imprimatur.migrations.workload.Execution.Ran;
import dev.imprimatur.migrations.workload.Prepared.ParameterType;
import dev.imprimatur.migrations.workload.Sandbox.After;
import dev.imprimatur.migrations.workload.Sandbox.Attempt;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs what writes, and takes it back. */
final class Writes implements AutoCloseable {

    private static final int TRIES = 40;
    /** What did not run before has had its chance; rows that came since may still let it. */
    private static final int MORE_TRIES = 4;

    /** Functions whose effect outlives a rollback, or that harm others. */
    private static final Pattern LASTING = Pattern.compile(
            "pg_(try_)?advisory_(lock|unlock).*|dblink.*|pg_(terminate|cancel)_backend|lo_export|pg_sleep.*|pg_reload_conf"
                    + "|pg_switch_wal|pg_promote|pg_(create|drop)_.*slot.*|pg_logical_emit_message|pg_file_.*");

    /** The tables that the planned writes have locked for it, with their partitions. */
    private static final String TARGETS = """
            SELECT DISTINCT coalesce(part.relid, held.relation::regclass)::oid
              FROM pg_catalog.pg_locks held LEFT JOIN LATERAL pg_catalog.pg_partition_tree(held.relation) part ON true
             WHERE held.pid = pg_catalog.pg_backend_pid() AND held.locktype = 'relation'
               AND held.mode = 'RowExclusiveLock' AND held.relation >= 16384""";

    private final Sandbox sandbox;
    private final String count;
    private @Nullable Parameters parameters;

    Writes(Sandbox sandbox) throws SQLException {
        this.sandbox = sandbox;
        this.count =
                """
                SELECT coalesce(sum(pg_catalog.pg_stat_get_xact_tuples_inserted(target)
                                  + pg_catalog.pg_stat_get_xact_tuples_updated(target)
                                  + pg_catalog.pg_stat_get_xact_tuples_deleted(target)), 0)
                  FROM pg_catalog.unnest('{%s}'::oid[]) AS target""".formatted(sandbox.rows(TARGETS).stream().map(List::getFirst).collect(Collectors.joining(",")));
    }

    @Override
    public void close() throws SQLException {
        if (parameters != null) {
            parameters.close();
        }
    }

    /** Runs it with parameters made up for it; the first that write a row are taken, else any that it accepts. */
    Execution run(String text) throws SQLException {
        return run(text, TRIES);
    }

    private Execution run(String text, int most) throws SQLException {
        Optional<Untestable> lasting = lasting(text);
        if (lasting.isPresent()) {
            return lasting.get();
        }
        try (Prepared prepared = new Prepared(sandbox, text)) {
            return switch (prepared.attempt()) {
                case Attempt.Done done -> run(prepared, text, most);
                case Attempt.Failed failed -> failed.refusal();
                case Attempt.Hindered hindered -> new Untestable(hindered.by());
            };
        }
    }

    private Execution run(Prepared prepared, String text, int most) throws SQLException {
        List<ParameterType> types = prepared.types();
        if (parameters == null) {
            parameters = new Parameters(sandbox);
        }
        Parameters.Maker maker = parameters.maker(text, types);
        Execution best = new Untestable("no parameters were found");
        for (int tries = 0; tries < (types.isEmpty() ? 1 : most); tries++) {
            Optional<List<String>> made = maker.make();
            if (made.isEmpty()) {
                continue;
            }
            Execution execution = execute(prepared, made.get());
            if (execution instanceof Ran ran && ran.rows() > 0) {
                return ran;
            }
            if (!(best instanceof Ran) && !(execution instanceof Untestable)) {
                best = execution;
            }
            if (execution instanceof Untestable) {
                return best instanceof Ran ? best : execution;
            }
        }
        return best;
    }

    /**
     * Runs it with the parameters it ran with before.
     *
     * @param rules that there were then: what one of them refuses now, it refuses for other rows, not for a new rule,
     *     and other parameters may do
     */
    Execution again(String text, Execution before, Set<String> rules) throws SQLException {
        if (!(before instanceof Ran earlier)) {
            return before instanceof Execution.NotRun ? run(text) : run(text, MORE_TRIES);
        }
        try (Prepared prepared = new Prepared(sandbox, text)) {
            Execution execution = switch (prepared.attempt()) {
                case Attempt.Done done -> execute(prepared, earlier.parameters());
                case Attempt.Failed failed -> failed.refusal();
                case Attempt.Hindered hindered -> new Untestable(hindered.by());
            };
            if (execution instanceof Refused refused && refused.isByRows() && rules.contains(refused.rule())) {
                return run(prepared, text, TRIES) instanceof Ran ran
                        ? ran
                        : new Untestable("the rows that were there when it ran have changed");
            }
            if (execution instanceof Ran ran && ran.rows() == 0) {
                return run(prepared, text, MORE_TRIES) instanceof Ran more ? more : ran;
            }
            return execution;
        }
    }

    private Execution execute(Prepared prepared, List<String> literals) throws SQLException {
        long before = Long.parseLong(sandbox.rows(count).getFirst().getFirst());
        // Rules that wait for the commit are to speak now.
        return switch (sandbox.attempt(
                "", prepared.execute(literals) + "; SET CONSTRAINTS ALL IMMEDIATE; " + count, After.UNDO)) {
            case Attempt.Done done -> new Ran(literals, Long.parseLong(done.value()) - before);
            case Attempt.Failed failed -> failed.refusal();
            case Attempt.Hindered hindered -> new Untestable(hindered.by());
        };
    }

    private static Optional<Untestable> lasting(String text) {
        List<Token> tokens = Statements.of(text).list().getFirst().tokens();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            String name = tokens.get(i).identifier();
            if (tokens.get(i + 1).isSymbol("(") && LASTING.matcher(name).matches()) {
                return Optional.of(new Untestable("not run, since a rollback does not take back " + name));
            }
        }
        return Optional.empty();
    }
}
