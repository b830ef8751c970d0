package dev.imprimatur.migrations.workload;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How much of a workload says something.
 *
 * @param texts how many queries there are
 * @param planned those with a plan: a later refusal of them is found
 * @param writes those of the planned that write
 * @param ran those of the writes that ran and wrote at least one row
 * @param refused how many do not plan, by SQLSTATE
 * @param untestable how many cannot be tried, by reason
 */
public record Coverage(
        int texts,
        int planned,
        int writes,
        int ran,
        SortedMap<String, Integer> refused,
        SortedMap<String, Integer> untestable) {

    public Coverage {
        refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
        untestable = Collections.unmodifiableSortedMap(new TreeMap<>(untestable));
    }

    /** {@code 40 of 47 queries plan, 11 of 12 writes run; not tested: 5 × 42601, 2 × a utility statement}. */
    @Override
    public String toString() {
        TreeMap<String, Integer> rest = new TreeMap<>(refused);
        rest.putAll(untestable);
        return "%d of %d queries plan, %d of %d writes run".formatted(planned, texts, ran, writes)
                + (rest.isEmpty()
                        ? ""
                        : rest.entrySet().stream()
                                .map(entry -> entry.getValue() + " × " + entry.getKey())
                                .collect(Collectors.joining(", ", "; not tested: ", "")));
    }
}
