package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.workload.Workload;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rehearsal that is about to take place:
 *
 * <pre>{@code
 * Report report = Rehearsal.of(Layouts.read(Path.of("db/migrations"))).rows(100).run();
 * assertEquals(Verdict.PASSED, report.verdict(), report::toString);
 * }</pre>
 */
public final class Rehearsal {

    private final Chain chain;
    private Venue venue = new Venue.Embedded();
    private int rows = 10;
    private Optional<String> from = Optional.empty();
    private Optional<String> to = Optional.empty();
    private Workload workload = Workload.NONE;
    private Optional<Path> prelude = Optional.empty();
    private Duration stepTimeout = Duration.ofMinutes(5);
    private boolean keepsGoing;
    private boolean onCopies;
    private Optional<EmbeddedServer> server = Optional.empty();
    private Watcher watcher = Watcher.SILENT;

    private Rehearsal(Chain chain) {
        this.chain = chain;
    }

    /** A rehearsal of the whole chain on an embedded server, with ten rows a table. */
    public static Rehearsal of(Chain chain) {
        return new Rehearsal(chain);
    }

    public Rehearsal at(Venue where) {
        venue = where;
        return this;
    }

    /** How many rows each table is to have at least, from 1; made up where they are missing. */
    public Rehearsal rows(int atLeast) {
        if (atLeast < 1) {
            throw new IllegalArgumentException("a table has at least one row, not " + atLeast);
        }
        rows = atLeast;
        return this;
    }

    /**
     * Makes up no rows. What touches a table that existed before and is empty is then {@code unproven}, as it should be:
     * this is for those who only want to know whether the schema comes back, soon.
     */
    public Rehearsal withoutRows() {
        rows = 0;
        return this;
    }

    /**
     * The first step to rehearse, by number or name; those before it are only applied. Without it, the chain's first, or
     * where the database keeps a history the first that is not in it.
     */
    public Rehearsal from(String step) {
        from = Optional.of(step);
        return this;
    }

    /** The last step to rehearse, by number or name. */
    public Rehearsal to(String step) {
        to = Optional.of(step);
        return this;
    }

    /** The queries of the code that runs while the chain is applied: none of them may break. */
    public Rehearsal workload(Workload queries) {
        workload = queries;
        return this;
    }

    /** SQL that runs before the chain: roles, extensions, settings. */
    public Rehearsal prelude(Path file) {
        prelude = Optional.of(file);
        return this;
    }

    /** How long one statement may take, at least a millisecond; 5 minutes by default. */
    public Rehearsal stepTimeout(Duration most) {
        stepTimeout = most;
        return this;
    }

    /** Goes on behind a step that failed, as long as its way there does not. */
    public Rehearsal keepGoing() {
        keepsGoing = true;
        return this;
    }

    public Rehearsal watchedBy(Watcher someone) {
        watcher = someone;
        return this;
    }

    /** Takes place on this server, which goes on running, instead of on one that is started for it. */
    Rehearsal on(EmbeddedServer running) {
        server = Optional.of(running);
        return this;
    }

    /** Tries each step on copies, also where a transaction would do; slower, and finds the same. */
    Rehearsal alwaysOnCopies() {
        onCopies = true;
        return this;
    }

    /**
     * Rehearses. What was made for it is gone when this returns, also when the program is told to end meanwhile.
     *
     * @throws MigrationException {@link MigrationException.Reason#USAGE} for steps that do not exist,
     *     {@link MigrationException.Reason#UNREACHABLE} or {@link MigrationException.Reason#BUSY} when there is no
     *     database to be had, {@link MigrationException.Reason#STATEMENT_FAILED} when the prelude fails, or a step before
     *     the first to rehearse. Whatever a step does wrong is told in the report
     */
    public Report run() {
        try {
            return run(onCopies, List.of());
        } catch (Performance.Unconfirmed e) {
            return again(e);
        }
    }

    private Report again(Performance.Unconfirmed first) {
        if (venue instanceof Venue.InPlace) {
            throw unconfirmed(
                    first,
                    "the database has the steps that were applied; restore it, and use --url without --in-place");
        }
        try {
            return run(true, List.of(first.note()));
        } catch (Performance.Unconfirmed e) {
            throw unconfirmed(e, "also on copies; something besides the rehearsal may write to them");
        }
    }

    private static MigrationException unconfirmed(Performance.Unconfirmed found, String rest) {
        return new MigrationException(
                MigrationException.Reason.STATEMENT_FAILED,
                "Nothing is proven: there are changes that were not seen when they happened (%s), %s."
                        .formatted(found.getMessage(), rest));
    }

    private int applied(Stage stage) throws SQLException {
        try (Connection connection = stage.work().open()) {
            return AppliedSteps.count(connection, chain);
        }
    }

    private Report run(boolean copies, List<String> notes) {
        Plan.Manner manner = new Plan.Manner(rows, workload, prelude, stepTimeout, keepsGoing, copies, watcher);
        // What makes no sense is told before a server is started for it.
        Plan whole = Plan.of(chain, from, to, manner);
        watcher.doing(
                venue instanceof Venue.Embedded ? "starting a PostgreSQL of its own" : "making a copy of the database");
        try (Stage stage = Stage.open(venue, server)) {
            int applied = venue instanceof Venue.Embedded ? 0 : applied(stage);
            Plan plan = applied == 0 ? whole : Plan.of(chain, applied, from, to, manner);
            List<String> told = new ArrayList<>(notes);
            if (applied > 0) {
                told.add("the database has applied the steps up to %s, which were not rehearsed"
                        .formatted(chain.steps().get(applied - 1).name()));
            }
            try (Performance performance = new Performance(plan, stage)) {
                return performance.run(told);
            }
        } catch (SQLException e) {
            throw new MigrationException(
                    MigrationException.Reason.STATEMENT_FAILED,
                    "The rehearsal cannot go on: %s %s".formatted(e.getSQLState(), e.getMessage()),
                    e);
        }
    }
}
