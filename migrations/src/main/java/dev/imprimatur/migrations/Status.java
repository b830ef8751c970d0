package dev.imprimatur.migrations;

import dev.imprimatur.migrations.History.Row;
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
 */
public record Status(Standing standing, List<Entry> entries, Optional<String> refusal) {

    /** How a database stands as a whole. */
    public enum Standing {
        /** Everything in the folder is applied. */
        CURRENT,
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
    }

    static Status of(MigrationFolder folder, List<Row> history) {
        SortedMap<Integer, Row> rows = new TreeMap<>();
        history.forEach(row -> rows.put(row.number(), row));
        SortedMap<Integer, Entry> entries = new TreeMap<>();
        folder.migrations().forEach(each -> entries.put(each.number(), entry(each, rows)));
        rows.forEach((number, row) -> entries.putIfAbsent(
                number, new Entry(number, row.name(), State.UNKNOWN, Optional.of(row), "not in the folder")));
        List<Entry> all = new ArrayList<>(entries.values());
        Optional<String> refusal = refusal(folder, history);
        return new Status(standing(folder, all, refusal), all, refusal);
    }

    private static Optional<String> refusal(MigrationFolder folder, List<Row> history) {
        try {
            Plan.up(folder, history, Integer.MAX_VALUE);
            return Optional.empty();
        } catch (MigrationException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
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

    private static Standing standing(MigrationFolder folder, List<Entry> entries, Optional<String> refusal) {
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
        if (refusal.isPresent()) {
            return Standing.CONFLICT;
        }
        return states.contains(State.PENDING) ? Standing.BEHIND : Standing.CURRENT;
    }
}
