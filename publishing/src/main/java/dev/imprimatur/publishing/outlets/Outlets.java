package dev.imprimatur.publishing.outlets;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.OutletScope;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** All outlets of this installation, by name. */
public final class Outlets {
    private final SortedMap<String, Outlet> byName = new TreeMap<>();

    public Outlets(List<Outlet> outlets) {
        for (Outlet outlet : outlets) {
            if (byName.put(outlet.name(), outlet) != null) {
                throw new IllegalArgumentException("Two outlets are named " + outlet.name());
            }
        }
    }

    /** These outlets as far as a token reaches: there are no others for it. */
    public Outlets within(OutletScope scope) {
        return scope.only() == null
                ? this
                : new Outlets(byName.values().stream()
                        .filter(outlet -> scope.covers(outlet.name()))
                        .toList());
    }

    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(byName.keySet()));
    }

    /** @throws RefusedException if there is none of that name */
    public Outlet named(String name) {
        Outlet outlet = byName.get(name);
        if (outlet == null) {
            throw new RefusedException(
                    ErrorCode.UNKNOWN_OUTLET,
                    "There is no outlet \"%s\"; there are: %s".formatted(name, String.join(", ", byName.keySet())));
        }
        return outlet;
    }
}
