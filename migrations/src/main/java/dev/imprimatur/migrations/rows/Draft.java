package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.Target.Column;
import dev.imprimatur.migrations.rows.Target.Form;
import dev.imprimatur.migrations.rows.Target.Leaf;
import dev.imprimatur.migrations.rows.Target.Reference;
import dev.imprimatur.migrations.rows.Target.Rule;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Chooses the values of one row of a table, all of them or some anew. */
final class Draft {

    /** Which of some columns are NULL: the answers to checks that count them. */
    enum Nulls {
        ANY,
        ALL_BUT_ONE,
        NONE,
        ALL
    }

    private static final int UNLIKE_THE_OTHERS = 40;
    private static final int SLOTS = 4000;

    private final Target target;
    private final Values values;
    private final Parents parents;
    private final Map<String, Hints> hints = new HashMap<>();
    private final Set<String> inSlots = new HashSet<>();
    private final Set<String> neverNull = new HashSet<>();
    private final Map<Rule, Set<String>> used = new HashMap<>();
    private final Map<String, Boolean> wanted = new HashMap<>();
    private Map<String, String> row = new LinkedHashMap<>();
    private Map<String, String> forced = Map.of();

    Draft(Target target, Parents parents, long seed) {
        this.target = target;
        this.parents = parents;
        this.values = new Values(new Random(seed));
        meanAnyLeaf();
    }

    private void meanAnyLeaf() {
        if (target.leaves().isEmpty()) {
            hintAt("");
        } else {
            mean(target.leaves().getFirst());
        }
    }

    /** Rows drafted from now on should end in this partition. */
    void mean(Leaf leaf) {
        hintAt(leaf.definition());
    }

    private void hintAt(String bounds) {
        for (Column column : target.columns()) {
            List<Rule> about = target.rules().stream()
                    .filter(rule -> rule.columns().contains(column.name()))
                    .toList();
            List<String> checks = about.stream()
                    .filter(rule -> rule.form() == Form.CHECK)
                    .map(Rule::definition)
                    .collect(Collectors.toList());
            checks.add(bounds);
            boolean apart = about.stream().anyMatch(rule -> rule.form() != Form.CHECK);
            hints.put(column.name(), Hints.of(column.name(), checks).apart(apart));
            if (about.stream().anyMatch(rule -> rule.form() == Form.EXCLUSION)) {
                inSlots.add(column.name());
            }
        }
    }

    /** Values that a condition speaks of are chosen for it alone: it may say the opposite of a rule. */
    void expect(String condition) {
        hints.replaceAll((column, known) -> {
            Hints expected = Hints.of(column, List.of(condition));
            return expected.equals(Hints.NONE)
                    ? known
                    : expected.withoutBounds().apart(known.apart());
        });
    }

    /** What rows must keep to is all that counts again. */
    void expectNothing() {
        meanAnyLeaf();
    }

    /** Values that stay as they are whatever else is chosen. */
    void force(Map<String, String> columns) {
        forced = Map.copyOf(columns);
    }

    Values values() {
        return values;
    }

    Hints hints(String column) {
        return hints.getOrDefault(column, Hints.NONE);
    }

    void neverNull(String column) {
        neverNull.add(column);
    }

    /** The row's values by column, as SQL, those that the server makes left out. */
    Map<String, String> row() {
        return row;
    }

    /** A row with all values new, unlike those before where it must be. */
    Map<String, String> next() throws SQLException {
        row = new LinkedHashMap<>();
        choose(target.columnNames(), Nulls.ANY);
        for (int tries = 0; tries < UNLIKE_THE_OTHERS; tries++) {
            Optional<Rule> broken = target.rules().stream().filter(this::isUsed).findFirst();
            if (broken.isEmpty()) {
                break;
            }
            choose(broken.get().columns(), Nulls.ANY);
        }
        target.rules().stream()
                .filter(this::canTell)
                .forEach(rule ->
                        used.computeIfAbsent(rule, none -> new HashSet<>()).add(key(rule)));
        return row;
    }

    private boolean canTell(Rule rule) {
        return rule.form() == Form.UNIQUE
                && rule.plain()
                && rule.columns().stream()
                        .map(column -> row.getOrDefault(column, "DEFAULT"))
                        .noneMatch(value -> value.equals("DEFAULT")
                                || (value.equals("NULL") && !rule.definition().contains("NULLS NOT DISTINCT")));
    }

