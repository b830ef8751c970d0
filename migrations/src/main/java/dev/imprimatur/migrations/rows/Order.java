package dev.imprimatur.migrations.rows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** In which order tables can be filled, and which need each other. */
final class Order {

    private final SortedMap<String, Target> targets;

    Order(SortedMap<String, Target> targets) {
        this.targets = targets;
    }

    /** Those first that others need; where references go in a circle, wishes give way before needs do. */
    List<Target> tables() {
        List<Target> ordered = new ArrayList<>();
        Set<String> open = new TreeSet<>(targets.keySet());
        while (!open.isEmpty()) {
            String next = open.stream()
                    .filter(name -> target(name).wishes().stream().noneMatch(open::contains))
                    .findFirst()
                    .or(() -> open.stream().filter(name -> isFree(name, open)).findFirst())
                    .orElseGet(() -> open.iterator().next());
            open.remove(next);
            ordered.add(target(next));
        }
        return ordered;
    }

    /** Whether what it needs is there, but for those that need it in turn. */
    private boolean isFree(String name, Set<String> open) {
        Set<String> circle = circle(name);
        return circle.stream()
                .flatMap(member -> target(member).needs().stream())
                .allMatch(needed -> circle.contains(needed) || !open.contains(needed));
    }

    /** The table and all that need it and that it needs. */
    SortedSet<String> circle(String name) {
        SortedSet<String> circle = new TreeSet<>(reached(name));
        circle.removeIf(other -> !reached(other).contains(name));
        circle.add(name);
        return circle;
    }

    private Set<String> reached(String from) {
        Set<String> reached = new HashSet<>();
        List<String> next = new ArrayList<>(target(from).needs());
        while (!next.isEmpty()) {
            String name = next.removeLast();
            if (targets.containsKey(name) && reached.add(name)) {
                next.addAll(target(name).needs());
            }
        }
        return reached;
    }

    Target target(String name) {
        return Objects.requireNonNull(targets.get(name));
    }
}
