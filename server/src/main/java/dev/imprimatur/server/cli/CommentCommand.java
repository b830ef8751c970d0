package dev.imprimatur.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "comment", description = "Say something about content, and decide nothing.")
final class CommentCommand extends ClientCommand {
    @Parameters(index = "0", paramLabel = "ID", description = "Content, by its id or the beginning of it.")
    String id = "";

    @Parameters(index = "1", paramLabel = "TEXT", description = "What you want to say.")
    String text = "";

    CommentCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Api api) {
        Outcome outcome = outcome();
        outcome.of(id, () -> {
            String content = new ContentIds(api).full(id);
            ObjectNode body = Api.JSON.createObjectNode().put("body", text);
            outcome.answer(api.post("/api/content/%s/comments".formatted(content), body));
            outcome.say("commented on " + content);
        });
        return outcome.single();
    }
}
