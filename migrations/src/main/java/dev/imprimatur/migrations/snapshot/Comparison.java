package dev.imprimatur.migrations.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the effects between two snapshots. */
final class Comparison {

    private final Snapshot before;
    private final Snapshot after;
    private final Judgement judgement;

    Comparison(Snapshot before, Snapshot after) {
        this.before = before;
        this.after = after;
        this.judgement = new Judgement(before, after);
    }

    List<Effect> effects() {
        Set<ObjectId> ids = new TreeSet<>(before.objects().keySet());
        ids.addAll(after.objects().keySet());
        List<Effect> effects = new ArrayList<>();
        ids.forEach(id -> compare(id, effects));
        return effects;
    }

    private void compare(ObjectId id, List<Effect> effects) {
        CatalogObject was = before.objects().get(id);
        CatalogObject is = after.objects().get(id);
        if (was == null && is != null) {
            if (!cameWithParent(is, before, after)) {
                effects.add(new Effect.Added(is, judgement.ofAdded(is)));
            }
        } else if (is == null && was != null) {
            if (!cameWithParent(was, after, before)) {
                effects.add(new Effect.Dropped(was, judgement.ofDropped(was)));
            }
        } else if (was != null && is != null && !was.equals(is)) {
            changes(was, is, effects);
        }
    }

    /** Whether the parent itself is in one snapshot only; the parent's effect then tells enough. */
    private static boolean cameWithParent(CatalogObject object, Snapshot without, Snapshot with) {
        Optional<ObjectId> parent = object.parent();
        return parent.isPresent()
                && with.objects().containsKey(parent.get())
                && !without.objects().containsKey(parent.get());
    }

    private void changes(CatalogObject was, CatalogObject is, List<Effect> effects) {
        for (Fact fact : Fact.values()) {
            Optional<String> old = was.fact(fact);
            Optional<String> now = is.fact(fact);
            if (old.equals(now)) {
                continue;
            }
            if (fact == Fact.COLUMN_ORDER) {
                reorder(was, is, effects);
            } else {
                effects.add(new Effect.Changed(was.id(), fact, old, now, judgement.ofChanged(was, is, fact)));
            }
        }
    }

    /** Columns that came or went are told by themselves; what is left to tell is the order of those that stayed. */
    private static void reorder(CatalogObject was, CatalogObject is, List<Effect> effects) {
        List<String> old = new ArrayList<>(was.list(Fact.COLUMN_ORDER));
        List<String> now = new ArrayList<>(is.list(Fact.COLUMN_ORDER));
        old.retainAll(Set.copyOf(is.list(Fact.COLUMN_ORDER)));
        now.retainAll(Set.copyOf(was.list(Fact.COLUMN_ORDER)));
        if (!old.equals(now)) {
            effects.add(new Effect.Reordered(was.id(), old, now));
        }
    }
}
