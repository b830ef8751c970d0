package dev.imprimatur.publishing.access;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who acts: always a person, by which token or session if any. Four eyes compares persons, so an agent counts as its
 * owner.
 *
 * @param token null where the person acts in a session or at the host's command line
 * @param session null where the person acts by a token or at the host's command line
 */
public record Principal(
        Person person,
        @Nullable UUID token,
        TokenKind kind,
        OutletScope scope,
        @Nullable Session session) {

    public Principal(Person person, @Nullable UUID token, TokenKind kind) {
        this(person, token, kind, OutletScope.ALL, null);
    }

    public static Principal atTheCommandLine(Person person) {
        return new Principal(person, null, TokenKind.PERSONAL);
    }

    /** A person in a session acts as with a personal token. */
    static Principal in(Session session, Person person) {
        return new Principal(person, null, TokenKind.PERSONAL, OutletScope.ALL, session);
    }

    public UUID id() {
        return person.id();
    }
}
