package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.content.DueTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "approve", description = "Say yes to exactly the bytes that are shown.")
final class ApproveCommand extends ClientCommand {
    @Parameters(arity = "1..*", paramLabel = "ID", description = "Content, by its id or the beginning of it.")
    List<String> ids = List.of();

    @Option(names = "--revision", paramLabel = "N", description = "Only if this revision is the current one.")
    @Nullable
    Integer revision;

    @Option(names = "--until", paramLabel = "TIME", description = "When the yes ends: 2026-12-01T09:00 Europe/Berlin")
    @Nullable
    String until;

    @Option(names = "--comment", paramLabel = "TEXT", description = "What you want to say about it.")
    @Nullable
    String comment;

    private @Nullable DueTime end;

    ApproveCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    void prepare() {
        if (revision != null && ids.size() > 1) {
            throw new ParameterException(spec.commandLine(), "--revision takes one ID: each has revisions of its own.");
        }
        end = Times.parse("--until", until);
    }

    @Override
    int run(Api api) {
        Outcome outcome = outcome();
        for (String id : ids) {
            outcome.of(id, () -> approve(api, new ContentIds(api).full(id), outcome));
        }
        return outcome.list();
    }

    private void approve(Api api, String id, Outcome outcome) {
        Review review = Review.of(api, id);
        if (revision != null && revision != review.revision()) {
            throw FailedException.refused("revision %d is current, not %d; read it before you approve it"
                    .formatted(review.revision(), revision));
        }
        review.show(outcome);
        ObjectNode decision = review.decision("approved", comment);
        if (end != null) {
            decision.put("not_after", end.instant().toString());
        }
        JsonNode approval = api.post("/api/approvals", decision);
        outcome.answer(approval);
        outcome.say("approved %s, revision %d, until %s"
                .formatted(
                        Screen.shortId(review.content()),
                        approval.path("revision").asInt(),
                        Screen.time(approval.path("not_after"))));
    }
}
