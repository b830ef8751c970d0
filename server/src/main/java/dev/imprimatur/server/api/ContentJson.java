package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.Faults;
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
import java.util.Objects;
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

    /** What was written, once it is sound. */
    record Draft(Manuscript manuscript, Content.Plan plan) {}

    /** What a client writes; all that is absent is null. */
    record Written(
            @Nullable String title,
            @Nullable String body,
            @Nullable String link,
            @Nullable String lang,
            @Nullable List<String> outlets,
            @Nullable Map<String, @Nullable Variant> variants,
            @Nullable String publishAt) {

        /** @throws RefusedException every fault at once */
        Draft draft(Outlets known, Instant now) {
            Faults faults = new Faults();
            Manuscript manuscript = faults.take(() -> manuscript(known, faults));
            List<String> named = outlets == null ? List.of() : outlets;
            for (int i = 0; i < named.size(); i++) {
                known(known, named.get(i), "/outlets/" + i, faults);
            }
            DueTime due = faults.take(() -> due(publishAt, "/publish_at", now));
            faults.refuse();
            return new Draft(
                    Objects.requireNonNull(manuscript),
                    new Content.Plan(named.stream().distinct().sorted().toList(), due));
        }

        private Manuscript manuscript(Outlets known, Faults faults) {
            TreeMap<String, Variant> kept = new TreeMap<>();
            if (variants != null) {
                variants.forEach((outlet, variant) -> {
                    String pointer = "/variants/" + outlet.replace("~", "~0").replace("/", "~1");
                    known(known, outlet, pointer, faults);
                    if (variant != null) {
                        kept.put(outlet, variant);
                    }
                });
            }
            return new Manuscript(
                    title == null ? "" : title, body == null ? "" : body, link, lang == null ? "en" : lang, kept);
        }

        static void known(Outlets known, @Nullable String outlet, String pointer, Faults faults) {
            if (outlet == null || !known.names().contains(outlet)) {
                faults.add(
                        ErrorCode.UNKNOWN_OUTLET,
                        pointer,
                        "there is no outlet '%s'; there are: %s"
                                .formatted(shortened(outlet), String.join(", ", known.names())));
            }
        }

        private static @Nullable String shortened(@Nullable String text) {
            return text == null || text.length() <= 80 ? text : text.substring(0, 80) + "…";
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
