package dev.imprimatur.publishing.access.policy;

import dev.imprimatur.publishing.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The rules of a folder of policy files, ready to be asked. What no rule allows is denied. */
public final class Policies {
    private final Map<Action, List<Rule>> rules;

    private Policies(Map<Action, List<Rule>> rules) {
        this.rules = rules;
    }

    /** One way to be allowed: by a role, or by a role under a condition; and then by the rule's own condition. */
    record Rule(Set<String> roles, Set<DerivedRole> derivedRoles, Condition condition) {}

    record DerivedRole(String name, Set<String> parentRoles, Condition condition) {}

    /**
     * Reads the folder as a Cerbos would.
     *
     * @throws RefusedException CANNOT_START for whatever Cerbos knows and we do not evaluate, for what neither knows, and
     *     for an action without a rule; with file, line and what to write
     */
    public static Policies load(Path folder) {
        PolicyFiles files = new PolicyFiles();
        try (Stream<Path> listed = Files.list(folder)) {
            files.read(listed.sorted().toList());
        } catch (IOException e) {
            throw YamlPart.refused("the policy files in %s cannot be read: %s".formatted(folder, e));
        }
        return new Policies(new EnumMap<>(files.rules(folder)));
    }

    public boolean allow(Question question) {
        Map<String, ?> variables = Condition.variables(question);
        for (Rule rule : rules.getOrDefault(question.action(), List.of())) {
            if (reaches(rule, question.roles(), variables) && rule.condition().holds(variables)) {
                return true;
            }
        }
        return false;
    }

    private static boolean reaches(Rule rule, Set<String> roles, Map<String, ?> variables) {
        if (!Collections.disjoint(rule.roles(), roles)) {
            return true;
        }
        for (DerivedRole derived : rule.derivedRoles()) {
            if (!Collections.disjoint(derived.parentRoles(), roles)
                    && derived.condition().holds(variables)) {
                return true;
            }
        }
        return false;
    }
}
