package dev.imprimatur.publishing.approvals;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Person;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One person's word on one revision: a yes to exactly these bytes for this window, or changes asked for. */
public record Approval(
        UUID id,
        UUID contentId,
        int revision,
        Decision decision,
        Person.Name approver,
        List<Bytes> renditions,
        Instant notBefore,
        Instant notAfter,
        @Nullable String comment,
        Instant decidedAt,
        @Nullable Instant withdrawnAt) {

    public enum Decision {
        APPROVED,
        CHANGES_REQUESTED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Decision of(@Nullable String label) {
            for (Decision decision : values()) {
                if (decision.label().equals(label)) {
                    return decision;
                }
            }
            throw RefusedException.field("/decision", "write \"approved\" or \"changes_requested\"");
        }
    }

    /** The bytes that somebody saw for an outlet, by their hash in 64 hexadecimal digits. */
    public record Bytes(String outlet, String sha256) {}

    /**
     * What a person decides.
     *
     * @param renditions what was seen; empty only when changes are asked for
     * @param notBefore null for now
     * @param notAfter null for the due instant plus an hour, or a day from now where nothing is planned
     */
    public record Word(
            UUID contentId,
            int revision,
            Decision decision,
            List<Bytes> renditions,
            @Nullable Instant notBefore,
            @Nullable Instant notAfter,
            @Nullable String comment) {}
}
