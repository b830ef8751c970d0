package dev.imprimatur.migrations;

import dev.imprimatur.migrations.History.Row;
import dev.imprimatur.migrations.MigrationException.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings a database to where a folder of migrations wants it, and back.
 *
 * <p>Only one run works on a database at a time. A step is one transaction with its history row, unless its file asks
 * for something else by a {@link Directive}; such a step can be interrupted at any point and goes on where it stopped.
 * Every method but {@link #status()} throws {@link MigrationException} when it refuses or stops, and steps that had
 * ended before stay.
 */
public final class Migrator {

    /** Whether rows may be taken away for good. */
    public enum Loss {
        REFUSED,
        ACCEPTED
    }

    private final ConnectionSource connections;
    private final MigrationFolder folder;
    private final Patience patience;
    private final Consumer<? super Progress> progress;
    private final Optional<String> unrehearsed;

    /** A migrator with {@link Patience#DEFAULT} that tells nobody what it does. */
    public Migrator(ConnectionSource connections, MigrationFolder folder) {
        this(connections, folder, Patience.DEFAULT, happened -> {}, Optional.empty());
    }

    private Migrator(
            ConnectionSource connections,
            MigrationFolder folder,
            Patience patience,
            Consumer<? super Progress> progress,
            Optional<String> unrehearsed) {
        this.connections = connections;
        this.folder = folder;
        this.patience = patience;
        this.progress = progress;
        this.unrehearsed = unrehearsed;
    }

    public Migrator with(Patience newPatience) {
        return new Migrator(connections, folder, newPatience, progress, unrehearsed);
    }

    /** The same migrator, telling {@code listener} what happens, on the calling thread. */
    public Migrator with(Consumer<? super Progress> listener) {
        return new Migrator(connections, folder, patience, listener, unrehearsed);
    }

    /**
     * The same migrator, applying also what has no matching {@linkplain Receipt receipt}. The reason stands in the
     * history of each step that had none.
     *
     * @throws MigrationException {@link Reason#USAGE} when the reason is blank
     */
    public Migrator unrehearsed(String why) {
        if (why.isBlank()) {
            throw new MigrationException(Reason.USAGE, "Say why it is applied without a rehearsal.");
        }
        return new Migrator(connections, folder, patience, progress, Optional.of(why.strip()));
    }

    /**
     * How the database stands against the folder. Changes nothing and waits for nobody; a database that was never
     * migrated has everything pending.
     *
     * @throws MigrationException {@link Reason#UNREACHABLE}, {@link Reason#CONNECTION_LOST}, or
     *     {@link Reason#STATEMENT_FAILED} when the role may not read the history
     */
    public Status status() {
        try (Connection connection = open()) {
            return Status.of(readiness(connection));
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    private Readiness readiness(Connection connection) throws SQLException {
        return new Readiness(
                folder,
                new History(connection).rows(),
                new Deploys(connection).rows(),
                OldReaders.of(folder, connection),
                unrehearsed);
    }

    /**
     * Applies everything that is pending. On a database that has a history it stops before a contract step when no
     * deploy was recorded since the phase before it, or when queries that it breaks (as its rehearsal has found, see
     * {@link Objections}) may still be sent, which the plan tells as {@link Plan#waiting()}; and it refuses steps without a matching receipt, once the folder keeps {@link Receipts}.
     *
     * @return what was applied
     */
    public Plan up() {
        return upTo(Integer.MAX_VALUE);
    }

    /** Applies what is pending, up to and including number {@code to}, under the same conditions. */
    public Plan up(int to) {
        requireKnown(to);
        return upTo(to);
    }

    private Plan upTo(int to) {
        return run(ready -> ready.of(Plan.up(folder, ready.history(), to)));
    }

    /**
     * Records that a release of the code runs on this database as it is now; a contract step may follow only then. Once
     * recorded, the same release on the same state is not recorded again. Waits for no migration that is under way.
     *
     * <p>The role needs to read the history, and to read {@code migrate.deploys} and insert into it. In a database of an
     * earlier release of this tool that table is made first, for which it must be the owner.
     *
     * @param version as the release calls itself, not blank
     * @return what stands in the database now
     * @throws MigrationException {@link Reason#USAGE} when the version is blank or nothing is applied;
     *     {@link Reason#STATEMENT_FAILED} when the role may not record; the reasons of {@link #status()}
     */
    public Deploy deployed(String version) {
        return deployed(version, Deploys.Again.IGNORED);
    }

    /**
     * The same, said by somebody who knows that no older release runs any more: from now on is counted who still sends
     * what a contract breaks, also when this release was recorded before.
     */
    public Deploy deployedAlone(String version) {
        return deployed(version, Deploys.Again.NOTED);
    }

    private Deploy deployed(String version, Deploys.Again again) {
        if (version.isBlank()) {
            throw new MigrationException(Reason.USAGE, "Which version was deployed?");
        }
        try (Connection connection = open()) {
            History history = new History(connection);
            if (history.rows().isEmpty()) {
                throw new MigrationException(
                        Reason.USAGE, "Nothing is applied in this database yet, so no release can run on it.");
            }
            history.renew();
            return new Deploys(connection).record(version.strip(), again);
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    /**
     * Applies everything that is pending on a database that no other process uses: nothing older runs there that a
     * contract could break, so wherever one waits for a deploy, this release is recorded as that deploy.
     *
     * @param version of the release that calls, not blank
     * @return the last plan; it still waits only where the server's clock has gone back behind the step before
     * @throws MigrationException as {@link #up()} and {@link #deployed} do
     */
    public Plan upAlone(String version) {
        Plan plan = up();
        while (plan.waiting().isPresent()) {
            deployedAlone(version);
            Plan next = up();
            if (next.waiting().equals(plan.waiting())) {
                return next;
            }
            plan = next;
        }
        return plan;
    }

    /** Takes the newest migration back; nothing happens when none is applied. */
    public Plan downOne(Loss loss) {
        return run(ready -> consented(Plan.down(folder, ready.history(), beforeNewest(ready.history())), loss));
    }

    /** Takes back every migration after number {@code keep}, which stays. */
    public Plan downTo(int keep, Loss loss) {
        requireKnown(keep);
        return run(ready -> consented(Plan.down(folder, ready.history(), keep), loss));
    }

    /** Takes every migration back, the baseline too. */
    public Plan downAll(Loss loss) {
        return run(ready -> consented(Plan.down(folder, ready.history(), -1), loss));
    }

    private static int beforeNewest(List<Row> rows) {
        return rows.size() < 2 ? -1 : rows.get(rows.size() - 2).number();
    }

    private Plan consented(Plan plan, Loss loss) {
        List<Step> lossy = plan.lossy();
        if (loss == Loss.REFUSED && !lossy.isEmpty()) {
            throw new MigrationException(
                    Reason.LOSSY,
                    lossy.stream()
                            .map(step -> "\n  " + step.migration().name() + ": "
                                    + step.script().lossy().orElseThrow().why())
                            .collect(Collectors.joining(
                                    "", "This takes rows away for good:", "\nSay --yes if that is meant.")));
        }
        return plan;
    }

    private void requireKnown(int number) {
        if (folder.migration(number).isEmpty()) {
            throw new MigrationException(
                    Reason.USAGE, "There is no migration %04d in %s.".formatted(number, folder.path()));
        }
    }

    private Plan run(Function<Readiness, Plan> planner) {
        folder.requireApplicable();
        Timeline timeline = new Timeline(progress);
        try (Connection connection = open()) {
            AdvisoryLock lock = new AdvisoryLock(connection);
            lock.take(patience.otherRun(), timeline);
            try {
                Session.prepare(connection, patience.lock());
                History history = new History(connection);
                Readiness ready = readiness(connection);
                Plan plan = planner.apply(ready);
                if (plan.steps().isEmpty()) {
                    history.renew();
                } else {
                    history.create();
                }
                Witness witness = Witness.of(connection, connections, patience.lock());
                Workbench bench = new Workbench(connection, patience, timeline, witness);
                run(plan, lock, new StepRunner(bench, Background.of(connection, ready.deploys())), timeline);
                return plan;
            } finally {
                leave(connection, lock);
            }
        } catch (SQLException e) {
            throw broken(e);
        }
    }

    private static void run(Plan plan, AdvisoryLock lock, StepRunner runner, Timeline timeline) {
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            try {
                lock.keep();
            } catch (SQLException e) {
                throw runner.stopped(step, e);
            }
            timeline.accept(new Progress.Started(step, i + 1, plan.steps().size()));
            runner.run(step);
        }
    }

    private static void leave(Connection connection, AdvisoryLock lock) throws SQLException {
        if (connection.isValid(5)) {
            Session.restore(connection);
            lock.release();
        }
    }

    private Connection open() {
        try {
            return connections.open();
        } catch (SQLException e) {
            throw new MigrationException(
                    Reason.UNREACHABLE, "The database cannot be reached: %s".formatted(e.getMessage()), e);
        }
    }

    /** An error in the tool's own bookkeeping: the lock, the history, the session's settings. */
    private static MigrationException broken(SQLException e) {
        StepFailure failure = new StepFailure(StepFailure.At.HISTORY, Optional.empty(), e);
        Reason reason = failure.isConnectionLost()
                ? Reason.CONNECTION_LOST
                : failure.isDiskFull() ? Reason.DISK_FULL : Reason.STATEMENT_FAILED;
        return new MigrationException(
                reason,
                "The history cannot be kept (%s): %s. `migrate status` tells what is applied."
                        .formatted(failure.sqlState(), e.getMessage()),
                e);
    }
}
