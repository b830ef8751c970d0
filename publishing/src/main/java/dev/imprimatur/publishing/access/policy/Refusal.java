package dev.imprimatur.publishing.access.policy;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why something is denied, found by asking the same rules what would have been allowed: a second list of reasons beside
 * the policy files would sooner or later say something else.
 */
final class Refusal {
    private static final Set<String> EVERY_ROLE =
            Arrays.stream(Role.values()).map(Role::label).collect(Collectors.toUnmodifiableSet());

    private final Policies policies;
    private final Question question;
    private final Question bySomebodyElse;

    private Refusal(Policies policies, Question question) {
        this.policies = policies;
        this.question = question;
        this.bySomebodyElse = question.by(UUID.randomUUID().toString());
    }

    static RefusedException of(Policies policies, String name, Question question) {
        return new Refusal(policies, question).worded(name);
    }

    private RefusedException worded(String name) {
        String what = question.action().words();
        if (policies.allow(question)) {
            return forbidden("the policy server does not let %s %s".formatted(name, what));
        }
        if (isOnlyForPeople()) {
            return new RefusedException(
                    ErrorCode.AGENTS_MAY_NOT, "an agent proposes, people decide: use a personal token to " + what);
        }
        Set<Role> takers = takers();
        if (!takers.isEmpty()
                && takers.stream().noneMatch(role -> question.roles().contains(role.label()))) {
            return forbidden(
                    "to %s takes the role %s; %s has %s".formatted(what, labels(takers), name, labels(mine())));
        }
        if (policies.allow(question.with(Question.MANAGES_PEOPLE, true))) {
            return forbidden("to %s takes an approver who manages people; %s does not".formatted(what, name));
        }
        String whose = whose();
        if (whose != null) {
            return forbidden("only its %s can %s".formatted(whose, what));
        }
        if (policies.allow(bySomebodyElse)) {
            return new RefusedException(
                    ErrorCode.FOUR_EYES,
                    "to %s takes other eyes than those that had a part in it; somebody else must".formatted(what));
        }
        return forbidden("%s may not %s".formatted(name, what));
    }

    /** Whether no role would help an agent, and some would help a person. */
    private boolean isOnlyForPeople() {
        if (!TokenKind.AGENT.label().equals(question.attributes().get(Question.KIND))) {
            return false;
        }
        Question best = question.with(EVERY_ROLE).with(Question.MANAGES_PEOPLE, true);
        Question inPerson = best.with(Question.KIND, TokenKind.PERSONAL.label());
        return !policies.allow(best) && (policies.allow(inPerson) || policies.allow(inPerson.by(bySomebodyElse.id())));
    }

    /** Each role that would do by itself, for this person or for another. */
    private Set<Role> takers() {
        Set<Role> takers = EnumSet.noneOf(Role.class);
        for (Role role : Role.values()) {
            Question asked = question.with(Set.of(role.label())).with(Question.MANAGES_PEOPLE, true);
            if (policies.allow(asked) || policies.allow(asked.by(bySomebodyElse.id()))) {
                takers.add(role);
            }
        }
        return takers;
    }

    /** The attribute whose value one would have to be. */
    private @Nullable String whose() {
        for (Map.Entry<String, ?> attribute : question.resource().attributes().entrySet()) {
            if (attribute.getValue() instanceof String id && policies.allow(question.by(id))) {
                return attribute.getKey().replace('_', ' ');
            }
        }
        return null;
    }

    private Set<Role> mine() {
        return Arrays.stream(Role.values())
                .filter(role -> question.roles().contains(role.label()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    }

    private static RefusedException forbidden(String detail) {
        return new RefusedException(ErrorCode.FORBIDDEN, detail);
    }

    private static String labels(Set<Role> roles) {
        return roles.isEmpty() ? "none" : roles.stream().map(Role::label).collect(Collectors.joining(" or "));
    }
}
