package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.FieldError;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.content.Content;
import dev.imprimatur.publishing.content.DueTime;
import dev.imprimatur.publishing.content.Manuscript;
import dev.imprimatur.publishing.content.Variant;
import dev.imprimatur.publishing.outlets.Outlets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Content as it stands on the wire. */
record ContentJson(
        UUID id,
        String state,
        int revision,
        String sha256,
        String title,
        String body,
        @Nullable String link,
        String lang,
        Map<String, Variant> variants,
        List<String> outlets,
        @Nullable DueJson publishAt,
        Person.Name author,
        Person.Name lastEditor,
        Person.@Nullable Name submitter,
        Instant createdAt,
        Instant updatedAt) {

    static ContentJson of(Content content) {
        Manuscript manuscript = content.manuscript();
        return new ContentJson(
                content.id(),
                content.state().label(),
                content.revision(),
                content.sha256(),
                manuscript.title(),
                manuscript.body(),
                manuscript.link(),
                manuscript.lang(),
                manuscript.variants(),
                content.plan().outlets(),
                DueJson.of(content.plan().due()),
                content.author(),
                content.lastEditor(),
                content.submitter(),
                content.createdAt(),
                content.updatedAt());
    }

    /** An instant with the wall clock it was meant by. */
    record DueJson(Instant instant, LocalDateTime local, String zone) {
        static @Nullable DueJson of(@Nullable DueTime due) {
            return due == null
                    ? null
                    : new DueJson(due.instant(), due.local(), due.zone().getId());
        }
    }

    /** A line of the list: all but the text. */
    record Line(
            UUID id,
            String state,
            int revision,
            String title,
            List<String> outlets,
            @Nullable DueJson publishAt,
            Person.Name author,
            Instant createdAt,
            Instant updatedAt) {
        static Line of(Content.Line line) {
            return new Line(
                    line.id(),
                    line.state().label(),
                    line.revision(),
                    line.title(),
                    line.plan().outlets(),
                    DueJson.of(line.plan().due()),
                    line.author(),
                    line.createdAt(),
                    line.updatedAt());
        }
    }

    record RevisionJson(
            int revision,
            String sha256,
            String title,
            String body,
            @Nullable String link,
            String lang,
            Map<String, Variant> variants,
            Person.Name editor,
            Instant createdAt) {
        static RevisionJson of(Content.Revision revision) {
            Manuscript manuscript = revision.manuscript();
            return new RevisionJson(
                    revision.number(),
                    revision.sha256(),
                    manuscript.title(),
                    manuscript.body(),
                    manuscript.link(),
                    manuscript.lang(),
                    manuscript.variants(),
                    revision.editor(),
                    revision.createdAt());
        }
    }

    /** What a client writes; all that is absent is null. */
    record Written(
            @Nullable String title,
            @Nullable String body,
            @Nullable String link,
            @Nullable String lang,
            @Nullable List<String> outlets,
            @Nullable Map<String, @Nullable Variant> variants,
            @Nullable String publishAt) {

        /** @throws RefusedException INVALID_FIELD, NOT_TEXT, UNKNOWN_OUTLET */
        Manuscript manuscript(Outlets known) {
            TreeMap<String, Variant> kept = new TreeMap<>();
            if (variants != null) {
                variants.forEach((outlet, variant) -> {
                    known(known, outlet, "/variants/" + outlet);
                    if (variant != null) {
                        kept.put(outlet, variant);
                    }
                });
            }
            return new Manuscript(
                    title == null ? "" : title, body == null ? "" : body, link, lang == null ? "en" : lang, kept);
        }

        /** @throws RefusedException UNKNOWN_OUTLET, INVALID_FIELD, and those of a due time */
        Content.Plan plan(Outlets known, Instant now) {
            List<String> named = outlets == null ? List.of() : outlets;
            for (int i = 0; i < named.size(); i++) {
                known(known, named.get(i), "/outlets/" + i);
            }
            return new Content.Plan(named.stream().distinct().sorted().toList(), due(publishAt, "/publish_at", now));
        }

        private static void known(Outlets known, @Nullable String outlet, String pointer) {
            if (outlet == null || !known.names().contains(outlet)) {
                String detail =
                        "there is no outlet '%s'; there are: %s".formatted(outlet, String.join(", ", known.names()));
                throw new RefusedException(ErrorCode.UNKNOWN_OUTLET, detail, List.of(new FieldError(pointer, detail)));
            }
        }
    }

    /** Reads a time that a client wrote, and says in which field it is wrong. */
    static @Nullable DueTime due(@Nullable String text, String pointer, Instant now) {
        if (text == null) {
            return null;
        }
        try {
            DueTime due = DueTime.parse(text);
            due.requireFuture(now);
            return due;
        } catch (RefusedException e) {
            throw new RefusedException(e.code(), e.detail(), List.of(new FieldError(pointer, e.detail())));
        }
    }
}
