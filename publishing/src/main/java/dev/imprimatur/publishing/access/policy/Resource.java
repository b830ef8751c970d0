package dev.imprimatur.publishing.access.policy;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an action is about, as far as a rule may look at it: {@code R} in the policy files.
 *
 * @param attributes text, booleans, numbers, null, and lists of these
 */
public record Resource(String id, Map<String, ? extends @Nullable Object> attributes) {
    /** Where the rule looks at nothing but who asks. */
    public static final Resource ANY = new Resource("any", Map.of());

    private static final String HANDS_ON = "hands_on";
    private static final String APPROVER = "approver";
    private static final String OWNER = "owner";
    private static final String PERSON = "person";
    private static final String PROPOSED_BY = "proposed_by";

    private static final Map<String, Set<String>> KNOWN = Map.of(
            "approval", Set.of(HANDS_ON, APPROVER),
            "token", Set.of(OWNER),
            "person", Set.of(PERSON, PROPOSED_BY));

    /** Content that is to be approved, and everybody who had a hand in it. */
    public static Resource work(UUID content, Collection<UUID> handsOn) {
        return new Resource(
                content.toString(),
                Map.of(HANDS_ON, handsOn.stream().map(UUID::toString).toList()));
    }

    /** A decision that was made. */
    public static Resource decision(UUID approval, UUID approver) {
        return new Resource(approval.toString(), Map.of(APPROVER, approver.toString()));
    }

    public static Resource token(UUID token, UUID owner) {
        return new Resource(token.toString(), Map.of(OWNER, owner.toString()));
    }

    /** A token that is about to be made. */
    public static Resource newToken(UUID owner) {
        return new Resource("new", Map.of(OWNER, owner.toString()));
    }

    public static Resource person(UUID person) {
        return new Resource(person.toString(), Map.of(PERSON, person.toString()));
    }

    /** A change to a person that somebody has proposed. */
    public static Resource proposal(UUID change, UUID person, UUID proposedBy) {
        return new Resource(change.toString(), Map.of(PERSON, person.toString(), PROPOSED_BY, proposedBy.toString()));
    }

    /** What a rule about such a thing may look at. */
    static Set<String> attributesOf(String kind) {
        return KNOWN.getOrDefault(kind, Set.of());
    }
}
