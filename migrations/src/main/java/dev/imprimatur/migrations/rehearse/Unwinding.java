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
import java.util.TreeMap;

/** Takes the whole chain back, from its last step, on the database where all of them were applied. */
final class Unwinding {

    /**
     * A step that was applied.
     *
     * @param before the state before it
     */
    record Taken(ChainStep step, State before) {}

    /** Rows as they are before a way back, and digests of what they are to become. */
    private record Before(Rows rows, SortedMap<String, TableDigest> becoming) {
        static Before read(Connection connection, Set<String> tables, Rows then) throws SQLException {
            Rows rows = Rows.read(connection, tables);
            return new Before(rows, rows.becoming(connection, then));
        }
    }

    /** The state behind it, and digests of the columns that were there before. */
    private record After(State state, SortedMap<String, TableDigest> kept) {}

    private final Limits limits;
    private final Sessions sessions;
    private final List<Taken> taken;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> told = new HashSet<>();
    private Snapshot reached;

    /** @param reached the catalog with all of them applied */
    Unwinding(Limits limits, Sessions sessions, List<Taken> taken, Snapshot reached) {
        this.reached = reached;
        this.limits = limits;
        this.sessions = sessions;
        this.taken = taken;
    }

    Report.Unwind run() throws SQLException {
        int reached = 0;
        for (Taken last : taken.reversed()) {
            Optional<Part> down = last.step().down();
            boolean back = down.isPresent()
                    && (Transactions.fitsIntoOne(last.step())
                            ? inOneTransaction(last, down.get())
                            : withCommits(last, down.get()));
            if (!back) {
                break;
            }
            reached++;
        }
        return new Report.Unwind(reached, taken.size(), findings);
    }

    /** What a way back touches shows only once it has run: it runs, is undone, and runs for good. */
    private boolean inOneTransaction(Taken last, Part down) throws SQLException {
        try (InTransaction ground = new InTransaction(sessions.forNextFile(), limits)) {
            Run run = ground.run(down);
            if (run.failure().isEmpty()) {
                Set<String> tables = ground.touched().orElseThrow();
                Rows then = ground.look(same -> Rows.read(same, tables));
                ground.reset();
                Before before = ground.look(same -> Before.read(same, tables, then));
                run = ground.run(down);
                if (run.failure().isEmpty()) {
                    After after = ground.look(same -> {
                        State now = State.read(same, ground, reached, Optional.of(tables));
                        return new After(now, now.rows().keptSince(same, before.rows()));
                    });
                    compare(last, down, after, before.becoming());
                    reached = after.state().catalog();
                    run = ground.kept(down, run);
                }
            }
            return went(last, run);
        }
    }

    private boolean withCommits(Taken last, Part down) throws SQLException {
        Connection connection = sessions.forNextFile();
        Rows before = Rows.readAll(connection);
        Run run = new Runner(connection, limits).committed(down);
        if (!connection.isClosed() && connection.isValid(5) && !connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        if (went(last, run)) {
            After after = sessions.ours(same -> {
                Rows rows = Rows.read(same, before.shapes().keySet());
                return new After(
                        new State(Snapshot.read(same), rows, Globals.read(same)), rows.keptSince(same, before));
            });
            compare(last, down, after, new TreeMap<>());
            reached = after.state().catalog();
            return true;
        }
        return false;
    }

    private boolean went(Taken last, Run run) {
        run.failure()
                .ifPresent(failure -> findings.add(
                        Failures.finding(FindingCode.UNWIND_FAILS, last.step().name(), failure)));
        return run.failure().isEmpty();
    }

    private void compare(Taken last, Part down, After after, SortedMap<String, TableDigest> becoming) {
        State now = after.state();
        Differences differences = new Differences(last.step(), down, FindingCode.UNWIND_DIFFERS);
        List<Finding> found =
                new ArrayList<>(differences.ofCatalogs(last.before().catalog(), now.catalog(), Set.of()));
        if (!limits.serverIsShared()) {
            found.addAll(differences.ofGlobals(last.before().globals(), now.globals()));
        }
        // What one way back has left behind is in the way of all that follow; it is told where it began.
        found.stream()
                .filter(finding -> finding.code() != FindingCode.ORDER_DIFFERS)
                .filter(finding -> told.add(finding.object() + '\n' + finding.detail()))
                .forEach(findings::add);
        if (mayChangeRows(last.step())) {
            return;
        }
        becoming.forEach((table, was) -> Optional.ofNullable(after.kept().get(table))
                .flatMap(is -> LargeObjects.knownTo(is, was).differenceTo(LargeObjects.knownTo(was, is)))
                .ifPresent(difference -> findings.addAll(differences.ofRows(List.of(difference)))));
    }

    /** A foreign step's way back may undo what its way there did to rows; a backfill's does nothing else. */
    private static boolean mayChangeRows(ChainStep step) {
        return step.phase().isEmpty()
                || step.phase().get() == Phase.BACKFILL
                || step.phase().get() == Phase.BASELINE;
    }
}
