package dev.imprimatur.migrations.snapshot;

import java.util.Comparator;

/**
 * What tells an object from all others.
 *
 * @param name qualified and quoted as in SQL: {@code public.posts.slug} for a column, {@code public.f(integer)} for a
 *     function
 */
public record ObjectId(Kind kind, String name) implements Comparable<ObjectId> {

    private static final Comparator<ObjectId> ORDER =
            Comparator.comparing(ObjectId::kind).thenComparing(ObjectId::name);

    @Override
    public int compareTo(ObjectId other) {
        return ORDER.compare(this, other);
    }

    /** {@code column posts.slug}: the schema {@code public} goes without saying. */
    @Override
    public String toString() {
        String shown = name.startsWith("public.") ? name.substring("public.".length()) : name;
        return kind.word() + " " + shown.replace(" public.", " ");
    }
}
