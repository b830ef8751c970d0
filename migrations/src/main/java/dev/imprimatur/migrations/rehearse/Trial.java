package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.rows.TableDigest;
import dev.imprimatur.migrations.snapshot.Effect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * One step, tried on one ground: forward, back, forward again, and back after use. What differs by chance between two
 * runs is known only once the step has been applied for good, so {@link #conclude} has the last word.
 */
final class Trial {

    /** On this ground the step cannot be tried: it must be on copies. */
    static final class UnfitGround extends Exception {
        UnfitGround(String why) {
            super(why);
        }
    }

    private final ChainStep step;
    private final Ground ground;
    private final State before;
    private final boolean mayMoveGround;
    private final boolean serverIsOurs;
    private final Invariants invariants;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Optional<State> after = Optional.empty();
    private Rows rowsBefore = Rows.NONE;
    private Rows rowsAgain = Rows.NONE;
    private boolean again;
    private boolean escapes;
    private Optional<String> role = Optional.empty();
    private boolean rowsChanged;
    private List<Effect> effects = List.of();
    private Optional<Figures> forwardCost = Optional.empty();
    private Optional<Figures> backCost = Optional.empty();

    /**
     * @param before with the catalog and globals as they are, rows are read here
     * @param serverIsOurs whether its roles are part of what is rehearsed
     */
    Trial(
            ChainStep step,
            Ground ground,
            State before,
            Invariants invariants,
            List<Finding> known,
            boolean serverIsOurs) {
        this.serverIsOurs = serverIsOurs;
        this.step = step;
        this.findings.addAll(known);
        this.ground = ground;
        this.before = before;
        this.invariants = invariants;
        this.mayMoveGround = ground instanceof InTransaction;
    }

    /** Whether the way there came to its end, so that it can be applied for good. */
    boolean went() {
        return after.isPresent();
    }

    State after() {
        return after.orElseThrow();
    }

    /** Tries the step; what the server does not let happen becomes a finding. */
    void run() throws SQLException, UnfitGround {
        Run first = fit(ground.run(step.forward()));
        if (first.failure().isPresent()) {
            findings.add(failed(FindingCode.FORWARD_FAILS, first.failure().get()));
            return;
        }
        Optional<Set<String>> touched = ground.touched();
        State reached = State.read(ground, before.catalog(), touched);
        effects = before.catalog().effectsTo(reached.catalog());
        ground.reset();
        forwardCost = Optional.of(first.figures(ground.rewrites()));
        Set<String> concerned = touched.orElseGet(() -> concerned(reached));
        SortedMap<String, TableDigest> becoming = ground.look(connection -> {
            rowsBefore = Rows.read(connection, concerned).withHashes(connection);
            unproven(connection, concerned);
            return rowsBefore.becoming(connection, reached.rows());
        });
        second(reached, becoming);
    }

    /** Rows as they are, and digests over the columns that they had before. */
    private record Kept(Rows rows, SortedMap<String, TableDigest> digests) {}

    private void second(State reached, SortedMap<String, TableDigest> becoming) throws SQLException, UnfitGround {
        Run second = fit(ground.run(step.forward()));
        if (second.failure().isPresent()) {
            findings.add(failed(FindingCode.FORWARD_FAILS, second.failure().get()));
            return;
        }
        Kept kept = ground.look(connection -> {
            Rows rows = Rows.read(connection, reached.rows().shapes().keySet());
            return new Kept(rows, rows.keptSince(connection, rowsBefore));
        });
        State state = new State(reached.catalog(), kept.rows(), reached.globals());
        rowsChanged = invariants.rowsChanged(becoming, kept.digests()) || second.rows() > 0;
        findings.addAll(invariants.rows(step, becoming, kept.digests(), notes));
        findings.addAll(invariants.validity(step, before.catalog(), state.catalog(), notes));
        if (step.down().isPresent()) {
            thereAndBack(step.down().get(), state);
        }
        if (step.phase().equals(Optional.of(Phase.BACKFILL))
                || step.forward().batch().isPresent()) {
            repeat(state);
        }
        phases();
        after = escapes ? Optional.empty() : Optional.of(state);
    }

    private void thereAndBack(Part down, State reached) throws SQLException, UnfitGround {
        Run back = fit(ground.run(down));
        if (back.failure().isPresent()) {
            findings.add(failed(FindingCode.BACK_FAILS, back.failure().get()));
            escapes = findings.getLast().code() == FindingCode.ESCAPES_COPY;
            return;
        }
        backCost = Optional.of(back.figures(0));
        State returned = State.read(
                ground, before.catalog(), Optional.of(rowsBefore.shapes().keySet()));
        Differences differences = new Differences(step, down, FindingCode.BACK_DIFFERS);
        List<Finding> found = new ArrayList<>(differences.ofCatalogs(before.catalog(), returned.catalog(), Set.of()));
        found.addAll(differences.ofRows(rowsBefore.differencesTo(returned.rows(), Volatile.NONE)));
        if (serverIsOurs) {
            found.addAll(differences.ofGlobals(before.globals(), returned.globals()));
        }
        findings.addAll(found);
        Run third = fit(ground.run(step.forward()));
        if (third.failure().isPresent()) {
            findings.add(failed(FindingCode.AGAIN_FAILS, third.failure().get()));
            return;
        }
        State repeated = State.read(
                ground, before.catalog(), Optional.of(reached.rows().shapes().keySet()));
        Differences second = new Differences(step, step.forward(), FindingCode.AGAIN_DIFFERS);
        findings.addAll(second.ofCatalogs(reached.catalog(), repeated.catalog(), Set.of()));
        rowsAgain = repeated.rows();
        again = true;
        try {
            AfterUse.check(
                    step,
                    down,
                    ground,
                    new AfterUse.Expected(before, reached, rowsBefore, invariants.generatedRows(1), found),
                    findings);
        } catch (Use.NeedsCommit e) {
            throw new UnfitGround("what is new can be used only once it is committed");
        }
    }

    /** A second run of a backfill changes nothing, and ranges give what one statement gives. */
    private void repeat(State reached) throws SQLException, UnfitGround {
        Set<String> tables = reached.rows().shapes().keySet();
        ground.reset();
        Run once = fit(ground.run(step.forward()));
        Rows first = ground.look(connection -> Rows.read(connection, tables));
        Run twice = once.failure().isPresent() ? once : fit(ground.run(step.forward()));
        if (twice.failure().isPresent()) {
            findings.add(failed(FindingCode.NOT_IDEMPOTENT, twice.failure().get()));
            return;
        }
        Rows second = ground.look(connection -> Rows.read(connection, tables));
        findings.addAll(new Differences(step, step.forward(), FindingCode.NOT_IDEMPOTENT)
                .ofRows(first.differencesTo(second, Volatile.NONE)));
        if (step.forward().batch().isPresent()) {
            ground.reset();
            Run whole = fit(ground.runAsOneRange(step.forward()));
            Rows atOnce = ground.look(connection -> Rows.read(connection, tables));
            if (whole.failure().isEmpty()) {
                new Differences(step, step.forward(), FindingCode.AGAIN_DIFFERS)
                        .ofRows(first.differencesTo(atOnce, Volatile.NONE))
                        .forEach(finding -> findings.add(new Finding(
                                finding.code(),
                                finding.object(),
                                "range by range gives other rows than all keys at once: " + finding.detail(),
                                finding.place())));
            }
        }
    }

    private void phases() throws SQLException {
        if (step.phase().isPresent()) {
            List<Effect> exceeding = PhaseRules.exceeding(step.phase().get(), effects);
            if (!exceeding.isEmpty()) {
                StringBuilder detail = new StringBuilder(
                        "`%s` may not do this:".formatted(step.phase().get().word()));
                exceeding.forEach(effect -> detail.append("\n- ")
                        .append(effect.line())
                        .append(" (`")
                        .append(PhaseRules.of(effect.effectClass()).word())
                        .append("`)"));
                Split.of(step, ground, before.catalog())
                        .ifPresent(split -> detail.append('\n').append(split));
                String object = exceeding.getFirst().id().toString();
                findings.add(new Finding(
                        FindingCode.PHASE_EXCEEDED, object, detail.toString(), Blame.place(object, step.forward())));
            }
            return;
        }
        Set<Phase> mixed = new HashSet<>();
        effects.forEach(effect -> mixed.add(PhaseRules.of(effect.effectClass())));
        if (mixed.contains(Phase.EXPAND) && mixed.contains(Phase.CONTRACT)) {
            Split.of(step, ground, before.catalog())
                    .ifPresent(split -> notes.add("it adds and takes away in one step, so that old code and new code"
                            + " cannot run at once; " + split));
        }
    }

    /** Compares what only now can be told apart from chance. */
    StepReport conclude(Rows applied) {
        Volatile chance = Volatile.between(after().rows(), applied);
        if (!chance.names().isEmpty()) {
            notes.add("other values each time, so that only their being there is compared: "
                    + String.join(", ", chance.names()));
        }
        if (again) {
            findings.addAll(new Differences(step, step.forward(), FindingCode.AGAIN_DIFFERS)
                    .ofRows(after().rows().differencesTo(rowsAgain, chance)));
        }
        return report();
    }

    /** What is known without the step having been applied. */
    StepReport report() {
        return new StepReport(
                step.name(),
                step.phase().or(() -> PhaseRules.infer(effects, rowsChanged)),
                step.forward().file(),
                findings,
                notes,
                effects.stream().map(Effect::line).toList(),
                forwardCost,
                backCost,
                step.phase()
                        .map(none -> new StepReport.Start(
                                before.catalog().fingerprint(),
                                rowsBefore.digests().values().stream()
                                        .mapToLong(TableDigest::rows)
                                        .sum())));
    }

    void add(Finding finding) {
        findings.add(finding);
    }

    /** The role for want of which the step failed, if that was it. */
    Optional<String> missingRole() {
        return role;
    }

    List<Effect> effects() {
        return effects;
    }

    private Run fit(Run run) throws UnfitGround {
        if (mayMoveGround && run.failure().map(Failure::isOfTheTransaction).orElse(false)) {
            throw new UnfitGround(run.failure().get().message());
        }
        return run;
    }

    private Finding failed(FindingCode code, Failure failure) {
        role = role.or(() -> Failures.missingRole(failure));
        return Failures.finding(code, step.name(), failure);
    }

    private void unproven(Connection connection, Set<String> concerned) throws SQLException {
        for (String table : EmptyTables.among(connection, concerned)) {
            findings.add(new Finding(
                    FindingCode.UNPROVEN,
                    Names.table(table),
                    invariants.whyEmpty(table),
                    Blame.place(Names.table(table), step.forward())));
        }
    }

    /** Where the locks cannot tell: tables that an effect speaks of, or whose rows are other ones now. */
    private Set<String> concerned(State reached) {
        Set<String> tables = new HashSet<>();
        for (String table : reached.rows().shapes().keySet()) {
            boolean named = effects.stream()
                    .anyMatch(effect -> effect.id().name().equals(table)
                            || effect.id().name().startsWith(table + ".")
                            || EmptyTables.owns(table, effect));
            boolean spoken = step.forward().statements().list().stream()
                    .anyMatch(statement -> statement.hasWord(table.substring(table.lastIndexOf('.') + 1)));
            if (named || spoken || table.equals(LargeObjects.NAME)) {
                tables.add(table);
            }
        }
        before.rows().shapes().keySet().stream()
                .filter(table -> !reached.rows().shapes().containsKey(table))
                .forEach(tables::add);
        return tables;
    }
}
