package dev.imprimatur.migrations.snapshot;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/** How much of the catalog is read. */
sealed interface Scope {

    Set<Group> groups();

    /** The condition that a relation is read, given the SQL that says which; each question mark stands for {@link #relations}. */
    String touched(String relation);

    /** The relations that are read, where not all are. */
    Set<Long> relations();

    record All() implements Scope {
        @Override
        public Set<Group> groups() {
            return EnumSet.allOf(Group.class);
        }

        @Override
        public String touched(String relation) {
            return "true";
        }

        @Override
        public Set<Long> relations() {
            return Set.of();
        }
    }

    record Of(Set<Long> relations, Set<Group> groups) implements Scope {
        @Override
        public String touched(String relation) {
            return relation + " = ANY (?)";
        }
    }

    /** The queries that read it, in one text, which is the same for the same groups. */
    default String queries() {
        List<String> queries = new ArrayList<>();
        groups().forEach(group -> queries.addAll(group.queries()));
        if (groups().contains(Group.TYPES) && !groups().contains(Group.RELATIONS)) {
            // A domain's constraints.
            queries.addAll(RelationQueries.CONSTRAINTS);
        }
        if (!groups().isEmpty()) {
            queries.addAll(RuleQueries.PRIVILEGES);
        }
        return queries.stream().map(this::expand).collect(Collectors.joining(";\n"));
    }

    private String expand(String query) {
        return RelationQueries.PLACE
                .matcher(query)
                .replaceAll(place -> Matcher.quoteReplacement(fragment(place.group(1), place.group(2))));
    }

    private String fragment(String name, String argument) {
        return switch (name) {
            case "touched" -> touched(argument);
            case "of_types" -> groups().contains(Group.TYPES) ? argument + " <> 0" : "false";
            case "group" -> String.valueOf(groups().contains(Group.valueOf(argument.toUpperCase(Locale.ROOT))));
            default -> throw new IllegalArgumentException("no fragment " + name);
        };
    }
}
