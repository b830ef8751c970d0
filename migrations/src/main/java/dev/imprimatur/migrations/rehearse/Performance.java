package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One rehearsal under way: each step is tried, then applied for good, and in the end all is taken back. */
final class Performance implements AutoCloseable {

    private final Plan plan;
    private final Stage stage;
    private final Invariants invariants;
    private final OldCode oldCode;
    private final HeldRows held = new HeldRows();
    private final List<StepReport> reports = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Unwinding.Taken> taken = new ArrayList<>();

    private final Sessions sessions;
    private State state;
    private boolean stoppedHalfway;

    Performance(Plan plan, Stage stage) {
        this.plan = plan;
        this.stage = stage;
        this.invariants = new Invariants(plan.chain());
        this.oldCode = new OldCode(plan.workload());
        this.sessions = new Sessions(stage.work(), plan.chain().layout().keepsSession());
        this.state = new State(new Snapshot(new TreeMap<>()), Rows.NONE, new Globals(new TreeMap<>()));
    }

    Report run(List<String> told) throws SQLException {
        notes.addAll(told);
        long start = System.nanoTime();
        prepare();
        List<ChainStep> steps = plan.chain().steps();
        int end = plan.end();
        int next = plan.first();
        boolean goesOn = true;
        while (goesOn && next < end) {
            ChainStep step = steps.get(next);
            plan.watcher().begins(step.name(), next - plan.first() + 1, end - plan.first());
            goesOn = rehearse(step);
            plan.watcher().ended(reports.getLast());
            next++;
        }
        confirm();
        oldCode.coverage().ifPresent(notes::add);
        List<String> left =
                steps.subList(next, end).stream().map(ChainStep::name).toList();
        plan.watcher().doing("taking the whole chain back");
        Report.Unwind unwind = new Unwinding(limits(), sessions, taken, state.catalog()).run();
        if (stage.venue() instanceof Venue.InPlace && unwind.reached() < unwind.of()) {
            notes.add("the database still has the first %d of the %d steps that were applied: no way back led further"
                    .formatted(unwind.of() - unwind.reached(), unwind.of()));
        }
        return new Report(
                plan.version(),
                sessions.serverVersion(),
                plan.chain().layout(),
                plan.chain().path(),
                Duration.ofNanos(System.nanoTime() - start),
                reports,
                left,
                unwind,
                invariants.filled(),
                notes);
    }

    /** What was read piece by piece along the way must be what one reading of everything finds. */
    private void confirm() throws SQLException {
        if (stoppedHalfway) {
            return;
        }
        List<String> unseen = sessions.ours(connection -> {
            List<String> unlike = new ArrayList<>();
            state.catalog().effectsTo(Snapshot.read(connection)).forEach(effect -> unlike.add(effect.line()));
            return unlike.isEmpty() ? held.unlike(connection) : unlike;
        });
        if (!unseen.isEmpty()) {
            throw new Unconfirmed(unseen);
        }
    }

    /** A reading along the way has missed something: all that was compared by it is worth nothing. */
    static final class Unconfirmed extends RuntimeException {
        private final transient List<String> unseen;

        Unconfirmed(List<String> unseen) {
            super(String.join("; ", unseen));
            this.unseen = unseen;
        }

        String note() {
            return "changes that were not seen when they happened (%s): everything was rehearsed again on copies, and read as a whole"
                    .formatted(String.join("; ", unseen.subList(0, Math.min(5, unseen.size()))));
        }
    }

    /** In place there are none. */
    private static final class NeedsCopies extends Exception {
        NeedsCopies(String why) {
            super(why);
        }
    }

    private void prepare() throws SQLException {
        Layout layout = plan.chain().layout();
        if (stage.venue() instanceof Venue.Embedded) {
            if (!layout.bookkeeping().isEmpty()) {
                execute(sessions.chain(), layout.bookkeeping());
            }
        }
        if (plan.prelude().isPresent()) {
            Prelude.run(sessions.chain(), plan.prelude().get());
        }
        for (ChainStep step : plan.chain().steps().subList(plan.applied(), plan.first())) {
            plan.watcher().doing("applying " + step.name());
            Optional<Failure> failure = apply(step).failure();
            if (failure.isPresent()) {
                throw new MigrationException(
                        Reason.STATEMENT_FAILED,
                        "%s, before the first step to rehearse, fails at %s: %s"
                                .formatted(
                                        step.name(),
                                        failure.get().place(),
                                        failure.get().detail()));
            }
        }
        state = sessions.ours(connection -> {
            Snapshot catalog = Snapshot.read(connection);
            fill(connection, Set.of(), catalog);
            held.begin(connection);
            return new State(catalog, Rows.NONE, Globals.read(connection));
        });
    }