    private boolean isUsed(Rule rule) {
        return canTell(rule) && used.getOrDefault(rule, Set.of()).contains(key(rule));
    }

    private String key(Rule rule) {
        return rule.columns().stream()
                .map(column -> row.getOrDefault(column, ""))
                .collect(Collectors.joining(","));
    }

    /** Chooses the values of these columns anew. */
    void choose(Collection<String> columns, Nulls nulls) throws SQLException {
        wish(columns, nulls);
        int slot = values.below(SLOTS);
        int order = 0;
        for (Column column : target.columns()) {
            if (columns.contains(column.name()) && column.writable() && !forced.containsKey(column.name())) {
                choose(column, slot, order++);
            }
        }
        Set<String> decided = new HashSet<>(forced.keySet());
        for (Reference reference : target.references()) {
            if (reference.columns().stream().anyMatch(columns::contains)
                    && !forced.keySet().containsAll(reference.columns())) {
                follow(reference, decided);
            }
        }
        row.putAll(forced);
    }

    private void wish(Collection<String> columns, Nulls nulls) {
        wanted.clear();
        List<String> open = target.columns().stream()
                .filter(column -> columns.contains(column.name()) && mayBeNull(column))
                .map(Column::name)
                .toList();
        if (nulls == Nulls.ANY || open.isEmpty()) {
            return;
        }
        String one = values.oneOf(open);
        for (String column : open) {
            wanted.put(column, nulls == Nulls.NONE || (nulls == Nulls.ALL_BUT_ONE && column.equals(one)));
        }
    }

    private boolean mayBeNull(Column column) {
        return column.nullable() && !neverNull.contains(column.name());
    }

    private boolean isToBeNull(Column column, double probability) {
        Boolean value = wanted.get(column.name());
        return value == null ? mayBeNull(column) && values.chance(probability) : !value;
    }

    private void choose(Column column, int slot, int order) {
        if (column.numbersItself() || (column.hasConstantDefault() && values.chance(0.3) && wanted.isEmpty())) {
            row.put(column.name(), "DEFAULT");
        } else if (isToBeNull(column, 0.3)) {
            row.put(column.name(), "NULL");
        } else if (inSlots.contains(column.name())) {
            row.put(column.name(), values.inSlot(column.type(), slot, order, hints(column.name())));
        } else {
            row.put(column.name(), values.of(column.type(), hints(column.name())));
        }
    }

    private void follow(Reference reference, Set<String> decided) throws SQLException {
        List<Column> nullable = target.columns().stream()
                .filter(column -> reference.columns().contains(column.name()) && mayBeNull(column))
                .filter(column -> !decided.contains(column.name()))
                .toList();
        boolean canBeNull = !nullable.isEmpty()
                && (!reference.full() || nullable.size() == reference.columns().size());
        List<List<String>> fitting = parents.keys(reference).stream()
                .filter(key -> fits(reference, key, decided))
                .toList();
        if (canBeNull && (fitting.isEmpty() || nullable.stream().anyMatch(column -> isToBeNull(column, 0.2)))) {
            nullable.forEach(column -> row.put(column.name(), "NULL"));
            return;
        }
        List<String> key = !fitting.isEmpty()
                ? values.oneOf(fitting)
                : reference.table().equals(target.name()) ? own(reference) : List.of();
        for (int i = 0; i < key.size(); i++) {
            row.put(reference.columns().get(i), key.get(i));
            decided.add(reference.columns().get(i));
        }
    }

    /** Whether a key agrees with what other foreign keys already say about shared columns. */
    private boolean fits(Reference reference, List<String> key, Set<String> decided) {
        for (int i = 0; i < key.size(); i++) {
            String column = reference.columns().get(i);
            if (decided.contains(column)
                    && !key.get(i).equals(bare(row.getOrDefault(column, forced.getOrDefault(column, ""))))) {
                return false;
            }
        }
        return true;
    }

    private static String bare(String literal) {
        int cast = literal.lastIndexOf("'::");
        return cast < 0 ? literal : literal.substring(0, cast + 1);
    }

    /** The first row of a table that refers to itself can only mean itself. */
    private List<String> own(Reference reference) {
        List<String> meant = reference.referenced().stream()
                .map(column -> row.getOrDefault(column, "DEFAULT"))
                .toList();
        return meant.contains("DEFAULT") ? List.of() : Objects.requireNonNull(meant);
    }
}
