package dev.imprimatur.migrations;

import dev.imprimatur.migrations.History.Row;
import dev.imprimatur.migrations.MigrationException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a database stands against a folder.
 *
 * @param standing how it stands as a whole: what a server asks before it serves
 * @param entries every migration that either of them knows, by number
 * @param refusal why {@code up} would not run, in words; empty when it would
 * @param waiting before which step {@code up} would stop, and why
 * @param deploys the releases that were recorded, oldest first
 */
public record Status(
        Standing standing,
        List<Entry> entries,
        Optional<String> refusal,
        Optional<Plan.Waiting> waiting,
        List<Deploy> deploys) {

    /** How a database stands as a whole. */
    public enum Standing {
        /** Everything in the folder is applied. */
        CURRENT,
        /** Everything but contract steps is applied, and the first of these waits for a deploy: code may be deployed. */
        WAITING,
        /** Something in the folder is not applied yet. */
        BEHIND,
        /** The database has migrations that the folder does not know. */
        NEWER,
        /** A step was interrupted; {@code up}, or {@code down} for a way back, goes on. */
        INTERRUPTED,
        /** Folder and database contradict each other: an edited, renamed or late migration, or a faulty folder. */
        CONFLICT
    }

    public enum State {
        PENDING,
        APPLIED,
        /** The forward file was begun and not ended. */
        APPLYING,
        /** The down file was begun and not ended. */
        REVERTING,
        /** Applied, and its forward file was changed or renamed since. */
        EDITED,
        /** In the database, not in the folder. */
        UNKNOWN,
        /** Never applied, though a later one was. */
        LATE
    }

    /**
     * One migration.
     *
     * @param row how it stands in the database; empty when it was never applied
     * @param note what else is worth knowing, or empty
     */
    public record Entry(int number, String name, State state, Optional<Row> row, String note) {}

    public Status {
        entries = List.copyOf(entries);
        deploys = List.copyOf(deploys);
    }

    static Status of(Readiness ready) {
        MigrationFolder folder = ready.folder();
        List<Row> history = ready.history();
        SortedMap<Integer, Row> rows = new TreeMap<>();
        history.forEach(row -> rows.put(row.number(), row));
        SortedMap<Integer, Entry> entries = new TreeMap<>();
        folder.migrations().forEach(each -> entries.put(each.number(), entry(each, rows)));
        rows.forEach((number, row) -> entries.putIfAbsent(
                number, new Entry(number, row.name(), State.UNKNOWN, Optional.of(row), "not in the folder")));
        List<Entry> all = new ArrayList<>(entries.values());
        Optional<Plan.Waiting> waiting = Optional.empty();
        Optional<MigrationException> refusal = Optional.empty();
        try {
            waiting = ready.of(Plan.up(folder, history, Integer.MAX_VALUE)).waiting();
        } catch (MigrationException refused) {
            refusal = Optional.of(refused);
        }
        return new Status(
                standing(folder, all, refusal, waiting),
                all,
                refusal.map(refused -> String.valueOf(refused.getMessage())),
                waiting,
                ready.deploys());
    }

    private static Entry entry(Migration migration, SortedMap<Integer, Row> rows) {
        Row row = rows.get(migration.number());
        if (row == null) {
            boolean late = !rows.isEmpty() && migration.number() < rows.lastKey();
            return new Entry(
                    migration.number(),
                    migration.name(),
                    late ? State.LATE : State.PENDING,
                    Optional.empty(),
                    late ? "later ones are applied" : "");
        }
        String note = "";
        State state = switch (row.state()) {
            case APPLYING -> State.APPLYING;
            case REVERTING -> State.REVERTING;
            case APPLIED -> State.APPLIED;
        };
        if (!row.name().equals(migration.name())) {
            state = State.EDITED;
            note = "applied as " + row.name();
        } else if (state == State.APPLYING || state == State.REVERTING) {
            note = reached(migration, row);
        } else if (!row.checksum().equals(migration.forward().checksum())) {
            state = State.EDITED;
            note = "changed after it was applied";
        } else if (!row.downChecksum().equals(migration.down().checksum())) {
            note = "its down file was changed since";
        }
        return new Entry(migration.number(), migration.name(), state, Optional.of(row), note);
    }

    private static String reached(Migration migration, Row row) {
        Mark mark = row.mark();
        if (mark.lastKey().isPresent()) {
            return "interrupted after key " + mark.lastKey().get() + ", " + mark.rows() + " rows";
        }
        Direction direction = row.state() == History.State.REVERTING ? Direction.DOWN : Direction.FORWARD;
        int of = migration.script(direction).statements().list().size();
        return "interrupted after " + mark.statements() + " of " + of + " statements";
    }

    /** The migrations that {@code up} would apply. */
    public List<Entry> pending() {
        return entries.stream().filter(entry -> entry.state() == State.PENDING).toList();
    }

    private static Standing standing(
            MigrationFolder folder,
            List<Entry> entries,
            Optional<MigrationException> refusal,
            Optional<Plan.Waiting> waiting) {
        List<State> states = entries.stream().map(Entry::state).toList();
        if (!folder.blockers().isEmpty()) {
            return Standing.CONFLICT;
        }
        if (states.contains(State.UNKNOWN)) {
            return Standing.NEWER;
        }
        if (states.contains(State.APPLYING) || states.contains(State.REVERTING)) {
            return Standing.INTERRUPTED;
        }
        if (refusal.isPresent() && refusal.get().reason() != Reason.UNREHEARSED) {
            return Standing.CONFLICT;
        }
        if (waiting.isPresent() && onlyContractsArePending(folder, entries)) {
            return Standing.WAITING;
        }
        return states.contains(State.PENDING) ? Standing.BEHIND : Standing.CURRENT;
    }

    private static boolean onlyContractsArePending(MigrationFolder folder, List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.state() == State.PENDING)
                .allMatch(entry -> folder.migration(entry.number())
                        .filter(migration -> migration.phase() == Phase.CONTRACT)
                        .isPresent());
    }
}
