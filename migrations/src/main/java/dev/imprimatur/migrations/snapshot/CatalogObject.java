package dev.imprimatur.migrations.snapshot;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One object of the catalog.
 *
 * @param parent what it comes and goes with: a column's table, a trigger's table, a privilege's object
 * @param facts what is known about it, by fact
 */
public record CatalogObject(ObjectId id, Optional<ObjectId> parent, Map<Fact, String> facts) {

    public CatalogObject {
        Map<Fact, String> copy = new EnumMap<>(Fact.class);
        copy.putAll(facts);
        facts = Collections.unmodifiableMap(copy);
    }

    /** The fact's value, if it holds. */
    public Optional<String> fact(Fact fact) {
        return Optional.ofNullable(facts.get(fact));
    }

    boolean has(Fact fact) {
        return facts.containsKey(fact);
    }

    /** A fact that is a list of names, which the queries separate by line ends. */
    List<String> list(Fact fact) {
        return fact(fact).map(text -> List.of(text.split("\n", -1))).orElse(List.of());
    }
}
