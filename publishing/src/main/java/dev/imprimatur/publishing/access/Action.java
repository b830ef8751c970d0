package dev.imprimatur.publishing.access;

import static dev.imprimatur.publishing.access.Role.APPROVER;
import static dev.imprimatur.publishing.access.Role.OPERATOR;
import static dev.imprimatur.publishing.access.Role.VIEWER;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Everything that can be asked of the server, and which roles may ask it. The only place where this is decided. */
public enum Action {
    READ(Set.of(VIEWER, OPERATOR, APPROVER), Agents.MAY),
    WRITE(Set.of(OPERATOR), Agents.MAY),
    COMMENT(Set.of(OPERATOR, APPROVER), Agents.MAY),
    SUBMIT(Set.of(OPERATOR), Agents.MAY),
    DECIDE(Set.of(APPROVER), Agents.MAY_NOT),
    SCHEDULE(Set.of(OPERATOR), Agents.MAY),
    CANCEL(Set.of(OPERATOR), Agents.MAY),
    SWITCH_OFF(Set.of(OPERATOR, APPROVER), Agents.MAY_NOT),
    SWITCH_ON(Set.of(APPROVER), Agents.MAY_NOT);

    private enum Agents {
        MAY,
        MAY_NOT
    }

    @SuppressWarnings("ImmutableEnumChecker") // Set.of gives sets that cannot change
    private final Set<Role> roles;

    private final Agents agents;

    Action(Set<Role> roles, Agents agents) {
        this.roles = roles;
        this.agents = agents;
    }

    /** Refuses with {@link ErrorCode#AGENTS_MAY_NOT} or {@link ErrorCode#FORBIDDEN}. */
    public void require(Principal principal) {
        if (principal.kind() == TokenKind.AGENT && agents == Agents.MAY_NOT) {
            throw new RefusedException(
                    ErrorCode.AGENTS_MAY_NOT, "an agent proposes, people decide: use a personal token to " + words());
        }
        if (Collections.disjoint(principal.person().roles(), roles)) {
            throw new RefusedException(
                    ErrorCode.FORBIDDEN,
                    "to %s takes the role %s; %s has %s"
                            .formatted(
                                    words(),
                                    labels(roles),
                                    principal.person().name(),
                                    labels(principal.person().roles())));
        }
    }

    private String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String labels(Set<Role> roles) {
        return roles.isEmpty()
                ? "none"
                : roles.stream().sorted().map(Role::label).collect(Collectors.joining(" or "));
    }
}
