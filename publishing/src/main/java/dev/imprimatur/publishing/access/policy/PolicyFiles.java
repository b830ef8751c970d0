package dev.imprimatur.publishing.access.policy;

import dev.cel.runtime.Program;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.policy.Policies.DerivedRole;
import dev.imprimatur.publishing.access.policy.Policies.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads Cerbos' own format, as much of it as is evaluated here; any more refuses, and says what to write instead. */
final class PolicyFiles {
    private static final String VERSION = "api.cerbos.dev/v1";
    private static final Set<String> ROLES =
            Arrays.stream(Role.values()).map(Role::label).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> KINDS =
            Arrays.stream(Action.values()).map(Action::kind).collect(Collectors.toUnmodifiableSet());

    private static final String WHERE_USED = "write the expression where it is used";
    private static final String COMMENT = "write a comment";
    private static final Map<String, String> NOT_IN_FILES = Map.of(
            "principalPolicy", "write a resourcePolicy",
            "rolePolicy", "write a resourcePolicy",
            "exportVariables", WHERE_USED,
            "exportConstants", WHERE_USED,
            "variables", WHERE_USED,
            "description", COMMENT,
            "metadata", COMMENT,
            "disabled", "take the file away");
    private static final Map<String, String> NOT_IN_POLICIES = Map.of(
            "scope", "there is one scope; leave it out",
            "scopePermissions", "there is one scope; leave it out",
            "schemas", "leave it out: what is sent as attributes is known",
            "variables", WHERE_USED,
            "constants", WHERE_USED);
    private static final Map<String, String> NOT_IN_RULES =
            Map.of("output", "leave it out: a refusal is worded by the program", "name", COMMENT);
    private static final Map<String, String> NOT_IN_MATCHES =
            Map.of("any", "write a rule for each", "none", "write all, and ! before each expression");

    private final Map<String, Map<String, DerivedRole>> derivedRoles = new HashMap<>();
    private final Map<Action, List<Rule>> rules = new EnumMap<>(Action.class);
    private final Set<String> kinds = new HashSet<>();

