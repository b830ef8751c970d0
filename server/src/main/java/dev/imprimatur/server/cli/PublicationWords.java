package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.publications.Publication;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/** Where a publication stands, in a few words that leave no doubt whether something was sent. */
final class PublicationWords {
    private PublicationWords() {}

    static String of(JsonNode publication) {
        String state = publication.path("state").asString("");
        String due = Screen.due(publication.path("due_at"));
        return switch (state) {
            case "scheduled" -> "scheduled for " + due;
            case "sending" -> "being sent";
            case "held" ->
                "held, not sent: " + reason(publication.path("held_reason").asString(""));
            case "published" ->
                "published %s %s"
                        .formatted(
                                Screen.time(publication.path("published_at")),
                                publication.path("url").asString(""))
                        .stripTrailing();
            case "uncertain" -> "uncertain: it may or may not have arrived; somebody has to look";
            default -> Screen.words(state);
        };
    }

    private static String reason(String label) {
        return Arrays.stream(Publication.HeldReason.values())
                .filter(reason -> reason.label().equals(label))
                .map(Publication.HeldReason::words)
                .findFirst()
                .orElse(Screen.words(label));
    }
}
