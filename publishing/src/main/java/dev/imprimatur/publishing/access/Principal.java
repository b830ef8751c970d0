package dev.imprimatur.publishing.access;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.time.Duration;
import java.time.Instant;
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
    private static final Duration FRESH = Duration.ofMinutes(15);

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

    /**
     * What opens doors for later is for whoever has shown just now who they are, and not for a browser left open, or a
     * token.
     *
     * @return the session, which is one of the last quarter of an hour
     * @throws RefusedException LOGIN_NOT_FRESH
     */
    public Session requireFreshLogin() {
        Instant login = session == null ? null : session.loginAt();
        if (session == null || login == null || login.isBefore(Instant.now().minus(FRESH))) {
            throw new RefusedException(
                    ErrorCode.LOGIN_NOT_FRESH, "log in again, and do this within a quarter of an hour");
        }
        return session;
    }

    public UUID id() {
        return person.id();
    }
}
