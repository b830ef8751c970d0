package dev.imprimatur.server.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "publish", description = "Schedule approved content, at its own time or at once.")
final class PublishCommand extends ClientCommand {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "Content, by its id or the beginning of it.")
    List<String> ids = List.of();

    @Option(names = "--outlet", paramLabel = "OUTLET", description = "Only there; else to all outlets of the content.")
    List<String> outlets = List.of();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Instead of its own time: 2026-12-01T09:00 Europe/Berlin")
    @Nullable
    String at;

    PublishCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    void prepare() {
        Times.parse("--at", at);
    }

    @Override
    int run(Api api) {
        Outcome outcome = outcome();
        for (String id : ids) {
            outcome.of(id, () -> publish(api, new ContentIds(api).full(id), outcome));
        }
        return outcome.list();
    }

    private void publish(Api api, String id, Outcome outcome) {
        JsonNode content = api.get("/api/content/" + id);
        List<String> named = outlets.isEmpty()
                ? content.path("outlets").values().stream()
                        .map(JsonNode::asString)
                        .toList()
                : outlets;
        if (named.isEmpty()) {
            throw FailedException.refused("names no outlet; say --outlet feed");
        }
        for (String outlet : named) {
            String where = "%s %s".formatted(Screen.shortId(content), outlet);
            outcome.of(where, () -> {
                JsonNode publication = api.post("/api/publications", request(content, outlet));
                outcome.answer(publication);
                outcome.say(where + ": " + PublicationWords.of(publication));
            });
        }
    }

    // The revision is the one that was looked at: what is edited meanwhile is refused rather than sent.
    private ObjectNode request(JsonNode content, String outlet) {
        ObjectNode request = Api.JSON.createObjectNode();
        request.put("content_id", content.path("id").asString());
        request.put("outlet", outlet);
        request.put("revision", content.path("revision").asInt());
        if (at != null) {
            request.put("due_at", at);
        }
        return request;
    }
}
