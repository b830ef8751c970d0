package dev.imprimatur.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Types commands and reads what comes back. */
final class Terminal {
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    Terminal(String url, Path folder) {
        this.folder = folder;
        environment.put("IMPRIMATUR_URL", url);
        environment.put("IMPRIMATUR_TOKEN", FakeServer.TOKEN);
    }

    Map<String, String> environment() {
        return environment;
    }

    int run(String... arguments) {
        return Imprimatur.run(
                new Surroundings(new PrintWriter(out, true), new PrintWriter(err, true), environment), arguments);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    void clear() {
        out.getBuffer().setLength(0);
    }

    /** All of standard output is one JSON document; the next command starts afresh. */
    JsonNode json() {
        JsonNode json = Api.JSON.readTree(out());
        clear();
        return json;
    }

    /** Writes a post with this title and returns the file's name. */
    String post(String name, String title) throws IOException {
        String text = "---\ntitle: %s\noutlets: [feed]\n---\nText.\n".formatted(title);
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
