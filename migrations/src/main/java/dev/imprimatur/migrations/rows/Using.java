package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.RowMaker.Effort;
import dev.imprimatur.migrations.rows.Target.Column;
import dev.imprimatur.migrations.rows.Target.Leaf;
import dev.imprimatur.migrations.rows.Use.Way;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the rows that make use of a new schema, in an open transaction. */
final class Using {

    private static final int ROWS_OF_ANY_KIND = 2;
    private static final Pattern CHECK =
            Pattern.compile("CHECK \\((.*)\\)(?: NO INHERIT)?(?: NOT VALID)?", Pattern.DOTALL);
    private static final Pattern FOREIGN_KEY =
            Pattern.compile("FOREIGN KEY \\((.*?)\\) REFERENCES (\\S+?)\\((.*?)\\).*", Pattern.DOTALL);

    private final Connection connection;
    private final Statement statement;
    private final TableList tables;
    private final GeneratedRows wanted;
    private final Parents parents;
    private final List<UsedTables.Row> written = new ArrayList<>();
    private final List<UsedTables.Row> refused = new ArrayList<>();
    private boolean needsCommit;

    Using(Connection connection, Statement statement, TableList tables, GeneratedRows wanted) {
        this.connection = connection;
        this.statement = statement;
        this.tables = tables;
        this.wanted = wanted;
        this.parents = new Parents(statement);
    }

    UsedTables use(List<Use> uses) throws SQLException {
        List<String> names = uses.stream().map(Use::table).distinct().toList();
        List<TableList.Listed> roots = tables.roots(names);
        // New tables may need each other; filled a little, they all have what the others need.
        List<TableList.Listed> still = emptyOnes(roots);
        if (!still.isEmpty()) {
            new Filling(connection, statement, tables, new GeneratedRows(wanted.seed(), 1)).fill(still);
        }
        Map<String, Target> targets = Targets.read(connection, roots);
        Map<String, RowMaker> makers = new HashMap<>();
        for (Target target : new Order(new TreeMap<>(targets)).tables()) {
            makers.put(
                    target.name(),
                    new RowMaker(
                            statement,
                            target,
                            parents,
                            wanted.seed() * 7 + target.name().hashCode()));
        }
        for (Use use : uses) {
            Optional<Leaf> leaf = targets.values().stream()
                    .flatMap(target -> target.leaves().stream())
                    .filter(one -> one.name().equals(use.table()))
                    .findFirst();
            String root = tables.root(use.table());
            Target target = targets.get(root);
            RowMaker maker = makers.get(root);
            if (target != null && maker != null) {
                use(use, target, leaf, maker);
            }
        }
        return new UsedTables(written, refused, needsCommit);
    }

    private List<TableList.Listed> emptyOnes(Collection<TableList.Listed> roots) throws SQLException {
        tables.count(List.copyOf(roots), 1);
        return roots.stream().filter(root -> tables.rows(root.name()) == 0).toList();
    }

    private void use(Use use, Target target, Optional<Leaf> leaf, RowMaker maker) throws SQLException {
        boolean done = switch (use.way()) {
            case Way.Any any ->
                leaf.isPresent() ? maker.insertInto(leaf.get()) : maker.insert(ROWS_OF_ANY_KIND, Effort.USUAL) > 0;
            case Way.Fixed(String column, String value) -> maker.insertWith(Map.of(column, value), "true");
            case Way.Filled(String column) -> maker.insertWith(Map.of(), column + " IS NOT NULL");
            case Way.Labelled(String column, String type, String label) ->
                maker.insertWith(
                        Map.of(
                                column,
                                target.column(column)
                                        .flatMap(one -> LabelledValue.of(one.type(), type, label))
                                        .orElse(label)),
                        "true");
            case Way.Wide(String column, String oldType) -> wide(maker, target.column(column), oldType);
            case Way.Against(String definition) -> against(maker, target, definition);
            case Way.Again(List<String> columns) -> again(maker, target, columns);
        };
        if (done) {
            written.add(new UsedTables.Row(use.table(), use.why()));
        } else {
            // A label that is as new as its transaction cannot be used before the commit.
            needsCommit |= maker.lastRefusal().state().equals("55P04");
            refused.add(new UsedTables.Row(use.table(), use.why() + ": " + maker.refusal()));
        }
    }

    private static boolean wide(RowMaker maker, Optional<Column> column, String oldType) throws SQLException {
        if (column.isEmpty()) {
            return false;
        }
        Optional<String> value = Wide.value(column.get().type(), oldType);
        return value.isPresent()
                ? maker.insertWith(Map.of(column.get().name(), value.get()), "true")
                : maker.insertWith(Map.of(), column.get().name() + " IS NOT NULL");
    }

    private static boolean against(RowMaker maker, Target target, String definition) throws SQLException {
        Matcher check = CHECK.matcher(definition);
        if (check.matches()) {
            String condition = "(" + check.group(1) + ") IS FALSE";
            maker.draft().expect(condition);
            boolean done = maker.insertWith(Map.of(), condition);
            maker.draft().expectNothing();
            return done;
        }
        Matcher key = FOREIGN_KEY.matcher(definition);
        if (!key.matches()) {
            return false;
        }
        List<String> columns = List.of(key.group(1).split(", ", -1));
        List<String> referenced = List.of(key.group(3).split(", ", -1));
        Map<String, String> fixed = new LinkedHashMap<>();
        for (String column : columns) {
            target.column(column).ifPresent(one -> fixed.put(column, stray(maker, one)));
        }
        String pairs = IntStream.range(0, columns.size())
                .mapToObj(i -> "parent." + referenced.get(i) + " = " + target.name() + "." + columns.get(i))
                .collect(Collectors.joining(" AND "));
        return maker.insertWith(fixed, "NOT EXISTS (SELECT FROM %s parent WHERE %s)".formatted(key.group(2), pairs));
    }

    /** Far from any number that a small table has given out. */
    private static String stray(RowMaker maker, Column column) {
        return column.type() instanceof ValueType.Plain(String sql, String base, int modifier)
                ? switch (base) {
                    case "int2" -> "32123";
                    case "int4", "int8" -> "2123456789";
                    default -> maker.draft().values().of(column.type(), Hints.NONE);
                }
                : maker.draft().values().of(column.type(), maker.draft().hints(column.name()));
    }

    private boolean again(RowMaker maker, Target target, List<String> named) throws SQLException {
        List<String> columns = named.stream()
                .filter(column -> target.column(column).isPresent())
                .toList();
        if (columns.isEmpty() || columns.size() < named.size()) {
            return false;
        }
        String filled = columns.stream().map(column -> column + " IS NOT NULL").collect(Collectors.joining(" AND "));
        Map<String, String> fixed = new LinkedHashMap<>();
        try (ResultSet row = statement.executeQuery(
                "SELECT %s FROM %s WHERE %s LIMIT 1".formatted(String.join(", ", columns), target.name(), filled))) {
            if (!row.next()) {
                return false;
            }
            for (int i = 1; i <= columns.size(); i++) {
                fixed.put(columns.get(i - 1), Values.quoted(row.getString(i)));
            }
        }
        return maker.insertWith(fixed, "true");
    }
}
