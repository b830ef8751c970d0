package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.rows.TableDigest;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Takes the whole chain back, from its last step, on the database where all of them were applied. */
final class Unwinding {

    /**
     * A step that was applied.
     *
     * @param before the state before it
     */
    record Taken(ChainStep step, State before) {}

    /** Opens the chain's session, or gives the open one. */
    @FunctionalInterface
    interface Sessions {
        Connection get() throws SQLException;
    }

    private final Plan plan;
    private final Sessions sessions;
    private final List<Taken> taken;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> told = new HashSet<>();

    Unwinding(Plan plan, Sessions sessions, List<Taken> taken) {
        this.plan = plan;
        this.sessions = sessions;
        this.taken = taken;
    }

    Report.Unwind run() throws SQLException {
        int reached = 0;
        for (Taken last : taken.reversed()) {
            if (last.step().down().isEmpty()
                    || !takenBack(last, last.step().down().get())) {
                break;
            }
            reached++;
        }
        return new Report.Unwind(reached, taken.size(), findings);
    }

    private boolean takenBack(Taken last, Part down) throws SQLException {
        ChainStep step = last.step();
        Connection connection = sessions.get();
        if (!plan.chain().layout().keepsSession()) {
            dev.imprimatur.migrations.Session.prepare(connection, java.time.Duration.ofSeconds(10));
        }
        boolean together = Transactions.fitsIntoOne(step);
        Rows before = Rows.NONE;
        SortedMap<String, TableDigest> becoming = new java.util.TreeMap<>();
        Runner runner = new Runner(connection, plan.stepTimeout());
        Run run;
        if (together) {
            // What it touches shows only once it has run: it runs, is undone, and runs for good.
            try (InTransaction first = new InTransaction(connection, plan.stepTimeout())) {
                run = first.run(down);
                if (run.failure().isEmpty()) {
                    Set<String> tables = first.touched().orElseThrow();
                    Rows then = first.look(same -> Rows.read(same, tables));
                    first.reset();
                    before = first.look(same -> Rows.read(same, tables));
                    Rows now = before;
                    becoming = first.look(same -> now.becoming(same, then));
                }
            }
            if (run.failure().isEmpty()) {
                run = runner.committed(down);
            }
        } else {
            before = Rows.readAll(connection);
            run = runner.committed(down);
        }
        if (run.failure().isPresent()) {
            if (!connection.isClosed() && connection.isValid(5) && !connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            findings.add(Failures.finding(
                    FindingCode.UNWIND_FAILS, step.name(), run.failure().get()));
            return false;
        }
        connection.setAutoCommit(true);
        compare(last, down, connection, before, becoming);
        return true;
    }

    private void compare(
            Taken last, Part down, Connection connection, Rows before, SortedMap<String, TableDigest> becoming)
            throws SQLException {
        Differences differences = new Differences(last.step(), down, FindingCode.UNWIND_DIFFERS);
        State now = new State(
                Snapshot.read(connection), Rows.read(connection, before.shapes().keySet()), Globals.read(connection));
        List<Finding> found =
                new ArrayList<>(differences.ofCatalogs(last.before().catalog(), now.catalog(), Set.of()));
        found.addAll(differences.ofGlobals(last.before().globals(), now.globals()));
        // What one way back has left behind is in the way of all that follow; it is told where it began.
        found.stream()
                .filter(finding -> finding.code() != FindingCode.ORDER_DIFFERS)
                .filter(finding -> told.add(finding.object() + '\n' + finding.detail()))
                .forEach(findings::add);
        if (mayChangeRows(last.step())) {
            return;
        }
        SortedMap<String, TableDigest> kept = now.rows().keptSince(connection, before);
        becoming.forEach((table, was) -> Optional.ofNullable(kept.get(table))
                .flatMap(was::differenceTo)
                .ifPresent(difference -> findings.addAll(differences.ofRows(List.of(difference)))));
    }

    /** A foreign step's way back may undo what its way there did to rows; a backfill's does nothing else. */
    private static boolean mayChangeRows(ChainStep step) {
        return step.phase().isEmpty()
                || step.phase().get() == Phase.BACKFILL
                || step.phase().get() == Phase.BASELINE;
    }
}
