package dev.imprimatur.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where a password comes from: the environment, a file, or the terminal without echo. Never an argument, which others
 * on the host can read.
 */
final class PasswordSource {
    static final String VARIABLE = "IMPRIMATUR_PASSWORD";
    static final String FILE_VARIABLE = "IMPRIMATUR_PASSWORD_FILE";

    private PasswordSource() {}

    static String read(Surroundings surroundings, String name) {
        String said = surroundings.environment().getOrDefault(VARIABLE, "");
        if (!said.isEmpty()) {
            return said;
        }
        String file = surroundings.variable(FILE_VARIABLE);
        return file.isEmpty() ? asked(name) : ofFile(file);
    }

    private static String ofFile(String file) {
        try {
            return Files.readString(Path.of(file), UTF_8).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw FailedException.badInput("%s names the file %s, which cannot be read".formatted(FILE_VARIABLE, file));
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it is declared to be null, and never is from Java 22 on
    private static String asked(String name) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            throw FailedException.badInput(
                    "there is no terminal to ask for a password; set %s or %s".formatted(VARIABLE, FILE_VARIABLE));
        }
        char[] once = console.readPassword("%s", "Password for " + name + ": ");
        char[] again = console.readPassword("%s", "Once more: ");
        try {
            if (once == null || again == null || !Arrays.equals(once, again)) {
                throw FailedException.badInput("the two are not the same; nothing was changed");
            }
            return new String(once);
        } finally {
            if (once != null) {
                Arrays.fill(once, ' ');
            }
            if (again != null) {
                Arrays.fill(again, ' ');
            }
        }
    }
}
