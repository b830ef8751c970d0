package dev.imprimatur.migrations.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command sees of the process it runs in.
 *
 * @param terminal true when {@code out} is read by a person as it is written
 */
public record Surroundings(PrintWriter out, PrintWriter err, Map<String, String> environment, boolean terminal) {

    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** Standard output and error in UTF-8, and the environment variables. */
    @SuppressWarnings("SystemConsoleNull") // JDK 25 is back to null when no terminal is there
    public static Surroundings ofProcess() {
        Console console = System.console();
        return new Surroundings(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                console != null && console.isTerminal());
    }
}
