package dev.imprimatur.server.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What a reviewer is shown, and a decision that names exactly those bytes. */
record Review(JsonNode content, JsonNode renditions) {
    private static final int MOST_LINES = 60;

    /** Both are read one after the other; the server refuses the decision if an edit came between. */
    static Review of(Api api, String id) {
        JsonNode content = api.get("/api/content/" + id);
        return new Review(
                content, api.get("/api/content/%s/renditions".formatted(id)).path("items"));
    }

    int revision() {
        return content.path("revision").asInt();
    }

    void show(Outcome outcome) {
        outcome.say("%s  %s  (revision %d by %s, %s)"
                .formatted(
                        Screen.shortId(content),
                        content.path("title").asString(""),
                        revision(),
                        content.path("last_editor").path("name").asString("?"),
                        Screen.words(content.path("state").asString(""))));
        for (JsonNode rendition : renditions.values()) {
            outcome.say("  %s  sha256 %s"
                    .formatted(
                            rendition.path("outlet").asString(""),
                            rendition.path("sha256").asString("")));
            List<String> lines = rendition.path("payload").asString("").lines().toList();
            lines.stream().limit(MOST_LINES).forEach(line -> outcome.say("  │ " + line));
            if (lines.size() > MOST_LINES) {
                outcome.say("  │ … %d more lines, all of them with: imprimatur status %s --json"
                        .formatted(lines.size() - MOST_LINES, Screen.shortId(content)));
            }
        }
    }

    /** The body of a decision on what was seen. */
    ObjectNode decision(String decision, @Nullable String comment) {
        ObjectNode body = Api.JSON.createObjectNode();
        body.put("content_id", content.path("id").asString());
        body.put("revision", revision());
        body.put("decision", decision);
        ArrayNode seen = body.putArray("renditions");
        for (JsonNode rendition : renditions.values()) {
            seen.addObject()
                    .put("outlet", rendition.path("outlet").asString())
                    .put("sha256", rendition.path("sha256").asString());
        }
        if (comment != null) {
            body.put("comment", comment);
        }
        return body;
    }
}
