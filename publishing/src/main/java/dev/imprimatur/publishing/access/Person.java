package dev.imprimatur.publishing.access;

import java.util.Set;
import java.util.UUID;

public record Person(UUID id, String name, Set<Role> roles, boolean managesPeople) {
    public Person {
        roles = Set.copyOf(roles);
    }

    /** The person as others see them in content, approvals and comments. */
    public record Name(UUID id, String name) {}

    public Name named() {
        return new Name(id, name);
    }
}
