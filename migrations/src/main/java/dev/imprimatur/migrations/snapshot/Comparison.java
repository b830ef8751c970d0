package dev.imprimatur.migrations.snapshot;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    /** Walks through both in their order at once: what both hold as one instance costs next to nothing. */
    List<Effect> effects() {
        List<Effect> effects = new ArrayList<>();
        Iterator<CatalogObject> old = before.objects().values().iterator();
        Iterator<CatalogObject> now = after.objects().values().iterator();
        CatalogObject was = next(old);
        CatalogObject is = next(now);
        while (was != null || is != null) {
            int order = order(was, is);
            if (order == 0 && was != null && is != null && !was.equals(is)) {
                changes(was, is, effects);
            }
            if (order < 0 && was != null && !cameWithParent(was, after, before)) {
                effects.add(new Effect.Dropped(was, judgement.ofDropped(was)));
            }
            if (order > 0 && is != null && !cameWithParent(is, before, after)) {
                effects.add(new Effect.Added(is, judgement.ofAdded(is)));
            }
            was = order <= 0 ? next(old) : was;
            is = order >= 0 ? next(now) : is;
        }
        return effects;
    }

    private static @Nullable CatalogObject next(Iterator<CatalogObject> objects) {
        return objects.hasNext() ? objects.next() : null;
    }

    @SuppressWarnings("ReferenceEquality") // The same instance needs no look at its name.
    private static int order(@Nullable CatalogObject was, @Nullable CatalogObject is) {
        if (was == null || is == null) {
            return was == null ? 1 : -1;
        }
        return was == is ? 0 : was.id().compareTo(is.id());
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
