package dev.imprimatur.server.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** What came of each argument of a command: told as it happens, and the worst of it is the exit code. */
final class Outcome {
    private final Surroundings surroundings;
    private final boolean json;
    private final ArrayNode answers = Api.JSON.createArrayNode();
    private int exitCode;

    Outcome(Surroundings surroundings, boolean json) {
        this.surroundings = surroundings;
        this.json = json;
    }

    /** One argument's part of the work. */
    interface Step {
        void run();
    }

    /** Does it, or tells what stood against it; then the next argument has its turn. */
    void of(String argument, Step step) {
        of(argument, null, step);
    }

    /** The same for a file: what the server has against a field is told with the field's line. */
    void of(String argument, @Nullable PostFile file, Step step) {
        try {
            step.run();
        } catch (FailedException e) {
            exitCode = Math.max(exitCode, e.exitCode());
            answers.add(e.problem() == null ? Api.JSON.nullNode() : e.problem());
            tell(argument, file, e);
        }
    }

    private void tell(String argument, @Nullable PostFile file, FailedException failed) {
        PrintWriter err = surroundings.err();
        if (file != null && !failed.fieldFaults().isEmpty()) {
            failed.fieldFaults()
                    .forEach(fault -> err.println(Screen.line("%s:%d: %s: %s"
                            .formatted(argument, file.lineOf(fault.pointer()), failed.heading(), fault.detail()))));
            return;
        }
        err.println(Screen.line(argument + ": " + failed.line()));
        failed.fieldFaults().stream()
                .filter(fault -> !failed.line().contains(fault.detail()))
                .forEach(fault -> err.println(Screen.line("  %s: %s".formatted(fault.pointer(), fault.detail()))));
    }

    /** For a program: the server's own document. */
    void answer(JsonNode document) {
        answers.add(document);
    }

    /** For a person; silent when a program is reading. */
    void say(String line) {
        if (!json) {
            surroundings.out().println(Screen.line(line));
        }
    }

    /** Ends a command of many arguments: one array, with an element for each answer in their order. */
    int list() {
        if (json) {
            surroundings.out().println(answers.toPrettyString());
        }
        return exitCode;
    }

    /** Ends a command of one argument: the document itself. */
    int single() {
        if (json && !answers.isEmpty()) {
            surroundings.out().println(answers.get(0).toPrettyString());
        }
        return exitCode;
    }
}
