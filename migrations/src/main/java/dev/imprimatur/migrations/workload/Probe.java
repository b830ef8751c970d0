package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.workload.Broken.Kind;
import dev.imprimatur.migrations.workload.Planning.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a database made of a workload at one moment.
 *
 * @param workload the queries
 * @param answers one for each query, in the same order
 * @param costsUnchecked why plan regressions are not looked for; empty when they are
 * @param emptyTables the bare names of tables without any block, whose costs say nothing
 * @param rules every constraint and unique index there was, as {@code schema.table.name}
 */
public record Probe(
        Workload workload,
        List<Answer> answers,
        Optional<String> costsUnchecked,
        Set<String> emptyTables,
        Set<String> rules) {

    private static final double TIMES_MORE = 10;
    private static final double UNITS_MORE = 1000;

    public Probe {
        answers = List.copyOf(answers);
        emptyTables = Set.copyOf(emptyTables);
        rules = Set.copyOf(rules);
    }

    /**
     * The queries that were well in an earlier probe and are not in this one. What could not be tried in either says
     * nothing, and a query has one entry at most.
     *
     * @throws IllegalArgumentException when the earlier probe is of another workload
     */
    public List<Broken> brokenSince(Probe before) {
        if (!before.workload().equals(workload)) {
            throw new IllegalArgumentException("the probe before is of another workload");
        }
        List<Broken> broken = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            compare(before, before.answers().get(i), answers.get(i)).ifPresent(broken::add);
        }
        return broken;
    }

    private Optional<Broken> compare(Probe earlier, Answer before, Answer now) {
        if (!(before.planning() instanceof Planned planned)) {
            return Optional.empty();
        }
        if (now.planning() instanceof Refused refused) {
            boolean ran = before.execution() instanceof Execution.Ran;
            return refused.isBySchema() || ran
                    ? Optional.of(refused(planned.writes() ? Kind.WRITER : Kind.READER, now.query(), refused))
                    : Optional.empty();
        }
        if (before.execution() instanceof Execution.Ran && now.execution() instanceof Refused refused) {
            return Optional.of(refused(Kind.WRITER, now.query(), refused));
        }
        if (now.planning() instanceof Planned plan && isRegression(earlier, planned, plan)) {
            return Optional.of(new Broken(
                    Kind.REGRESSION,
                    now.query(),
                    "",
                    String.format(
                            Locale.ROOT,
                            "%s costs %,.0f at a million rows, and cost %,.0f before (%s; before: %s)",
                            named(now.query()),
                            plan.cost(),
                            planned.cost(),
                            plan.shape(),
                            planned.shape())));
        }
        return Optional.empty();
    }

    private boolean isRegression(Probe earlier, Planned before, Planned now) {
        return costsUnchecked.isEmpty()
                && earlier.costsUnchecked.isEmpty()
                && before.relations().stream().noneMatch(earlier.emptyTables::contains)
                && now.cost() > before.cost() * TIMES_MORE
                && now.cost() > before.cost() + UNITS_MORE;
    }

    private static Broken refused(Kind kind, Query query, Refused refused) {
        return new Broken(kind, query, refused.sqlState(), named(query) + " fails: " + refused);
    }

    private static String named(Query query) {
        String releases = query.releases().stream().map(Release::name).collect(Collectors.joining(", "));
        return "`" + query.brief() + "`"
                + query.place().map(place -> " at " + place).orElse("")
                + (releases.isEmpty() ? "" : ", sent by " + releases + ",");
    }

    /** How much of the workload can say something. */
    public Coverage coverage() {
        int planned = 0;
        int writes = 0;
        int ran = 0;
        TreeMap<String, Integer> refusals = new TreeMap<>();
        TreeMap<String, Integer> untestable = new TreeMap<>();
        for (Answer answer : answers) {
            switch (answer.planning()) {
                case Planned plan -> {
                    planned++;
                    writes += plan.writes() ? 1 : 0;
                    ran += answer.execution() instanceof Execution.Ran done && done.rows() > 0 ? 1 : 0;
                }
                case Refused refused -> refusals.merge(refused.sqlState(), 1, Integer::sum);
                case Untestable none -> untestable.merge(none.reason(), 1, Integer::sum);
            }
        }
        return new Coverage(answers.size(), planned, writes, ran, refusals, untestable);
    }
}
