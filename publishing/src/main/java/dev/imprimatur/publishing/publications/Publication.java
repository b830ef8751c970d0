package dev.imprimatur.publishing.publications;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.content.DueTime;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One approved rendition to one outlet at one instant. */
public record Publication(
        UUID id,
        UUID contentId,
        int revision,
        String outlet,
        String renditionSha256,
        State state,
        @Nullable HeldReason heldReason,
        DueTime due,
        @Nullable String externalId,
        @Nullable String url,
        @Nullable Instant publishedAt,
        Instant createdAt,
        Instant updatedAt) {

    public enum State {
        SCHEDULED,
        SENDING,
        PUBLISHED,
        FAILED,
        UNCERTAIN,
        CANCELLED,
        HELD;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static State of(String label) {
            for (State state : values()) {
                if (state.label().equals(label)) {
                    return state;
                }
            }
            throw new RefusedException(
                    ErrorCode.MALFORMED,
                    "there is no state '%s'; there are scheduled, sending, published, failed, uncertain, cancelled, held"
                            .formatted(label));
        }
    }

    /** Why it waits for a person. */
    public enum HeldReason {
        OUTLET_OFF("the outlet is switched off"),
        GLOBAL_STOP("everything is stopped"),
        DRY_RUN("the outlet is in dry run: it was rendered and proved, and not sent"),
        EDITED("the content was edited after its approval"),
        CHANGES_REQUESTED("changes were asked for after its approval"),
        APPROVAL_WITHDRAWN("an approval was withdrawn"),
        NO_SUCH_OUTLET("this server has no such outlet"),
        NOT_APPROVED("the exact bytes are not approved"),
        LATE("its time lies outside what was approved");

        private final String words;

        HeldReason(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static HeldReason of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    /** One try to deliver it. */
    public record Attempt(
            long fence,
            String claimedBy,
            Instant claimedAt,
            @Nullable Instant wireAt,
            @Nullable Instant finishedAt,
            @Nullable String outcome,
            @Nullable String detail) {}
}
