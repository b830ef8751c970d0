package dev.imprimatur.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.Map;

/** What a command sees of the process it runs in. */
public record Surroundings(PrintWriter out, PrintWriter err, Map<String, String> environment) {

    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** Standard output and error in UTF-8, and the environment variables. */
    public static Surroundings ofProcess() {
        return new Surroundings(
                new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8), System.getenv());
    }

    /** The variable's value without blanks around it; empty when it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "").strip();
    }
}
