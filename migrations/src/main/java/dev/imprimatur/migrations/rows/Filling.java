package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.RowMaker.Effort;
import dev.imprimatur.migrations.rows.Target.Reference;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Fills tables in an open transaction. */
final class Filling {

    private static final int TRIES_FOR_A_LEAF = 12;

    private final Connection connection;
    private final Statement statement;
    private final TableList tables;
    private final GeneratedRows wanted;
    private final Parents parents;
    private final Map<String, Long> there = new HashMap<>();
    private final SortedMap<String, String> empty = new TreeMap<>();
    private final SortedMap<String, String> scarce = new TreeMap<>();

    Filling(Connection connection, Statement statement, TableList tables, GeneratedRows wanted) {
        this.connection = connection;
        this.statement = statement;
        this.tables = tables;
        this.wanted = wanted;
        this.parents = new Parents(statement);
    }

    FilledTables fill(List<TableList.Listed> roots) throws SQLException {
        tables.count(roots, wanted.rows());
        List<TableList.Listed> lacking = roots.stream()
                .filter(table -> tables.lacks(table, wanted.rows()))
                .toList();
        Order order = new Order(Targets.read(connection, lacking));
        for (Target target : order.tables()) {
            there.putIfAbsent(target.name(), tables.rows(target.name()));
            fill(target, order);
        }
        for (TableList.Listed root : lacking) {
            if (root.partitioned() && !empty.containsKey(root.name())) {
                fillLeaves(root, order.target(root.name()));
            }
        }
        return new FilledTables(
                roots.stream()
                        .map(TableList.Listed::name)
                        .filter(name -> !empty.containsKey(name))
                        .toList(),
                listed(empty),
                listed(scarce));
    }

    private static List<FilledTables.Empty> listed(SortedMap<String, String> reasons) {
        return reasons.entrySet().stream()
                .map(entry -> new FilledTables.Empty(entry.getKey(), entry.getValue()))
                .toList();
    }

    private long rows(String table) {
        return there.getOrDefault(table, tables.rows(table));
    }

    private void fill(Target target, Order order) throws SQLException {
        if (target.partitioned() && target.leaves().isEmpty()) {
            empty.put(target.name(), "it has no partition that takes rows");
            return;
        }
        long before = rows(target.name());
        if (before == 0) {
            Optional<String> obstacle = startCircle(target, order);
            if (obstacle.isPresent()) {
                empty.put(target.name(), obstacle.get());
                return;
            }
        }
        long now = rows(target.name());
        RowMaker maker = maker(target, before);
        Effort effort = now == 0 ? Effort.GREAT : before == 0 ? Effort.USUAL : Effort.SMALL;
        now += maker.insert((int) Math.max(0, wanted.rows() - now), effort);
        there.put(target.name(), now);
        if (now == 0) {
            empty.put(target.name(), maker.refusal());
        } else if (now < wanted.rows()) {
            scarce.put(target.name(), maker.refusal());
        }
    }

    RowMaker maker(Target target, long salt) {
        return new RowMaker(
                statement, target, parents, wanted.seed() + target.name().hashCode() + salt * 31);
    }

    /** Sees to what the first row needs; what is in the way, if anything is. */
    private Optional<String> startCircle(Target target, Order order) throws SQLException {
        List<Target> circle = order.circle(target.name()).stream()
                .map(order::target)
                .filter(member -> rows(member.name()) == 0)
                .toList();
        for (Target member : circle) {
            for (Reference reference : member.references()) {
                boolean inCircle =
                        circle.stream().anyMatch(other -> other.name().equals(reference.table()));
                if (!inCircle
                        && !member.canWait(reference)
                        && parents.keys(reference).isEmpty()) {
                    return Optional.of("it needs a row of %s (foreign key %s), which has none%s"
                            .formatted(
                                    reference.table(),
                                    reference.name(),
                                    empty.containsKey(reference.table()) ? ": " + empty.get(reference.table()) : ""));
                }
            }
        }
        if (circle.size() > 1) {
            Circle first = new Circle(statement, circle, parents, wanted.seed());
            if (!first.insert()) {
                return Optional.of("it and %s need each other, and no rows were taken: %s"
                        .formatted(
                                circle.stream()
                                        .map(Target::name)
                                        .filter(name -> !name.equals(target.name()))
                                        .toList(),
                                first.refusal()));
            }
            circle.forEach(member -> {
                there.put(member.name(), 1L);
                parents.forget(member.name());
            });
        }
        return Optional.empty();
    }

    private void fillLeaves(TableList.Listed root, Target target) throws SQLException {
        tables.count(List.of(root), wanted.rows());
        for (Target.Leaf leaf : target.leaves()) {
            RowMaker maker = maker(target, leaf.name().hashCode());
            for (int tries = 0; tries < TRIES_FOR_A_LEAF && tables.rows(leaf.name()) == 0; tries++) {
                maker.insertInto(leaf);
                tables.count(List.of(root), wanted.rows());
            }
            if (tables.rows(leaf.name()) == 0) {
                empty.put(leaf.name(), "none of the rows made up for " + root.name() + " belongs into this partition");
            }
        }
    }
}
