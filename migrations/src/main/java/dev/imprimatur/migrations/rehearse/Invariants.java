package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.rows.FilledTables;
import dev.imprimatur.migrations.rows.GeneratedRows;
import dev.imprimatur.migrations.rows.TableDigest;
import dev.imprimatur.migrations.snapshot.CatalogObject;
import dev.imprimatur.migrations.snapshot.Effect;
import dev.imprimatur.migrations.snapshot.Fact;
import dev.imprimatur.migrations.snapshot.Kind;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What must hold after a step of each phase, with what is known of the steps before it. */
final class Invariants {

    private final Chain chain;
    /** By change: the columns that its steps have added, as {@code schema.table.column}. */
    private final Map<String, Set<String>> columns = new HashMap<>();
    /** By change: the tables that its steps have added. */
    private final Map<String, Set<String>> tables = new HashMap<>();

    private FilledTables filled = new FilledTables(List.of(), List.of());

    Invariants(Chain chain) {
        this.chain = chain;
    }

    /** Rows for every table but the one that belongs to the layout's runner. */
    GeneratedRows generatedRows(int atLeast) {
        return new GeneratedRows(
                GeneratedRows.DEFAULT.seed(),
                atLeast,
                chain.layout().historyTable().map(Set::of).orElseGet(Set::of));
    }

    /**
     * Tops up the rows of the tables that a step may have left with too few.
     *
     * @param written those that it may have written to
     * @param now the catalog as the step has left it
     */
    void fill(Connection connection, GeneratedRows wanted, Set<String> written, Snapshot now) throws SQLException {
        Set<String> there = now.objects().values().stream()
                .filter(object -> object.id().kind() == Kind.TABLE)
                .filter(object -> object.fact(Fact.PARTITION_BOUND).isEmpty())
                .map(object -> object.id().name())
                .filter(table -> !wanted.leftAlone().contains(table))
                .collect(Collectors.toSet());
        Set<String> lacking = new TreeSet<>(written);
        lacking.addAll(filled.lacking());
        Set<String> known = filled.known();
        there.stream().filter(table -> !known.contains(table)).forEach(lacking::add);
        filled = filled.with(wanted.fill(connection, lacking), there::contains);
    }

    FilledTables filled() {
        return filled;
    }

    String whyEmpty(String table) {
        return filled.empty().stream()
                .filter(empty -> empty.table().equals(table))
                .findFirst()
                .map(empty -> "it has no rows, and none could be made up: " + empty.reason())
                .orElse("it has no rows");
    }

    /** Remembers what a step has added. */
    void applied(ChainStep step, List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Added added) {
                String name = added.id().name();
                switch (added.id().kind()) {
                    case COLUMN ->
                        columns.computeIfAbsent(step.change(), none -> new HashSet<>())
                                .add(name);
                    case TABLE ->
                        tables.computeIfAbsent(step.change(), none -> new HashSet<>())
                                .add(name);
                    default -> {
                        // Only columns and tables hold rows.
                    }
                }
            }
        }
    }

    boolean rowsChanged(SortedMap<String, TableDigest> before, SortedMap<String, TableDigest> after) {
        return before.entrySet().stream()
                .anyMatch(table -> Optional.ofNullable(after.get(table.getKey()))
                        .flatMap(now -> table.getValue().differenceTo(now))
                        .isPresent());
    }

    /** Rows that existed keep their number and values, but for those that this phase may change. */
    List<Finding> rows(
            ChainStep step,
            SortedMap<String, TableDigest> before,
            SortedMap<String, TableDigest> after,
            List<String> notes) {
        List<Finding> findings = new ArrayList<>();
        before.forEach((table, was) -> Optional.ofNullable(after.get(table))
                .map(is -> LargeObjects.knownTo(was, is))
                .flatMap(is -> was.differenceTo(is, mayChange(step, table)))
                .ifPresent(difference -> {
                    if (step.phase().isEmpty()) {
                        notes.add("it changes rows of " + Names.shown(table) + ": " + difference.line());
                    } else if (!isFreeToFill(step, table)) {
                        findings.add(new Finding(
                                FindingCode.ROWS_CHANGED,
                                Names.table(table),
                                "`%s` must leave these as they are: %s"
                                        .formatted(step.phase().get().word(), difference.line()),
                                Blame.place(Names.table(table), step.forward())));
                    }
                }));
        return findings;
    }

    private Set<String> mayChange(ChainStep step, String table) {
        Set<String> may = new HashSet<>();
        if (step.phase().equals(Optional.of(Phase.BACKFILL))) {
            columns.getOrDefault(step.change(), Set.of()).stream()
                    .filter(column -> column.startsWith(table + "."))
                    .forEach(column -> may.add(column.substring(table.length() + 1)));
        }
        return may;
    }

    private boolean isFreeToFill(ChainStep step, String table) {
        return step.phase().equals(Optional.of(Phase.BASELINE))
                || (step.phase().equals(Optional.of(Phase.BACKFILL))
                        && tables.getOrDefault(step.change(), Set.of()).contains(table));
    }

    /** No index that nobody can use is left behind, nor a constraint that no later step of the change validates. */
    List<Finding> validity(ChainStep step, Snapshot before, Snapshot after, List<String> notes) {
        List<Finding> findings = new ArrayList<>();
        boolean lastOfItsChange = isLastConstrain(step);
        for (CatalogObject object : after.objects().values()) {
            boolean index = object.id().kind() == Kind.INDEX
                    && object.fact(Fact.INVALID).isPresent();
            boolean constraint = object.id().kind() == Kind.CONSTRAINT
                    && object.fact(Fact.NOT_VALID).isPresent();
            boolean wasSo = before.object(object.id().kind(), object.id().name())
                    .filter(was ->
                            was.fact(index ? Fact.INVALID : Fact.NOT_VALID).isPresent())
                    .isPresent();
            if (index && !wasSo) {
                findings.add(
                        invalid(step, object, "the index is not valid: nothing reads by it, and every write keeps it"));
            } else if (constraint && (!wasSo || lastOfItsChange)) {
                String what = "the constraint is not validated: rows that existed before may break it";
                if (step.phase().isPresent() && lastOfItsChange && isOfChange(step, object)) {
                    findings.add(invalid(step, object, what + ", and no later step of this change validates it"));
                } else if (!wasSo) {
                    notes.add(object.id() + ": " + what);
                }
            }
        }
        return findings;
    }

    private static boolean isOfChange(ChainStep step, CatalogObject object) {
        String name = object.id().name().substring(object.id().name().lastIndexOf('.') + 1);
        return step.forward().statements().list().stream().anyMatch(statement -> statement.hasWord(name));
    }

    private boolean isLastConstrain(ChainStep step) {
        if (!step.phase().equals(Optional.of(Phase.CONSTRAIN))) {
            return false;
        }
        return chain.steps().stream()
                .filter(other ->
                        other.change().equals(step.change()) && other.phase().equals(step.phase()))
                .reduce((earlier, later) -> later)
                .filter(step::equals)
                .isPresent();
    }

    private static Finding invalid(ChainStep step, CatalogObject object, String detail) {
        return new Finding(
                FindingCode.INVALID_LEFT_BEHIND,
                object.id().toString(),
                detail,
                Blame.place(object.id().toString(), step.forward()));
    }
}
