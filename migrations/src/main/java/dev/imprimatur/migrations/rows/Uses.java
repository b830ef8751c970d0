package dev.imprimatur.migrations.rows;

import dev.imprimatur.migrations.rows.Use.Way;
import dev.imprimatur.migrations.snapshot.CatalogObject;
import dev.imprimatur.migrations.snapshot.Effect;
import dev.imprimatur.migrations.snapshot.Fact;
import dev.imprimatur.migrations.snapshot.Kind;
import dev.imprimatur.migrations.snapshot.ObjectId;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What new code could write that old code could not, from what a step did to the catalog. */
final class Uses {

    private final Snapshot before;
    private final Snapshot after;
    private final List<Use> uses = new ArrayList<>();

    Uses(Snapshot before, Snapshot after) {
        this.before = before;
        this.after = after;
    }

    /** @param touched tables that new code writes to in any case */
    List<Use> list(Collection<String> touched) {
        before.effectsTo(after).forEach(this::add);
        for (String table : new TreeSet<>(touched)) {
            uses.add(new Use(table, "a table that the step touched", new Way.Any()));
        }
        return uses.stream().distinct().toList();
    }

    private void add(Effect effect) {
        switch (effect) {
            case Effect.Added(CatalogObject object, var none) -> added(object);
            case Effect.Dropped(CatalogObject object, var none) -> dropped(object);
            case Effect.Changed changed -> changed(changed);
            case Effect.Reordered reordered -> {}
        }
    }

    private void added(CatalogObject object) {
        ObjectId id = object.id();
        switch (id.kind()) {
            case TABLE -> uses.add(new Use(id.name(), "the new " + id, new Way.Any()));
            case COLUMN -> {
                String column = column(object);
                boolean ofTable = object.parent().map(ObjectId::kind).equals(Optional.of(Kind.TABLE));
                if (ofTable && object.fact(Fact.GENERATED).isEmpty()) {
                    uses.add(new Use(table(object), "a value in the new " + id, new Way.Filled(column)));
                    if (object.fact(Fact.NOT_NULL).isEmpty()) {
                        uses.add(new Use(table(object), "a NULL in the new " + id, new Way.Fixed(column, "NULL")));
                    }
                }
            }
            default -> {}
        }
    }

    private void dropped(CatalogObject object) {
        boolean unique = object.fact(Fact.CONSTRAINT_TYPE)
                .filter(type -> !type.equals("check") && !type.equals("foreign key"))
                .isPresent();
        switch (object.id().kind()) {
            case CONSTRAINT -> against(object, unique);
            case INDEX -> {
                if (object.fact(Fact.UNIQUE).isPresent()) {
                    against(object, true);
                }
            }
            default -> {}
        }
    }

    private void against(CatalogObject rule, boolean repeated) {
        String why = "a row against " + rule.id() + ", which is gone";
        String definition = rule.fact(Fact.DEFINITION).orElse("");
        Optional<ObjectId> parent = rule.parent();
        if (parent.filter(id -> id.kind() == Kind.DOMAIN).isPresent()) {
            columnsOf(parent.get().name())
                    .forEach(column -> uses.add(new Use(
                            table(column),
                            why + ", in " + column.id(),
                            new Way.Against(definition.replaceAll("\\bVALUE\\b", column(column))))));
        } else if (parent.isPresent() && repeated) {
            List<String> columns = rule.fact(Fact.ON_COLUMNS)
                    .map(names -> List.of(names.split("\n", -1)))
                    .orElse(List.of());
            uses.add(new Use(parent.get().name(), why, new Way.Again(columns)));
        } else if (parent.isPresent()) {
            uses.add(new Use(parent.get().name(), why, new Way.Against(definition)));
        }
    }

    private void changed(Effect.Changed changed) {
        CatalogObject is = after.objects().get(changed.id());
        CatalogObject was = before.objects().get(changed.id());
        if (is == null || was == null) {
            return;
        }
        boolean ofTable = changed.id().kind() == Kind.COLUMN
                && is.parent().filter(id -> id.kind() == Kind.TABLE).isPresent();
        boolean lost = changed.after().isEmpty();
        switch (changed.fact()) {
            case NOT_NULL -> {
                if (ofTable && lost) {
                    uses.add(new Use(
                            table(is),
                            "a NULL in " + changed.id() + ", which takes it now",
                            new Way.Fixed(column(is), "NULL")));
                } else if (changed.id().kind() == Kind.DOMAIN && lost) {
                    columnsOf(changed.id().name())
                            .forEach(column -> uses.add(new Use(
                                    table(column),
                                    "a NULL in " + column.id() + ", whose domain takes it now",
                                    new Way.Fixed(column(column), "NULL"))));
                }
            }
            case TYPE -> {
                if (ofTable) {
                    uses.add(new Use(
                            table(is),
                            "a value that only the new type of " + changed.id() + " holds",
                            new Way.Wide(column(is), changed.before().orElse(""))));
                }
            }
            case DEFAULT -> {
                if (ofTable && !lost) {
                    uses.add(new Use(
                            table(is), "the new default of " + changed.id(), new Way.Fixed(column(is), "DEFAULT")));
                }
            }
            case LABELS -> labels(changed);
            case DEFINITION -> {
                if (changed.id().kind() == Kind.CONSTRAINT || changed.id().kind() == Kind.INDEX) {
                    dropped(was);
                }
            }
            default -> {}
        }
    }

    private void labels(Effect.Changed changed) {
        List<String> old = List.of(changed.before().orElse("").split("\n", -1));
        for (String label : changed.after().orElse("").split("\n", -1)) {
            if (!old.contains(label)) {
                columnsOf(changed.id().name())
                        .forEach(column -> uses.add(new Use(
                                table(column),
                                "the new label " + label + " in " + column.id(),
                                new Way.Labelled(column(column), label))));
            }
        }
    }

    /** The columns of tables whose type is this one, or an array of it. */
    private List<CatalogObject> columnsOf(String type) {
        return after.objects().values().stream()
                .filter(object -> object.id().kind() == Kind.COLUMN
                        && object.parent().filter(id -> id.kind() == Kind.TABLE).isPresent())
                .filter(object -> object.fact(Fact.TYPE)
                        .filter(name -> name.equals(type) || name.equals(type + "[]"))
                        .isPresent())
                .toList();
    }

    private static String table(CatalogObject column) {
        return column.parent().orElseThrow().name();
    }

    private static String column(CatalogObject column) {
        return column.id().name().substring(table(column).length() + 1);
    }
}
