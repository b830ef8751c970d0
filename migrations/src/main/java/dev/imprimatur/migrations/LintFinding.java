package dev.imprimatur.migrations;

import java.nio.file.Path;

/**
 * A fault in a folder of migrations.
 *
 * @param line counted from 1; 1 when the fault is the file's as a whole
 * @param problem what is wrong, without a full stop
 * @param remedy what to write instead, without a full stop
 */
public record LintFinding(LintRule rule, Path file, int line, String problem, String remedy) {

    /** What is wrong with a text that the server could not even split. */
    public static LintFinding of(Path file, Statements.Flaw flaw) {
        return switch (flaw.fault()) {
            case PSQL_COMMAND ->
                new LintFinding(
                        LintRule.PSQL_COMMAND,
                        file,
                        flaw.line(),
                        "`" + shortened(flaw.what()) + "` is a command of psql, not SQL",
                        "write it in SQL");
            case UNTERMINATED ->
                new LintFinding(
                        LintRule.UNTERMINATED,
                        file,
                        flaw.line(),
                        "the " + flaw.what() + " that begins here never ends",
                        "close it");
        };
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 39) + "…";
    }

    /** In one line: {@code file:line: what is wrong; what to write [rule]}. */
    @Override
    public String toString() {
        return "%s:%d: %s; %s [%s]".formatted(file, line, problem, remedy, rule.id());
    }
}
