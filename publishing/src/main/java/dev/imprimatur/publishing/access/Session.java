package dev.imprimatur.publishing.access;

import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A browser that is let in, or on its way.
 *
 * @param id by which people see and end it; it opens nothing
 * @param person null before a login
 * @param loginAt null before a login
 */
public record Session(
        UUID id,
        @Nullable Person person,
        Set<Method> methods,
        @Nullable Instant loginAt,
        @Nullable String userAgent,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt) {

    public Session {
        methods = Set.copyOf(methods);
    }

    /** How somebody has shown who they are. */
    public enum Method {
        PASSWORD,
        PASSKEY,
        OIDC,
        LINK;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Method of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }
}
