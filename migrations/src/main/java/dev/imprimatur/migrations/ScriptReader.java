package dev.imprimatur.migrations;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one file and tells everything that is wrong with it. */
final class ScriptReader {

    private final Path file;
    private final Direction direction;
    private final List<LintFinding> findings;

    ScriptReader(Path file, Direction direction, List<LintFinding> findings) {
        this.file = file;
        this.direction = direction;
        this.findings = findings;
    }

    /** The file as a script, also when it has findings; empty when it has no readable text at all. */
    Optional<Script> read() {
        return switch (SourceText.of(file)) {
            case SourceText.Read read -> Optional.of(script(read.text()));
            case SourceText.Unreadable unreadable -> {
                findings.add(unreadable.finding());
                yield Optional.empty();
            }
        };
    }

    private Script script(String text) {
        Statements statements = Statements.of(text);
        statements.flaws().forEach(flaw -> findings.add(LintFinding.of(file, flaw)));
        List<Directive> directives = directives(text, statements);
        Script script = new Script(file, statements, directives, Checksum.of(statements.list()));
        new ScriptLint(script, direction, findings).check();
        return script;
    }

    private List<Directive> directives(String text, Statements statements) {
        Lines lines = new Lines(text);
        int head = statements.list().isEmpty()
                ? Integer.MAX_VALUE
                : statements.list().getFirst().offset();
        List<Directive> directives = new ArrayList<>();
        for (Token comment : statements.comments()) {
            int line = lines.at(comment.offset());
            switch (Directive.of(comment.text())) {
                case null -> {}
                case Directive.Reading.Wrong wrong ->
                    find(LintRule.DIRECTIVE, line, wrong.problem(), "write " + Directive.FORMS);
                case Directive.Reading.Read read
                when comment.offset() > head ->
                    find(
                            LintRule.DIRECTIVE,
                            line,
                            "a directive after the first statement",
                            "move it to the file's head");
                case Directive.Reading.Read read -> directives.add(read.directive());
            }
        }
        return directives;
    }

    private void find(LintRule rule, int line, String problem, String remedy) {
        findings.add(new LintFinding(rule, file, line, problem, remedy));
    }
}
