package dev.imprimatur.server.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "status", description = "List content and where it stands, or tell everything about one.")
final class StatusCommand extends ClientCommand {
    private static final int LARGEST_PAGE = 200;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "Content, by its id or the beginning of it.")
    @Nullable
    String id;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "List so many, the newest first (default: ${DEFAULT-VALUE}).")
    int limit;

    StatusCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    void prepare() {
        if (limit < 1) {
            throw FailedException.badInput("--limit is 1 or more");
        }
    }

    @Override
    int run(Api api) {
        Outcome outcome = outcome();
        if (id == null) {
            outcome.of(spec.qualifiedName(), () -> list(api, outcome));
        } else {
            String typed = id;
            outcome.of(typed, () -> tell(api, new ContentIds(api).full(typed), outcome));
        }
        return outcome.single();
    }

    private void list(Api api, Outcome outcome) {
        ArrayNode items = Api.JSON.createArrayNode();
        String cursor = "";
        do {
            int page = Math.min(limit - items.size(), LARGEST_PAGE);
            JsonNode answer = api.get("/api/content?limit=%d%s".formatted(page, cursor));
            items.addAll(answer.path("items").values());
            String next = answer.path("next").asString("");
            cursor = next.isEmpty() ? "" : "&" + Api.query("cursor", next);
        } while (!cursor.isEmpty() && items.size() < limit);
        outcome.answer(items);
        if (items.isEmpty()) {
            outcome.say("nothing yet; begin with: imprimatur propose FILE.md");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "STATE", "REV", "OUTLETS", "DUE", "AUTHOR", "TITLE"));
        items.values().forEach(item -> rows.add(row(item)));
        Screen.table(rows).forEach(outcome::say);
        if (!cursor.isEmpty()) {
            outcome.say("there is more: imprimatur status --limit %d".formatted(limit * 4L));
        }
    }

    private static List<String> row(JsonNode item) {
        return List.of(
                Screen.shortId(item),
                Screen.words(item.path("state").asString("")),
                item.path("revision").asString(),
                Screen.names(item.path("outlets")),
                item.path("publish_at").isObject() ? Screen.due(item.path("publish_at")) : "-",
                item.path("author").path("name").asString("?"),
                item.path("title").asString(""));
    }

    private static void tell(Api api, String id, Outcome outcome) {
        ObjectNode all = Api.JSON.createObjectNode();
        all.set("content", api.get("/api/content/" + id));
        all.set("renditions", items(api, "/api/content/%s/renditions".formatted(id)));
        all.set("approvals", items(api, "/api/approvals?content_id=" + id));
        all.set("publications", items(api, "/api/publications?content_id=" + id));
        all.set("comments", items(api, "/api/content/%s/comments".formatted(id)));
        outcome.answer(all);
        describe(all.path("content"), outcome);
        for (JsonNode rendition : all.path("renditions").values()) {
            outcome.say("rendition  %s  sha256 %s"
                    .formatted(
                            rendition.path("outlet").asString(""),
                            rendition.path("sha256").asString("")));
        }
        all.path("approvals").values().forEach(approval -> outcome.say(approvalWords(approval)));
        for (JsonNode publication : all.path("publications").values()) {
            outcome.say("publication  %s  revision %d  %s"
                    .formatted(
                            publication.path("outlet").asString(""),
                            publication.path("revision").asInt(),
                            PublicationWords.of(publication)));
        }
        for (JsonNode comment : all.path("comments").values()) {
            outcome.say("comment  %s  %s: %s"
                    .formatted(
                            Screen.time(comment.path("created_at")),
                            comment.path("author").path("name").asString("?"),
                            comment.path("body").asString("")));
        }
    }

    private static JsonNode items(Api api, String path) {
        return api.get(path).path("items");
    }

    private static void describe(JsonNode content, Outcome outcome) {
        outcome.say(content.path("title").asString(""));
        outcome.say("id         " + content.path("id").asString(""));
        outcome.say("state      %s, revision %d, sha256 %s"
                .formatted(
                        Screen.words(content.path("state").asString("")),
                        content.path("revision").asInt(),
                        content.path("sha256").asString("")));
        outcome.say("people     written by %s, last edited by %s, submitted by %s"
                .formatted(name(content, "author"), name(content, "last_editor"), name(content, "submitter")));
        outcome.say("outlets    " + Screen.names(content.path("outlets")));
        if (content.path("publish_at").isObject()) {
            outcome.say("due        " + Screen.due(content.path("publish_at")));
        }
        if (content.path("link").isString()) {
            outcome.say("link       " + content.path("link").asString());
        }
    }

    private static String name(JsonNode content, String who) {
        return content.path(who).path("name").asString("nobody");
    }

    private static String approvalWords(JsonNode approval) {
        String comment = approval.path("comment").asString("");
        boolean yes = approval.path("decision").asString("").equals("approved");
        String end = !approval.path("withdrawn_at").isString()
                ? yes ? "  until " + Screen.time(approval.path("not_after")) : ""
                : "  withdrawn " + Screen.time(approval.path("withdrawn_at"));
        return "decision   revision %d  %s by %s, %s%s%s"
                .formatted(
                        approval.path("revision").asInt(),
                        Screen.words(approval.path("decision").asString("")),
                        approval.path("approver").path("name").asString("?"),
                        Screen.time(approval.path("decided_at")),
                        end,
                        comment.isEmpty() ? "" : ": " + comment);
    }
}
