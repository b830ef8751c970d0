package dev.imprimatur.publishing.content;

import dev.imprimatur.publishing.access.Person;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Content as it stands: its state, its plan, and its current revision with the hash of what was written. */
public record Content(
        UUID id,
        ContentState state,
        int revision,
        String sha256,
        Manuscript manuscript,
        Plan plan,
        Person.Name author,
        Person.Name lastEditor,
        Person.@Nullable Name submitter,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * Where it is meant to go, and when.
     *
     * @param due null when nobody has said yet
     */
    public record Plan(List<String> outlets, @Nullable DueTime due) {
        public Plan {
            outlets = List.copyOf(outlets);
        }
    }

    /** A line in a list of content: everything but the text. */
    public record Line(
            UUID id,
            ContentState state,
            int revision,
            String title,
            Plan plan,
            Person.Name author,
            Instant createdAt,
            Instant updatedAt) {}

    /** One immutable revision. */
    public record Revision(int number, String sha256, Manuscript manuscript, Person.Name editor, Instant createdAt) {}

    /** @param replayed true when an earlier request with the same idempotency key had made it */
    public record Created(Content content, boolean replayed) {}
}
