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

    /** The condition that a relation is read, given the SQL that says which. */
    String touched(String relation);

    record All() implements Scope {
        @Override
        public Set<Group> groups() {
            return EnumSet.allOf(Group.class);
        }

        @Override
        public String touched(String relation) {
            return "true";
        }
    }

    record Of(Set<Long> relations, Set<Group> groups) implements Scope {
        @Override
        public String touched(String relation) {
            return relation + " = ANY ('{"
                    + relations.stream().map(String::valueOf).collect(Collectors.joining(","))
                    + "}'::oid[])";
        }
    }

    /** The queries that read it, in one text. */
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
