package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.workload.Planner.Plan;
import dev.imprimatur.migrations.workload.Planning.Planned;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tries a workload's queries once: plans them, plans them at a million rows, runs those that write. */
final class Prober {

    private static final String RULES = """
            SELECT pg_catalog.concat_ws('.', home.nspname, owner.relname, rule.conname)
              FROM pg_catalog.pg_constraint rule
              JOIN pg_catalog.pg_class owner ON owner.oid = rule.conrelid
              JOIN pg_catalog.pg_namespace home ON home.oid = owner.relnamespace
             WHERE rule.contype IN ('p', 'u', 'x', 'f') AND rule.oid >= 16384
             UNION
            SELECT pg_catalog.concat_ws('.', home.nspname, owner.relname, itself.relname)
              FROM pg_catalog.pg_index index
              JOIN pg_catalog.pg_class itself ON itself.oid = index.indexrelid
              JOIN pg_catalog.pg_class owner ON owner.oid = index.indrelid
              JOIN pg_catalog.pg_namespace home ON home.oid = owner.relnamespace
             WHERE index.indisunique AND itself.oid >= 16384""";

    private final Workload workload;
    private final Connection connection;

    Prober(Workload workload, Connection connection) {
        this.workload = workload;
        this.connection = connection;
    }

    Probe probe(Optional<Probe> before) throws SQLException {
        if (workload.queries().isEmpty()) {
            return new Probe(workload, List.of(), Optional.empty(), Set.of(), Set.of());
        }
        try (Sandbox sandbox = new Sandbox(connection)) {
            Planner planner = Planner.of(sandbox);
            List<Plan> plans = new ArrayList<>();
            for (Query query : workload.queries()) {
                plans.add(planner.plan(query));
            }
            try (Writes writes = new Writes(sandbox)) {
                sandbox.mark();
                MillionRows million = MillionRows.raise(sandbox);
                List<Planning> plannings = new ArrayList<>();
                for (Plan plan : plans) {
                    boolean anew = million.prevented().isEmpty() && plan.planning() instanceof Planned;
                    plannings.add(anew ? planner.explain(plan.text()) : plan.planning());
                }
                sandbox.back();
                List<Answer> answers = new ArrayList<>();
                for (int i = 0; i < plans.size(); i++) {
                    Execution execution = execution(writes, plans.get(i), plannings.get(i), i, before);
                    answers.add(new Answer(workload.queries().get(i), plannings.get(i), execution));
                }
                Set<String> rules =
                        sandbox.rows(RULES).stream().map(List::getFirst).collect(Collectors.toSet());
                return new Probe(workload, answers, million.prevented(), million.empty(), rules);
            }
        }
    }

    private static Execution execution(Writes writes, Plan plan, Planning planning, int index, Optional<Probe> before)
            throws SQLException {
        if (!(planning instanceof Planned planned && planned.writes())) {
            return new Execution.NotRun();
        }
        return before.isPresent()
                ? writes.again(
                        plan.text(),
                        before.get().answers().get(index).execution(),
                        before.get().rules())
                : writes.run(plan.text());
    }
}
