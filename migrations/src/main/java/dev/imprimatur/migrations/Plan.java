package dev.imprimatur.migrations;

import dev.imprimatur.migrations.History.Row;
import dev.imprimatur.migrations.History.State;
import dev.imprimatur.migrations.MigrationException.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What will be run, in order. Planning refuses what must not be run; running a plan decides nothing any more.
 *
 * @param steps empty when nothing is to be done
 * @param waiting the first step that was left out because something must happen outside the database before it
 */
public record Plan(List<Step> steps, Optional<Waiting> waiting) {

    /**
     * A step that is not ready.
     *
     * @param why in one line: which step, what is missing, what to do
     */
    public record Waiting(Migration migration, String why) {}

    public Plan {
        steps = List.copyOf(steps);
    }

    Plan(List<Step> steps) {
        this(steps, Optional.empty());
    }

    /**
     * The way up to and including {@code to}, whether it is {@linkplain Readiness ready} or not.
     *
     * @throws MigrationException when folder and history do not fit together
     */
    static Plan up(MigrationFolder folder, List<Row> history, int to) {
        requireFit(folder, history);
        List<Step> steps = new ArrayList<>();
        for (Row row : history) {
            switch (row.state()) {
                case APPLIED -> {}
                case APPLYING -> {
                    if (row.number() <= to) {
                        steps.add(resumed(folder, row, Direction.FORWARD));
                    }
                }
                case REVERTING ->
                    throw new MigrationException(
                            Reason.INTERRUPTED,
                            "%s was being taken back and is half done. End that first: `migrate down`."
                                    .formatted(row.name()));
            }
        }
        int newest = newest(history);
        folder.migrations().stream()
                .filter(each -> each.number() > newest && each.number() <= to)
                .forEach(each -> steps.add(new Step(each, Direction.FORWARD, Mark.START)));
        return new Plan(steps);
    }

    /**
     * The way back to {@code keep}, which stays; -1 keeps none.
     *
     * @throws MigrationException when folder and history do not fit together
     */
    static Plan down(MigrationFolder folder, List<Row> history, int keep) {
        requireFit(folder, history);
        List<Step> steps = history.stream()
                .filter(row -> row.number() > keep)
                .sorted(Comparator.comparingInt(Row::number).reversed())
                .map(row -> row.state() == State.REVERTING
                        ? resumed(folder, row, Direction.DOWN)
                        : new Step(known(folder, row), Direction.DOWN, Mark.START))
                .toList();
        return new Plan(steps);
    }

    static int newest(List<Row> history) {
        return history.stream().mapToInt(Row::number).max().orElse(-1);
    }

    /** The steps that take rows away for good. */
    public List<Step> lossy() {
        return steps.stream().filter(step -> step.script().lossy().isPresent()).toList();
    }

    private static Step resumed(MigrationFolder folder, Row row, Direction direction) {
        Migration migration = known(folder, row);
        Script script = migration.script(direction);
        Mark mark = row.mark();
        List<Statement> statements = script.statements().list();
        boolean samePrefix = mark.statements() <= statements.size()
                && (mark.statements() == 0
                        || Checksum.of(statements.subList(0, mark.statements())).equals(mark.checksum()));
        if (!samePrefix) {
            throw new MigrationException(
                    Reason.EDITED,
                    "%s was interrupted after statement %d, and the statements up to there have changed since. Restore them; what comes after may be changed."
                            .formatted(script.file(), mark.statements()));
        }
        String subject = script.batch().map(Directive.Batch::subject).orElse("");
        if (mark.lastKey().isPresent() && !mark.batch().equals(subject)) {
            throw new MigrationException(
                    Reason.EDITED,
                    "%s was interrupted as a batch of %s, and no longer is one. Restore its directive."
                            .formatted(script.file(), mark.batch()));
        }
        return new Step(migration, direction, mark, row.run().unrehearsed());
    }

    private static void requireFit(MigrationFolder folder, List<Row> history) {
        folder.requireApplicable();
        history.forEach(row -> requireSame(known(folder, row), row));
        int newest = newest(history);
        for (Migration migration : folder.migrations()) {
            boolean isKnown = history.stream().anyMatch(row -> row.number() == migration.number());
            if (!isKnown && migration.number() < newest) {
                throw new MigrationException(
                        Reason.OUT_OF_ORDER,
                        "%s was never applied, but %04d was. Give it the number after the newest migration."
                                .formatted(migration.name(), newest));
            }
        }
    }

    private static Migration known(MigrationFolder folder, Row row) {
        Optional<Migration> migration = folder.migration(row.number());
        return migration.orElseThrow(() -> new MigrationException(
                Reason.NEWER_DATABASE,
                "The database has %s, which %s does not know: the database is newer than this program. Run the newer program, or take the migration back with it."
                        .formatted(row.name(), folder.path())));
    }

    private static void requireSame(Migration migration, Row row) {
        if (!migration.name().equals(row.name())) {
            throw new MigrationException(
                    Reason.EDITED,
                    "The database has %s, but %s is now %s. Restore the file's name, or give the new migration a new number."
                            .formatted(row.name(), migration.forward().file(), migration.name()));
        }
        if (row.state() != State.APPLYING && !migration.forward().checksum().equals(row.checksum())) {
            throw new MigrationException(
                    Reason.EDITED,
                    "%s was changed after it was applied. Restore it (`git log -p -- %s` shows how it was) and write a new migration for the change."
                            .formatted(
                                    migration.forward().file(),
                                    migration.forward().file()));
        }
    }
}
