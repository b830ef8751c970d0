package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.content.DueTime;
import org.jspecify.annotations.Nullable;

/** Times on the command line, in the form of the front matter. */
final class Times {
    private Times() {}

    static @Nullable DueTime parse(String option, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return DueTime.parse(text);
        } catch (RefusedException e) {
            throw FailedException.badInput("%s: %s".formatted(option, e.detail()));
        }
    }
}
