package dev.imprimatur.publishing.access.policy;

import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * May this principal do this to that, in the words of the policy files: what both engines are asked.
 *
 * @param id the person's, whatever token is used: four eyes compares persons
 * @param attributes {@code P.attr}: as those of a {@link Resource}
 */
public record Question(
        String id,
        Set<String> roles,
        Map<String, ? extends @Nullable Object> attributes,
        Action action,
        Resource resource) {
    static final String KIND = "kind";
    static final String MANAGES_PEOPLE = "manages_people";

    public static Question of(Principal principal, Action action, Resource resource) {
        return new Question(
                principal.id().toString(),
                principal.person().roles().stream().map(Role::label).collect(Collectors.toUnmodifiableSet()),
                Map.of(
                        KIND,
                        principal.kind().label(),
                        MANAGES_PEOPLE,
                        principal.person().managesPeople()),
                action,
                resource);
    }

    /** The same of somebody else. */
    Question by(String otherId) {
        return new Question(otherId, roles, attributes, action, resource);
    }

    Question with(Set<String> otherRoles) {
        return new Question(id, otherRoles, attributes, action, resource);
    }

    Question with(String attribute, Object value) {
        Map<String, @Nullable Object> others = new HashMap<>(attributes);
        others.put(attribute, value);
        return new Question(id, roles, others, action, resource);
    }
}
