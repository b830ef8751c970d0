package dev.imprimatur.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Content by its id, or by as much of its beginning as is enough to tell it from the rest. */
final class ContentIds {
    private static final Pattern FULL = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern BEGINNING = Pattern.compile("[0-9a-f][0-9a-f-]{3,34}");
    private static final int PAGES = 25;

    private final Api api;

    ContentIds(Api api) {
        this.api = api;
    }

    /** @throws FailedException if no content, or more than one, begins so */
    String full(String typed) {
        String id = typed.strip().toLowerCase(Locale.ROOT);
        if (FULL.matcher(id).matches()) {
            return id;
        }
        if (!BEGINNING.matcher(id).matches()) {
            throw FailedException.badInput(
                    "is no id; take one, or its first 4 characters or more, from: imprimatur status");
        }
        List<JsonNode> found = beginningWith(id);
        return switch (found.size()) {
            case 0 -> throw FailedException.refused("no content begins so; see: imprimatur status");
            case 1 -> found.getFirst().path("id").asString();
            default ->
                throw FailedException.badInput("begins more than one id: "
                        + String.join(
                                ", ",
                                found.stream()
                                        .map(one -> one.path("id").asString())
                                        .toList()));
        };
    }

    private List<JsonNode> beginningWith(String beginning) {
        List<JsonNode> found = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < PAGES; page++) {
            JsonNode list = api.get("/api/content?limit=200" + cursor);
            list.path("items").values().stream()
                    .filter(one -> one.path("id").asString("").startsWith(beginning))
                    .forEach(found::add);
            String next = list.path("next").asString("");
            if (next.isEmpty()) {
                return found;
            }
            cursor = "&" + Api.query("cursor", next);
        }
        throw FailedException.badInput("is too short among so much content; write the full id");
    }
}
