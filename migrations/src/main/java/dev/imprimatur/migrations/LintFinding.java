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

    /** In one line: {@code file:line: what is wrong; what to write [rule]}. */
    @Override
    public String toString() {
        return "%s:%d: %s; %s [%s]".formatted(file, line, problem, remedy, rule.id());
    }
}
