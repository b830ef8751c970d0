package dev.imprimatur.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HelpTest {
    private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z]+)  ");

    @Test
    void everyCommandTellsWhatItDoesAndWhatItTakes() {
        List<String> told = new ArrayList<>();
        ask(List.of(), told);
        assertThat(told).contains("demo", "serve", "user add", "token create", "propose", "approve", "status");
    }

    /** Commands are found as a newcomer finds them: each is named by the help of the one above it. */
    private static void ask(List<String> command, List<String> told) {
        Terminal terminal = new Terminal("http://localhost:1", Path.of("."));
        List<String> arguments = new ArrayList<>(command);
        arguments.add("--help");
        String name = String.join(" ", command);

        assertThat(terminal.run(arguments.toArray(String[]::new))).as(name).isZero();
        assertThat(terminal.err()).as(name).isEmpty();
        assertThat(terminal.out())
                .startsWith(("Usage: imprimatur " + name).strip())
                .contains("  -h, --help  ");
        assertThat(terminal.out().lines().skip(1))
                .as("the description of " + name)
                .anyMatch(line -> line.endsWith("."));

        told.add(name);
        COMMAND.matcher(terminal.out())
                .results()
                .map(found -> found.group(1))
                .filter(found -> !found.equals("migrate"))
                .forEach(found -> {
                    List<String> next = new ArrayList<>(command);
                    next.add(found);
                    ask(next, told);
                });
    }
}
