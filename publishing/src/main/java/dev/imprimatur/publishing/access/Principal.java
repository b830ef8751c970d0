package dev.imprimatur.publishing.access;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who acts: always a person, by which token if any. Four eyes compares persons, so an agent counts as its owner.
 *
 * @param token null where the person acts at the host's command line
 */
public record Principal(Person person, @Nullable UUID token, TokenKind kind) {

    public static Principal atTheCommandLine(Person person) {
        return new Principal(person, null, TokenKind.PERSONAL);
    }

    public UUID id() {
        return person.id();
    }
}
