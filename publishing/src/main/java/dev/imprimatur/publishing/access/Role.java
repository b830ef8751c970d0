package dev.imprimatur.publishing.access;

import dev.imprimatur.publishing.RefusedException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a person may be; a person can be several. */
public enum Role {
    OPERATOR,
    APPROVER,
    VIEWER;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Role of(String label) {
        for (Role role : values()) {
            if (role.label().equals(label)) {
                return role;
            }
        }
        throw RefusedException.field(
                "/role",
                "there is no role '%s'; write one of %s"
                        .formatted(
                                label, Arrays.stream(values()).map(Role::label).collect(Collectors.joining(", "))));
    }
}
