package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A command, or one of its arguments, came to nothing: the words for the terminal and the code to exit with. */
final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The server said no. */
    static final int REFUSED = 1;
    /** What was typed or written cannot be right. */
    static final int BAD_INPUT = 2;
    /** Nobody answered, or something broke over there. */
    static final int OUT_OF_REACH = 3;

    private static final String OUR_TYPES = "/problems/";

    private final int exitCode;
    private final String line;
    private final transient @Nullable JsonNode problem;

    private FailedException(int exitCode, String line, @Nullable JsonNode problem, @Nullable Throwable cause) {
        super(line, cause);
        this.exitCode = exitCode;
        this.line = line;
        this.problem = problem;
    }

    static FailedException refused(String line) {
        return new FailedException(REFUSED, line, null, null);
    }

    static FailedException badInput(String line) {
        return new FailedException(BAD_INPUT, line, null, null);
    }

    static FailedException outOfReach(String line, @Nullable Throwable cause) {
        return new FailedException(OUT_OF_REACH, line, null, cause);
    }

    /** The server's problem+json in words: {@code IM203 four eyes: you wrote it}. */
    static FailedException of(int status, JsonNode problem) {
        String code = problem.path("code").asString("");
        String type = problem.path("type").asString("");
        String name = type.startsWith(OUR_TYPES)
                ? type.substring(OUR_TYPES.length()).replace('-', ' ')
                : problem.path("title").asString("refused");
        String detail = problem.path("detail").asString("the server answered " + status);
        String heading = code.isEmpty() ? "HTTP " + status : code;
        return new FailedException(
                exitCodeOf(code, status), "%s %s: %s".formatted(heading, name, detail), problem, null);
    }

    FailedException withHint(String hint) {
        return new FailedException(exitCode, "%s (%s)".formatted(line, hint), problem, getCause());
    }

    private static int exitCodeOf(String code, int status) {
        return ErrorCode.ofSqlState(code)
                .map(ErrorCode::exitCode)
                .orElse(status >= 500 ? OUT_OF_REACH : status == 400 ? BAD_INPUT : REFUSED);
    }

    int exitCode() {
        return exitCode;
    }

    /** One line without the place it is about. */
    String line() {
        return line;
    }

    /** What the server answered, if it did. */
    @Nullable
    JsonNode problem() {
        return problem;
    }

    /** What is wrong with single fields of the request, in the server's order. */
    List<FieldFault> fieldFaults() {
        if (problem == null) {
            return List.of();
        }
        return problem.path("errors").values().stream()
                .map(error -> new FieldFault(
                        error.path("pointer").asString(""), error.path("detail").asString("is not acceptable")))
                .toList();
    }

    /** The heading of {@link #line()}, {@code IM101 invalid field}, to stand before a field's own detail. */
    String heading() {
        int end = line.indexOf(": ");
        return end < 0 ? line : line.substring(0, end);
    }

    /** A field of a request by its JSON pointer, and what the server has against it. */
    record FieldFault(String pointer, String detail) {}
}
