package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.content.Variant;
import dev.imprimatur.server.cli.FaultyFileException.Fault;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(name = "propose", description = "Hand in Markdown files for review. The same file twice is proposed once.")
final class ProposeCommand extends ClientCommand {
    @Parameters(arity = "1..*", paramLabel = "FILE.md", description = "Posts with YAML front matter.")
    List<Path> paths = List.of();

    @Option(names = "--draft", description = "Leave them as drafts, not yet in review.")
    boolean draft;

    @Option(names = "--content", paramLabel = "ID", description = "Make this a new revision of that content.")
    @Nullable
    String content;

    private List<PostFile> files = List.of();

    ProposeCommand(Surroundings surroundings) {
        super(surroundings);
    }

    /** Nothing is sent while any of the files is faulty. */
    @Override
    void prepare() {
        if (content != null && paths.size() > 1) {
            throw new ParameterException(spec.commandLine(), "--content takes one file: content has one text.");
        }
        List<Fault> faults = new ArrayList<>();
        List<PostFile> read = new ArrayList<>();
        Instant now = Instant.now();
        for (Path path : paths) {
            try {
                read.add(PostFile.read(path, now));
            } catch (FaultyFileException e) {
                faults.addAll(e.faults());
            }
        }
        refuse(faults);
        files = read;
    }

    private void refuse(List<Fault> faults) {
        if (!faults.isEmpty()) {
            faults.forEach(fault -> surroundings.err().println(Screen.line(fault.toString())));
            throw FailedException.badInput("nothing was sent; mend %s first"
                    .formatted(faults.size() == 1 ? "this" : "these " + faults.size()));
        }
    }

    @Override
    int run(Api api) {
        refuseUnknownOutlets(api);
        Outcome outcome = outcome();
        Set<String> inReview = new TreeSet<>();
        for (PostFile file : files) {
            outcome.of(file.name(), file, () -> {
                Proposal proposal = content == null ? propose(api, file) : revise(api, file, content);
                outcome.answer(proposal.content());
                outcome.say("%s: %s".formatted(file.name(), proposal.words()));
                if (proposal.content().path("state").asString("").equals("in_review")) {
                    inReview.add(Screen.shortId(proposal.content()));
                }
            });
        }
        if (!inReview.isEmpty()) {
            outcome.say("somebody else can now: imprimatur approve " + String.join(" ", inReview));
        }
        return outcome.list();
    }

    /** The server would refuse them one by one, after the files before were taken in. */
    private void refuseUnknownOutlets(Api api) {
        List<String> known = api.get("/api/feature-flags").path("items").values().stream()
                .map(flag -> flag.path("outlet").asString(""))
                .toList();
        List<Fault> faults = new ArrayList<>();
        for (PostFile file : files) {
            for (int i = 0; i < file.outlets().size(); i++) {
                if (!known.contains(file.outlets().get(i))) {
                    faults.add(new Fault(
                            file.name(),
                            file.lineOf("/outlets/" + i),
                            "there is no outlet %s; write one of: %s"
                                    .formatted(file.outlets().get(i), String.join(", ", known))));
                }
            }
        }
        refuse(faults);
    }

    private record Proposal(JsonNode content, String what) {
        String words() {
            return "%s %s, revision %d, %s for %s"
                    .formatted(
                            what,
                            Screen.shortId(content),
                            content.path("revision").asInt(),
                            Screen.words(content.path("state").asString("")),
                            Screen.names(content.path("outlets")));
        }
    }

    private Proposal propose(Api api, PostFile file) {
        Api.Answer created = api.postOnce("/api/content", body(file), file.idempotencyKey());
        // What is told again is what was made, not what has become of it.
        JsonNode made = created.replayed()
                ? api.get("/api/content/" + created.json().path("id").asString(""))
                : created.json();
        // An earlier run may have died before it could submit; but what somebody has edited since is theirs to submit.
        boolean ours = made.path("sha256").asString("").equals(file.manuscript().sha256());
        if (!draft && ours && isDraft(made)) {
            return new Proposal(submit(api, made), "proposed as");
        }
        return new Proposal(made, created.replayed() ? "already proposed as" : draft ? "kept as" : "proposed as");
    }

    private Proposal revise(Api api, PostFile file, String typed) {
        String path = "/api/content/" + new ContentIds(api).full(typed);
        JsonNode before = api.get(path);
        int revision = before.path("revision").asInt();
        JsonNode after = api.putIfRevision(path, body(file), revision);
        boolean unchanged = after.path("revision").asInt() == revision;
        boolean unseen = isDraft(after) || after.path("state").asString("").equals("changes_requested");
        JsonNode now = !draft && unseen ? submit(api, after) : after;
        return new Proposal(now, unchanged ? "unchanged:" : "proposed as");
    }

    private static boolean isDraft(JsonNode content) {
        return content.path("state").asString("").equals("draft");
    }

    private static JsonNode submit(Api api, JsonNode content) {
        return api.postIfRevision(
                "/api/content/%s/submission".formatted(content.path("id").asString()),
                content.path("revision").asInt());
    }

    private static ObjectNode body(PostFile file) {
        ObjectNode body = Api.JSON.createObjectNode();
        body.put("title", file.manuscript().title());
        body.put("body", file.manuscript().body());
        putPresent(body, "link", file.manuscript().link());
        body.put("lang", file.manuscript().lang());
        file.outlets().forEach(body.putArray("outlets")::add);
        if (!file.manuscript().variants().isEmpty()) {
            ObjectNode variants = body.putObject("variants");
            file.manuscript().variants().forEach((outlet, variant) -> fill(variants.putObject(outlet), variant));
        }
        putPresent(
                body,
                "publish_at",
                file.publishAt() == null ? null : file.publishAt().toString());
        return body;
    }

    private static void fill(ObjectNode json, Variant variant) {
        putPresent(json, "title", variant.title());
        putPresent(json, "body", variant.body());
        putPresent(json, "link", variant.link());
    }

    private static void putPresent(ObjectNode json, String field, @Nullable String value) {
        if (value != null) {
            json.put(field, value);
        }
    }
}
