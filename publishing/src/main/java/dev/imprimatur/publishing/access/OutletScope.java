package dev.imprimatur.publishing.access;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which outlets a token reaches. What names any other does not exist for it.
 *
 * @param only the outlets' names, or null for all there are and will be
 */
public record OutletScope(@Nullable Set<String> only) {
    public static final OutletScope ALL = new OutletScope(null);

    public OutletScope {
        only = only == null ? null : Set.copyOf(only);
    }

    public static OutletScope of(Collection<String> outlets) {
        return new OutletScope(Set.copyOf(outlets));
    }

    public boolean covers(String outlet) {
        return only == null || only.contains(outlet);
    }

    public boolean coversAll(Collection<String> outlets) {
        return only == null || only.containsAll(outlets);
    }

    /** Whether whoever has this scope may hand on that one. */
    boolean covers(OutletScope other) {
        return only == null || (other.only != null && only.containsAll(other.only));
    }

    /** As the database takes it: null for all. */
    public String @Nullable [] names() {
        return only == null ? null : only.stream().sorted().toArray(String[]::new);
    }
}
