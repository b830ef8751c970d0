package dev.imprimatur.migrations;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
        return text(file, findings).map(this::script);
    }

    /** The file's text, with line ends as {@code \n}; empty, with a finding, when it is not UTF-8 text. */
    static Optional<String> text(Path file, List<LintFinding> findings) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            String why = e.getClass().getSimpleName() + ": " + e.getMessage();
            findings.add(new LintFinding(
                    LintRule.UNREADABLE, file, 1, "the file cannot be read (" + why + ")", "make it readable"));
            return Optional.empty();
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                findings.add(new LintFinding(
                        LintRule.NUL_BYTE,
                        file,
                        lineAt(bytes, i),
                        "a NUL byte at byte " + (i + 1),
                        "remove it; PostgreSQL stores none in text"));
                return Optional.empty();
            }
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            String shown = "0x%02X".formatted(bytes[in.position()]);
            findings.add(new LintFinding(
                    LintRule.INVALID_UTF8,
                    file,
                    lineAt(bytes, in.position()),
                    "byte " + (in.position() + 1) + " (" + shown + ") is not UTF-8",
                    "save the file as UTF-8"));
            return Optional.empty();
        }
        String text = out.flip().toString().replace("\r\n", "\n");
        return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private static int lineAt(byte[] bytes, int position) {
        int line = 1;
        for (int i = 0; i < position; i++) {
            if (bytes[i] == '\n') {
                line++;
            }
        }
        return line;
    }

    private Script script(String text) {
        Statements statements = Statements.of(text);
        statements.flaws().forEach(this::flaw);
        List<Directive> directives = directives(text, statements);
        Script script = new Script(file, statements, directives, Checksum.of(statements.list()));
        new ScriptLint(script, direction, findings).check();
        return script;
    }

    private void flaw(Statements.Flaw flaw) {
        switch (flaw.fault()) {
            case PSQL_COMMAND ->
                find(
                        LintRule.PSQL_COMMAND,
                        flaw.line(),
                        "`" + shortened(flaw.what()) + "` is a command of psql, not SQL",
                        "write it in SQL");
            case UNTERMINATED ->
                find(
                        LintRule.UNTERMINATED,
                        flaw.line(),
                        "the " + flaw.what() + " that begins here never ends",
                        "close it");
        }
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

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 39) + "…";
    }

    private void find(LintRule rule, int line, String problem, String remedy) {
        findings.add(new LintFinding(rule, file, line, problem, remedy));
    }
}
