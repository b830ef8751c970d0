package dev.imprimatur.publishing.content;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.util.Locale;

/** Where content stands: {@code draft → in_review → approved | changes_requested}; an edit brings it back to draft. */
public enum ContentState {
    DRAFT,
    IN_REVIEW,
    APPROVED,
    CHANGES_REQUESTED;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static ContentState of(String label) {
        for (ContentState state : values()) {
            if (state.label().equals(label)) {
                return state;
            }
        }
        throw new RefusedException(
                ErrorCode.MALFORMED,
                "there is no state '%s'; there are draft, in_review, approved, changes_requested".formatted(label));
    }
}
