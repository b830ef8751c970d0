package dev.imprimatur.migrations.rows;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of the tables that were to be filled.
 *
 * @param filled tables with at least one row now, qualified and quoted
 * @param empty those that could not be filled
 * @param scarce those among {@code filled} that got fewer rows than asked, because more were refused
 */
public record FilledTables(List<String> filled, List<Empty> empty, List<Empty> scarce) {

    /** A table without rows, or without as many as asked, and why: a sentence that a person understands. */
    public record Empty(String table, String reason) {}

    /** Every table that was filled got as many as asked. */
    public FilledTables(List<String> filled, List<Empty> empty) {
        this(filled, empty, List.of());
    }

    public FilledTables {
        filled = List.copyOf(filled);
        empty = List.copyOf(empty);
        scarce = List.copyOf(scarce);
    }

    /**
     * This, brought up to date by what became of some tables.
     *
     * @param there whether a table still exists
     */
    public FilledTables with(FilledTables some, Predicate<String> there) {
        Set<String> news = new HashSet<>(some.filled);
        some.empty.forEach(table -> news.add(table.table()));
        Predicate<String> holds = table -> there.test(table) && !news.contains(table);
        return new FilledTables(
                Stream.concat(filled.stream().filter(holds), some.filled.stream())
                        .sorted()
                        .toList(),
                both(empty, some.empty, holds),
                both(scarce, some.scarce, holds));
    }

    private static List<Empty> both(List<Empty> old, List<Empty> news, Predicate<String> holds) {
        return Stream.concat(old.stream().filter(table -> holds.test(table.table())), news.stream())
                .sorted(Comparator.comparing(Empty::table))
                .toList();
    }

    /** Those that are to be tried again as soon as something has changed. */
    public Set<String> lacking() {
        return Stream.concat(empty.stream(), scarce.stream()).map(Empty::table).collect(Collectors.toSet());
    }

    /** Every table that something is known of. */
    public Set<String> known() {
        return Stream.concat(filled.stream(), empty.stream().map(Empty::table)).collect(Collectors.toSet());
    }
}