    /** @return whether the next step can be tried */
    private boolean rehearse(ChainStep step) throws SQLException {
        List<Finding> findings = new ArrayList<>(Foreseen.in(step, stage.venue()));
        boolean escapes = findings.stream().anyMatch(finding -> finding.code() == FindingCode.ESCAPES_COPY);
        if (step.stopsTheChain() || escapes) {
            reports.add(StepReport.untried(step, findings));
            return false;
        }
        if (step.isOnlyNamed()) {
            reports.add(StepReport.untried(step, findings));
            return true;
        }
        Trial trial;
        try {
            trial = tried(step, List.copyOf(findings));
        } catch (NeedsCopies e) {
            findings.add(new Finding(
                    FindingCode.UNPROVEN,
                    step.name(),
                    "it needs copies of the database to be tried on (%s), and --in-place makes none: nothing of it was left there, and no step behind it was tried; use --url without --in-place"
                            .formatted(e.getMessage()),
                    Optional.of(new Finding.Place(step.forward().file(), 1))));
            reports.add(StepReport.untried(step, findings));
            return false;
        }
        StepReport report = trial.went() ? applied(step, trial) : trial.report();
        reports.add(report);
        boolean holds =
                trial.went() && taken.size() > 0 && taken.getLast().step().equals(step);
        return holds && (plan.keepsGoing() || report.verdict() != Verdict.FAILED);
    }

    /** Tries the step on the cheapest ground that it allows, and makes roles that it takes for granted. */
    private Trial tried(ChainStep step, List<Finding> known) throws SQLException, NeedsCopies {
        boolean cheap = Transactions.fitsIntoOne(step) && !plan.alwaysOnCopies();
        while (true) {
            Trial trial;
            try (Ground ground = ground(cheap)) {
                boolean ours = stage.venue() instanceof Venue.Embedded;
                trial = new Trial(step, ground, state, invariants, known, ours);
                trial.run();
            } catch (Trial.UnfitGround unfit) {
                if (!stage.canCopy()) {
                    throw new NeedsCopies(String.valueOf(unfit.getMessage()));
                }
                cheap = false;
                continue;
            }
            Optional<String> role = trial.missingRole();
            if (role.isEmpty() || !(stage.venue() instanceof Venue.Embedded)) {
                return trial;
            }
            stage.onServer("CREATE ROLE " + Stage.quoted(role.get()) + " NOLOGIN");
            notes.add("the role " + role.get() + ", which " + step.name()
                    + " takes for granted, was made without a login; a --prelude FILE says otherwise");
            Globals earlier = state.globals();
            Globals now = sessions.ours(Globals::read);
            // It is nothing that the steps before have to take away.
            taken.replaceAll(done -> new Unwinding.Taken(
                    done.step(),
                    new State(
                            done.before().catalog(),
                            done.before().rows(),
                            done.before().globals().with(earlier, now))));
            state = new State(state.catalog(), state.rows(), now);
        }
    }

    private Ground ground(boolean cheap) throws SQLException, NeedsCopies {
        if (cheap) {
            return new InTransaction(sessions.chain(), limits());
        }
        if (!stage.canCopy()) {
            throw new NeedsCopies("it cannot run in one transaction");
        }
        sessions.close();
        return new OnCopies(stage, sessions::open, limits());
    }

    private Limits limits() {
        return new Limits(plan.stepTimeout(), !(stage.venue() instanceof Venue.Embedded));
    }

    private StepReport applied(ChainStep step, Trial trial) throws SQLException {
        State before = state;
        Set<String> tables = trial.after().rows().shapes().keySet();
        Run run = apply(step);
        if (run.failure().isPresent()) {
            stoppedHalfway = true;
            trial.add(Failures.finding(
                    FindingCode.FORWARD_FAILS, step.name(), run.failure().get()));
            return trial.report();
        }
        taken.add(new Unwinding.Taken(step, before));
        invariants.applied(step, trial.effects());
        return sessions.ours(connection -> {
            Rows rows = Rows.read(connection, tables);
            held.applied(rows);
            if (!oldCode.isSilent()) {
                oldCode.brokenBy(step, connection).forEach(trial::add);
            }
            StepReport report = trial.conclude(rows).losing(oldCode.lost());
            fill(connection, tables, trial.after().catalog());
            state = new State(trial.after().catalog(), Rows.NONE, Globals.read(connection));
            return report;
        });
    }

    private Run apply(ChainStep step) throws SQLException {
        Connection connection = sessions.forNextFile();
        Run run = new Runner(connection, limits()).committed(step.forward());
        if (run.failure().map(Failure::isConnectionLost).orElse(false)) {
            sessions.lost();
            return run;
        }
        if (!connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        return run;
    }

    /** Tops up the rows, but where they are what they are; and tries the old code on what is there now. */
    private void fill(Connection connection, Set<String> written, Snapshot catalog) throws SQLException {
        if (!(stage.venue() instanceof Venue.InPlace) && plan.rows() > 0) {
            connection.setAutoCommit(false);
            invariants.fill(connection, invariants.generatedRows(plan.rows()), written, catalog);
            held.filled(connection);
            connection.commit();
            connection.setAutoCommit(true);
        }
        if (!oldCode.isSilent()) {
            oldCode.before(connection);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        sessions.close();
    }
}
