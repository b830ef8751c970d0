package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Statements;
import dev.imprimatur.migrations.workload.Sandbox.After;
import dev.imprimatur.migrations.workload.Sandbox.Attempt;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plans queries without running them, their parameters unknown. */
final class Planner {

    /**
     * What came of it.
     *
     * @param text what was planned: the query's, or what it was restated to
     */
    record Plan(String text, Planning planning) {}

    private static final Pattern COST = Pattern.compile("^ *\"Total Cost\": ([0-9.]+),?$", Pattern.MULTILINE);
    private static final Pattern NODE =
            Pattern.compile("^ *\"(Node Type|Relation Name|Index Name)\": \"(.*)\",?$", Pattern.MULTILINE);
    private static final List<String> PLANNABLE =
            List.of("SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE");

    private final Sandbox sandbox;
    private final boolean hasGenericPlan;

    Planner(Sandbox sandbox, boolean hasGenericPlan) {
        this.sandbox = sandbox;
        this.hasGenericPlan = hasGenericPlan;
    }

    /** The planner that the server's version calls for: EXPLAIN knows GENERIC_PLAN since 16. */
    static Planner of(Sandbox sandbox) throws SQLException {
        return new Planner(sandbox, sandbox.connection().getMetaData().getDatabaseMajorVersion() >= 16);
    }

    Plan plan(Query query) throws SQLException {
        Statements statements = Statements.of(query.text());
        if (!statements.flaws().isEmpty() || statements.list().size() != 1) {
            return new Plan(query.text(), new Untestable("not a single statement"));
        }
        Statement statement = statements.list().getFirst();
        if (!isQuery(statement)) {
            return new Plan(query.text(), new Untestable("a utility statement"));
        }
        String text = statement.text();
        Planning planning = explain(text);
        if (planning instanceof Refused refused && refused.sqlState().equals("42601")) {
            String restated = Restated.of(statement);
            if (!restated.equals(text) && explain(restated) instanceof Planning.Planned planned) {
                return new Plan(restated, planned);
            }
        }
        return new Plan(text, planning);
    }

    /** Whether it is one of those that EXPLAIN takes and that have no options of their own. */
    static boolean isQuery(Statement statement) {
        return PLANNABLE.stream().anyMatch(statement::startsWith)
                || statement.tokens().getFirst().isSymbol("(");
    }

    Planning explain(String text) throws SQLException {
        return switch (hasGenericPlan
                ? sandbox.attempt("EXPLAIN (GENERIC_PLAN, FORMAT JSON) ", text, After.KEEP)
                : explainPrepared(text)) {
            case Attempt.Done done -> planned(done.value());
            case Attempt.Failed failed -> failed.refusal();
            case Attempt.Hindered hindered -> new Untestable(hindered.by());
        };
    }

    private Attempt explainPrepared(String text) throws SQLException {
        try (Prepared prepared = new Prepared(sandbox, text)) {
            if (!(prepared.attempt() instanceof Attempt.Done)) {
                return prepared.attempt();
            }
            List<String> nulls = Collections.nCopies(prepared.types().size(), "NULL");
            return sandbox.attempt("EXPLAIN (FORMAT JSON) " + prepared.execute(nulls), After.KEEP);
        }
    }

    private static Planning.Planned planned(String json) {
        Matcher cost = COST.matcher(json);
        if (!cost.find()) {
            throw new IllegalStateException("a plan without a cost: " + json);
        }
        StringBuilder shape = new StringBuilder();
        Set<String> relations = new HashSet<>();
        boolean writes = false;
        Matcher node = NODE.matcher(json);
        while (node.find()) {
            String value = node.group(2);
            switch (node.group(1)) {
                case "Node Type" -> {
                    writes |= value.equals("ModifyTable");
                    shape.append(shape.isEmpty() ? "" : ", ").append(value);
                }
                case "Index Name" -> shape.append(" using ").append(value);
                default -> {
                    relations.add(value);
                    shape.append(" on ").append(value);
                }
            }
        }
        return new Planning.Planned(Double.parseDouble(cost.group(1)), shape.toString(), relations, writes);
    }
}
