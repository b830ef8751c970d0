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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
        List<Effect> effects = before.effectsTo(after);
        effects.forEach(this::add);
        Set<String> all = new TreeSet<>(touched);
        effects.forEach(effect -> tableOf(effect).ifPresent(all::add));
        for (String table : all) {
            uses.add(new Use(table, "a table that the step touched", new Way.Any()));
        }
        return uses.stream().distinct().toList();
    }

    /** The table that was there before and that the effect is on, be it on its index or trigger. */
    private Optional<String> tableOf(Effect effect) {
        ObjectId id = effect.id();
        return Optional.ofNullable(after.objects().get(id))
                .or(() -> Optional.ofNullable(before.objects().get(id)))
                .flatMap(known -> id.kind() == Kind.TABLE ? Optional.of(id) : known.parent())
                .filter(table -> table.kind() == Kind.TABLE
                        && before.objects().containsKey(table)
                        && after.objects().containsKey(table))
                .map(ObjectId::name);
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
                String type = changed.id().name();
                madeOf(type).stream()
                        .flatMap(each -> columnsOf(each).stream())
                        .forEach(column -> uses.add(new Use(
                                table(column),
                                "the new label " + label + " in " + column.id(),
                                new Way.Labelled(column(column), type, label))));
            }
        }
    }

    /** The type, the domains over it, and the composite types with an attribute of one of these. */
    private Set<String> madeOf(String type) {
        Set<String> made = new LinkedHashSet<>(List.of(type));
        int known = 0;
        while (known < made.size()) {
            known = made.size();
            for (CatalogObject object : after.objects().values()) {
                if (!isOf(object, made)) {
                    continue;
                }
                if (object.id().kind() == Kind.DOMAIN) {
                    made.add(object.id().name());
                } else if (object.id().kind() == Kind.COLUMN) {
                    object.parent()
                            .filter(parent -> parent.kind() == Kind.COMPOSITE_TYPE)
                            .ifPresent(parent -> made.add(parent.name()));
                }
            }
        }
        return made;
    }

    private static boolean isOf(CatalogObject object, Set<String> types) {
        return object.fact(Fact.TYPE)
                .map(name -> name.endsWith("[]") ? name.substring(0, name.length() - 2) : name)
                .filter(types::contains)
                .isPresent();
    }

    /** The columns of tables whose type is this one, or an array of it. */
    private List<CatalogObject> columnsOf(String type) {
        return after.objects().values().stream()
                .filter(object -> object.id().kind() == Kind.COLUMN
                        && object.parent().filter(id -> id.kind() == Kind.TABLE).isPresent())
                .filter(object -> isOf(object, Set.of(type)))
                .toList();
    }

    private static String table(CatalogObject column) {
        return column.parent().orElseThrow().name();
    }

    private static String column(CatalogObject column) {
        return column.id().name().substring(table(column).length() + 1);
    }
}
