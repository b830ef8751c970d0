package dev.imprimatur.publishing.access.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whoever could ask, about whatever there could be, with every attribute that a rule looks at present, wrong and missing. */
final class DecisionTable {
    static final String ME = "2b4e0ad6-6d2c-4d0c-9c52-0f3e3a3f4a10";
    static final String OTHER = "9a1f5c1e-1f5e-4a53-8c0b-7d1f0a6f7b11";
    private static final Object MISSING = new Object();

    private DecisionTable() {}

    record Asker(Set<String> roles, Map<String, @Nullable Object> attributes) {}

    /** Every role set, every kind, with and without managing people. */
    static List<Asker> askers() {
        List<Set<String>> roleSets = List.of(
                Set.of("viewer"),
                Set.of("operator"),
                Set.of("approver"),
                Set.of("viewer", "operator"),
                Set.of("viewer", "approver"),
                Set.of("operator", "approver"),
                Set.of("viewer", "operator", "approver"),
                Set.of("Approver"),
                Set.of("editor"),
                Set.of("editor", "operator"),
                // Not to be had by asking for it.
                Set.of("people_manager", "approver_in_person"));
        List<Asker> askers = new ArrayList<>();
        for (Set<String> roles : roleSets) {
            for (Object kind : values("personal", "agent")) {
                for (Object manages : values(true, false, MISSING, null, "true", 1)) {
                    askers.add(new Asker(roles, attributes("kind", kind, "manages_people", manages)));
                }
            }
            for (Object kind : values(MISSING, null, "Personal", "", 1, true, List.of("personal"))) {
                askers.add(new Asker(roles, attributes("kind", kind, "manages_people", true)));
            }
        }
        return askers;
    }

    static List<Resource> resources(String kind) {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        all.add(Map.of());
        switch (kind) {
            case "approval" -> {
                for (Object hands : values(
                        MISSING,
                        null,
                        List.of(),
                        List.of(OTHER),
                        List.of(ME),
                        List.of(OTHER, ME),
                        Arrays.asList(OTHER, null),
                        Arrays.asList((Object) null),
                        List.of(1),
                        List.of(List.of(ME)),
                        OTHER,
                        ME,
                        "",
                        true,
                        1)) {
                    all.add(attributes("hands_on", hands, "approver", MISSING));
                }
                ids().forEach(approver -> all.add(attributes("hands_on", MISSING, "approver", approver)));
            }
            case "token" -> ids().forEach(owner -> all.add(attributes("owner", owner, "kind", "agent")));
            case "person" ->
                ids().forEach(person -> values(MISSING, null, ME, OTHER, 1)
                        .forEach(by -> all.add(attributes("person", person, "proposed_by", by))));
            default -> all.add(attributes("owner", ME, "hands_on", null));
        }
        List<Resource> resources = new ArrayList<>();
        for (Map<String, @Nullable Object> attributes : all) {
            resources.add(new Resource(kind + resources.size(), attributes));
        }
        return resources;
    }

    private static List<@Nullable Object> ids() {
        return values(MISSING, null, ME, OTHER, "", 1, true, List.of(ME));
    }

    private static List<@Nullable Object> values(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    private static Map<String, @Nullable Object> attributes(
            String name, @Nullable Object value, String other, @Nullable Object otherValue) {
        Map<String, @Nullable Object> attributes = new HashMap<>();
        Stream.of(name, other).forEach(key -> {
            Object given = key.equals(name) ? value : otherValue;
            if (given != MISSING) {
                attributes.put(key, given);
            }
        });
        return attributes;
    }
}
