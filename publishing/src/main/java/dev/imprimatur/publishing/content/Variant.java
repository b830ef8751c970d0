package dev.imprimatur.publishing.content;

import org.jspecify.annotations.Nullable;

/** What one outlet says instead: a field that is null stays as the manuscript has it. */
public record Variant(
        @Nullable String title,
        @Nullable String body,
        @Nullable String link) {

    public Variant {
        body = body == null ? null : ManuscriptRules.withUnixNewlines(body);
    }

    boolean changesNothing() {
        return title == null && body == null && link == null;
    }
}
