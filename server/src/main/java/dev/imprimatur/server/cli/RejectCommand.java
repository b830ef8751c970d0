package dev.imprimatur.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(name = "reject", description = "Ask for changes, and say which.")
final class RejectCommand extends ClientCommand {
    @Parameters(arity = "1", paramLabel = "ID", description = "Content, by its id or the beginning of it.")
    String id = "";

    @Option(names = "--comment", paramLabel = "TEXT", required = true, description = "What should change.")
    String comment = "";

    RejectCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    int run(Api api) {
        Outcome outcome = outcome();
        outcome.of(id, () -> {
            Review review = Review.of(api, new ContentIds(api).full(id));
            JsonNode decided = api.post("/api/approvals", review.decision("changes_requested", comment));
            outcome.answer(decided);
            outcome.say(
                    "asked for changes to %s, revision %d; its author can now: imprimatur propose FILE.md --content %s"
                            .formatted(
                                    Screen.shortId(review.content()),
                                    decided.path("revision").asInt(),
                                    Screen.shortId(review.content())));
        });
        return outcome.single();
    }
}