    void read(List<Path> files) {
        List<YamlPart> policies = new ArrayList<>();
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.startsWith(".") || name.endsWith("_test.yaml") || name.endsWith(".md")) {
                continue;
            }
            if (!Files.isRegularFile(file) || !name.endsWith(".yaml")) {
                throw YamlPart.refused("%s: only .yaml files are read here; move it away or rename it".formatted(file));
            }
            YamlPart whole = YamlPart.read(file);
            Map<String, YamlPart> keys =
                    whole.keys(Set.of("apiVersion", "resourcePolicy", "derivedRoles"), NOT_IN_FILES);
            whole.required(keys, "apiVersion").text(Set.of(VERSION));
            if (keys.size() != 2) {
                throw whole.fault("write either resourcePolicy or derivedRoles beside apiVersion");
            }
            if (keys.containsKey("derivedRoles")) {
                derivedRoles(whole.required(keys, "derivedRoles"));
            } else {
                policies.add(whole.required(keys, "resourcePolicy"));
            }
        }
        // A policy may stand before the derived roles that it imports.
        policies.forEach(this::policy);
    }

    /** Of every action: one that nobody may do is more likely forgotten than meant. */
    Map<Action, List<Rule>> rules(Path folder) {
        for (Action action : Action.values()) {
            if (!rules.containsKey(action)) {
                throw YamlPart.refused("%s: no rule of resource '%s' says who may '%s'; write one"
                        .formatted(folder, action.kind(), action.verb()));
            }
        }
        return rules;
    }

    private void derivedRoles(YamlPart part) {
        Map<String, YamlPart> keys = part.keys(Set.of("name", "definitions"), NOT_IN_POLICIES);
        Map<String, DerivedRole> definitions = new HashMap<>();
        for (YamlPart definition : part.required(keys, "definitions").items()) {
            Map<String, YamlPart> of = definition.keys(Set.of("name", "parentRoles", "condition"), Map.of());
            String name = definition.required(of, "name").text();
            DerivedRole role = new DerivedRole(
                    name,
                    roles(definition.required(of, "parentRoles")),
                    of.containsKey("condition")
                            ? condition(definition.required(of, "condition"), Set.of())
                            : Condition.NONE);
            if (ROLES.contains(name) || definitions.put(name, role) != null) {
                throw definition.fault("the role '%s' is defined already; choose another name".formatted(name));
            }
        }
        YamlPart name = part.required(keys, "name");
        if (derivedRoles.put(name.text(), definitions) != null) {
            throw name.fault("another file is called '%s' already; choose another name".formatted(name.text()));
        }
    }

    private void policy(YamlPart part) {
        Map<String, YamlPart> keys =
                part.keys(Set.of("version", "resource", "importDerivedRoles", "rules"), NOT_IN_POLICIES);
        part.required(keys, "version").text(Set.of("default"));
        YamlPart resource = part.required(keys, "resource");
        String kind = resource.text(KINDS);
        if (!kinds.add(kind)) {
            throw resource.fault("another file has the rules of '%s' already; write them there".formatted(kind));
        }
        Map<String, DerivedRole> imported = new HashMap<>();
        if (keys.containsKey("importDerivedRoles")) {
            for (YamlPart name : part.required(keys, "importDerivedRoles").items()) {
                name.text(derivedRoles.keySet());
                imported.putAll(Objects.requireNonNull(derivedRoles.get(name.text())));
            }
        }
        for (YamlPart rule : part.required(keys, "rules").items()) {
            rule(rule, kind, imported);
        }
    }

    private void rule(YamlPart part, String kind, Map<String, DerivedRole> imported) {
        Map<String, YamlPart> keys =
                part.keys(Set.of("actions", "effect", "roles", "derivedRoles", "condition"), NOT_IN_RULES);
        YamlPart effect = part.required(keys, "effect");
        if (effect.text().equals("EFFECT_DENY")) {
            throw effect.fault("EFFECT_DENY is not evaluated here; what no rule allows is denied, so narrow the"
                    + " condition of the EFFECT_ALLOW");
        }
        effect.text(Set.of("EFFECT_ALLOW"));
        if (!keys.containsKey("roles") && !keys.containsKey("derivedRoles")) {
            throw part.fault("'roles' or 'derivedRoles' is missing; write one");
        }
        Set<DerivedRole> derived = new HashSet<>();
        if (keys.containsKey("derivedRoles")) {
            for (YamlPart name : part.required(keys, "derivedRoles").items()) {
                name.text(imported.keySet());
                derived.add(Objects.requireNonNull(imported.get(name.text())));
            }
        }
        Rule rule = new Rule(
                keys.containsKey("roles") ? roles(part.required(keys, "roles")) : Set.of(),
                derived,
                keys.containsKey("condition")
                        ? condition(part.required(keys, "condition"), Resource.attributesOf(kind))
                        : Condition.NONE);
        List<Action> known = Action.on(kind);
        for (YamlPart verb : part.required(keys, "actions").items()) {
            Action action = known.stream()
                    .filter(candidate -> candidate.verb().equals(verb.text()))
                    .findFirst()
                    .orElseThrow(() -> verb.fault("nothing asks for '%s' of '%s'; there are: %s"
                            .formatted(
                                    verb.text(),
                                    kind,
                                    known.stream().map(Action::verb).collect(Collectors.joining(", ")))));
            rules.computeIfAbsent(action, ignored -> new ArrayList<>()).add(rule);
        }
    }

    private static Set<String> roles(YamlPart part) {
        part.items().forEach(role -> role.text(ROLES));
        return part.texts();
    }

    private static Condition condition(YamlPart part, Set<String> attributes) {
        List<Program> all = new ArrayList<>();
        match(part.required(part.keys(Set.of("match"), Map.of("script", "write match")), "match"), attributes, all);
        return new Condition(all);
    }

    private static void match(YamlPart part, Set<String> attributes, List<Program> all) {
        Map<String, YamlPart> keys = part.keys(Set.of("expr", "all"), NOT_IN_MATCHES);
        if (keys.size() != 1) {
            throw part.fault("write either expr or all");
        }
        if (keys.containsKey("expr")) {
            all.add(Condition.compile(part.required(keys, "expr"), attributes));
            return;
        }
        YamlPart allOf = part.required(keys, "all");
        for (YamlPart each :
                allOf.required(allOf.keys(Set.of("of"), Map.of()), "of").items()) {
            match(each, attributes, all);
        }
    }
}
