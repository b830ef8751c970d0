package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.publishing.database.LocalPostgres;
import dev.imprimatur.server.runtime.Home;
import dev.imprimatur.server.runtime.Server;
import dev.imprimatur.server.runtime.Store;
import dev.imprimatur.server.settings.SettingsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The README's first command: the real server, the real commands, three people, and posts that really come out. */
@Command(name = "demo", description = "Show the whole way of a post, on a throw-away database, and keep serving.")
final class DemoCommand implements Callable<Integer> {
    private static final Duration TO_BE_PUBLISHED = Duration.ofSeconds(20);

    private final Surroundings surroundings;
    private long begun = System.nanoTime();

    @Option(names = "--port", paramLabel = "N", description = "The port to listen on (8080); 0 for any free one.")
    @Nullable
    String port;

    @Option(names = "--data", paramLabel = "DIR", description = "Keep the rows there, instead of throwing them away.")
    @Nullable
    Path data;

    @Option(names = "--exit", description = "Stop after the last step; 0 only if the feed holds the posts.")
    boolean exit;

    DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        begun = System.nanoTime();
        Path folder = data == null ? LocalPostgres.createThrownAwayFolder("imprimatur-demo") : data;
        Map<String, String> said = new HashMap<>(Map.of("data", folder.toString()));
        if (port != null) {
            said.put("port", port);
        }
        Stopped stopped = new Stopped(() -> {
            if (data == null) {
                delete(folder);
            }
        });
        Server server = stopped.starting(
                () -> Server.start(SettingsReader.read(said, environment(), null), Store.Migrate.WHEN_EMBEDDED));
        tell("serving", server.url().toString());
        boolean shown = show(server);
        if (exit) {
            return shown ? 0 : FailedException.OUT_OF_REACH;
        }
        return stopped.await();
    }

    /** Whatever database and address the shell names are not for playing with; a port may be. */
    private Map<String, String> environment() {
        String name = "IMPRIMATUR_PORT";
        String value = surroundings.environment().get(name);
        return value == null ? Map.of() : Map.of(name, value);
    }

    private boolean show(Server server) throws IOException {
        Map<String, String> tokens = people(server);
        List<Path> files;
        try (Stream<Path> listed = Files.list(Home.path("docs", "examples"))) {
            files = listed.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
        Surroundings olga = as(server, tokens.get("olga"));
        Surroundings anna = as(server, tokens.get("anna"));
        List<JsonNode> contents = new ArrayList<>();
        for (Path file : files) {
            JsonNode content = run(olga, "propose", "--json", file.toString());
            contents.add(content);
            tell("olga proposes", "\"%s\"".formatted(title(content)));
        }
        for (JsonNode content : contents) {
            if (content.path("state").asString("").equals("in_review")) {
                run(anna, "approve", "--json", id(content));
                tell("anna approves", "\"%s\"".formatted(title(content)));
            }
        }
        Api reading = Api.of(olga);
        for (JsonNode content : contents) {
            if (publications(reading, content).isEmpty()) {
                run(olga, "publish", "--json", id(content));
                tell("olga publishes", "\"%s\"".formatted(title(content)));
            }
        }
        boolean held = awaitFeed(reading, contents);
        tell(held ? "in the feed" : "NOT in the feed", server.url() + "/feed.xml");
        if (!exit) {
            surroundings.out().println();
            surroundings
                    .out()
                    .println("Look at %s in a browser, or follow its /feed.xml or /feed.json; Ctrl-C ends it."
                            .formatted(server.url()));
            surroundings.out().println("Be olga (operator), anna (approver) or vera (viewer) in another terminal:");
            tokens.forEach((name, token) -> surroundings
                    .out()
                    .println("  export IMPRIMATUR_URL=%s IMPRIMATUR_TOKEN=%s  # %s"
                            .formatted(server.url(), token, name)));
            surroundings.out().flush();
        }
        return held;
    }

    private Map<String, String> people(Server server) {
        People people = new People(server.jdbi());
        ApiTokens tokens = new ApiTokens(server.jdbi());
        Map<String, String> made = new TreeMap<>();
        Map.of("olga", Role.OPERATOR, "anna", Role.APPROVER, "vera", Role.VIEWER)
                .forEach((name, role) -> made.put(
                        name,
                        tokens.create(
                                people.named(name).orElseGet(() -> people.add(name, Set.of(role))),
                                TokenKind.PERSONAL)));
        tell("three people", "olga (operator), anna (approver), vera (viewer)");
        return made;
    }

    private Surroundings as(Server server, @Nullable String token) {
        Map<String, String> environment = new HashMap<>(surroundings.environment());
        environment.put("IMPRIMATUR_URL", server.url().toString());
        environment.put("IMPRIMATUR_TOKEN", token == null ? "" : token);
        environment.remove("IMPRIMATUR_TOKEN_FILE");
        return new Surroundings(surroundings.out(), surroundings.err(), environment);
    }

    /** Runs one of our own commands as that person, and gives what it answered. */
    private JsonNode run(Surroundings person, String... arguments) {
        StringWriter out = new StringWriter();
        int exitCode =
                Imprimatur.run(new Surroundings(new PrintWriter(out), person.err(), person.environment()), arguments);
        if (exitCode != 0) {
            throw FailedException.outOfReach("the demo's own '%s' failed".formatted(arguments[0]), null);
        }
        JsonNode answer = Api.JSON.readTree(out.toString());
        return answer.isArray() ? answer.get(0) : answer;
    }

    private boolean awaitFeed(Api reading, List<JsonNode> contents) {
        long deadline = System.nanoTime() + TO_BE_PUBLISHED.toNanos();
        while (System.nanoTime() < deadline) {
            boolean published = contents.stream()
                    .allMatch(content -> publications(reading, content).stream()
                            .anyMatch(publication ->
                                    publication.path("state").asString("").equals("published")));
            if (published) {
                return holds(reading.get("/feed.json"), contents);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        return false;
    }

    private static boolean holds(JsonNode feed, List<JsonNode> contents) {
        List<String> titles = feed.path("items").values().stream()
                .map(item -> item.path("title").asString(""))
                .toList();
        return contents.stream()
                .allMatch(content ->
                        titles.stream().filter(title(content)::equals).count() == 1);
    }

    private static List<JsonNode> publications(Api reading, JsonNode content) {
        return List.copyOf(reading.get("/api/publications?content_id=" + id(content))
                .path("items")
                .values());
    }

    private static String id(JsonNode content) {
        return content.path("id").asString("");
    }

    private static String title(JsonNode content) {
        return content.path("title").asString("");
    }

    private void tell(String step, String what) {
        double seconds = (System.nanoTime() - begun) / 1e9;
        surroundings.out().println(String.format(Locale.ROOT, "%6.2f s  %-16s %s", seconds, step, Screen.line(what)));
        surroundings.out().flush();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
