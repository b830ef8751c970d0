package dev.imprimatur.migrations.layout;

import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.Statement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A goose file. Annotations are {@code -- +goose …} at the beginning of a line, in any case, and any other comment with
 * {@code +goose} in it is an error to goose.
 *
 * <p>goose ends a statement where a line ends in a semicolon, unless it stands between {@code StatementBegin} and
 * {@code StatementEnd}. We split as the server does; a statement that goose would cut in two, or send without an end, is
 * told. Several statements inside one such pair are one query to goose and several to us, which is the same but for
 * {@code NO TRANSACTION}.
 */
final class GooseScript {

    private enum State {
        START,
        UP,
        UP_STATEMENT,
        DOWN,
        DOWN_STATEMENT
    }

    private static final Set<String> ANNOTATIONS =
            Set.of("UP", "DOWN", "STATEMENTBEGIN", "STATEMENTEND", "NO TRANSACTION", "ENVSUB ON", "ENVSUB OFF");

    /** Lines that goose sends together, both included. */
    private record Chunk(int first, int last) {}

    private final Path file;
    private final String text;
    private final BitSet up = new BitSet();
    private final BitSet down = new BitSet();
    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Unread> upUnread = new ArrayList<>();
    private final List<Unread> downUnread = new ArrayList<>();
    private State state = State.START;
    private boolean withoutTransaction;
    private boolean hasDown;
    private int above;
    private int pending;

    GooseScript(Path file, String text) {
        this.file = file;
        this.text = text;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.strip().startsWith("--") && line.contains("+goose")) {
                annotation(number, line);
            } else {
                sql(number, line);
            }
        }
        switch (state) {
            case START -> refused(1, "no `-- +goose Up`, which goose asks for", "write it above the change");
            case UP, DOWN -> unfinished();
            case UP_STATEMENT, DOWN_STATEMENT ->
                refused(pending, "`-- +goose StatementBegin` without its end", "write `-- +goose StatementEnd`");
        }
    }

    private void annotation(int number, String line) {
        String word =
                line.replace("--", "").replaceFirst("\\+goose", "").strip().toUpperCase(Locale.ROOT);
        if (!line.startsWith("--") || !ANNOTATIONS.contains(word)) {
            refused(number, "`" + line.strip() + "` is no annotation of goose, which refuses it", "correct it");
            return;
        }
        switch (word) {
            case "UP" -> {
                if (state != State.START) {
                    refused(number, "a second `-- +goose Up`", "remove it");
                } else if (above > 0) {
                    refused(above, "a statement above `-- +goose Up`, which goose refuses", "move it below");
                }
                state = State.UP;
            }
            case "DOWN" -> {
                unfinished();
                if (state != State.UP) {
                    refused(number, "`-- +goose Down` without a `-- +goose Up` before it", "put the way there first");
                }
                hasDown = true;
                state = State.DOWN;
            }
            case "STATEMENTBEGIN" -> {
                switch (state) {
                    case UP -> state = State.UP_STATEMENT;
                    case DOWN -> state = State.DOWN_STATEMENT;
                    case START, UP_STATEMENT, DOWN_STATEMENT ->
                        refused(number, "`-- +goose StatementBegin` where none may begin", "remove it");
                }
                pending = pending == 0 ? number : pending;
            }
            case "STATEMENTEND" -> {
                switch (state) {
                    case UP_STATEMENT -> state = State.UP;
                    case DOWN_STATEMENT -> state = State.DOWN;
                    case START, UP, DOWN ->
                        refused(number, "`-- +goose StatementEnd` without its beginning", "remove it");
                }
                chunks.add(new Chunk(pending, number));
                pending = 0;
            }
            case "NO TRANSACTION" -> withoutTransaction = true;
            case "ENVSUB ON" ->
                unread(
                        number,
                        "`ENVSUB ON` puts variables of goose's environment into the SQL",
                        "write their values into the file");
            default -> {}
        }
    }

    private void sql(int number, String line) {
        boolean nothing = line.isBlank() || line.strip().startsWith("--");
        switch (state) {
            case START -> above = above == 0 && !nothing ? number : above;
            case UP, DOWN -> {
                (state == State.UP ? up : down).set(number);
                if (pending == 0 && nothing) {
                    return;
                }
                pending = pending == 0 ? number : pending;
                if (endsStatement(line)) {
                    chunks.add(new Chunk(pending, number));
                    pending = 0;
                }
            }
            case UP_STATEMENT -> up.set(number);
            case DOWN_STATEMENT -> down.set(number);
        }
    }

    /** Whether the last word before a comment ends in a semicolon; goose looks at nothing else. */
    private static boolean endsStatement(String line) {
        String last = "";
        for (String word : line.strip().split("\\s+", -1)) {
            if (word.startsWith("--")) {
                break;
            }
            last = word;
        }
        return last.endsWith(";");
    }

    private void unfinished() {
        if (pending > 0) {
            unread(
                    pending,
                    "what begins here has no line that ends in a semicolon, which goose refuses",
                    "write the semicolon at the end of its last line");
        }
        pending = 0;
    }

    /** What makes goose refuse the file as a whole. */
    private void refused(int line, String problem, String remedy) {
        upUnread.add(new Unread(file, line, problem, remedy, true));
    }

    private void unread(int line, String problem, String remedy) {
        switch (state) {
            case START, UP, UP_STATEMENT -> upUnread.add(new Unread(file, line, problem, remedy, true));
            case DOWN, DOWN_STATEMENT -> downUnread.add(new Unread(file, line, problem, remedy, false));
        }
    }

    Section forward() {
        return section(Direction.FORWARD, up, upUnread);
    }

    /** The way back; empty without a {@code -- +goose Down}. */
    Optional<Section> down() {
        return hasDown ? Optional.of(section(Direction.DOWN, down, downUnread)) : Optional.empty();
    }

    private Section section(Direction direction, BitSet lines, List<Unread> unread) {
        TransactionRule rule = withoutTransaction ? TransactionRule.NONE : TransactionRule.ONE;
        Section section = Section.of(direction, file, Blanks.keep(text, lines), rule);
        for (Unread each : unread) {
            section = section.with(each);
        }
        for (Statement statement : section.part().statements().list()) {
            Optional<Chunk> cut = cut(statement);
            if (cut.isPresent()) {
                section = section.with(
                        statement.line(),
                        "goose ends this statement at line " + cut.get().last() + ", where a line ends in a semicolon",
                        "put it between `-- +goose StatementBegin` and `-- +goose StatementEnd`");
            }
        }
        return section;
    }

    private Optional<Chunk> cut(Statement statement) {
        int last = statement.line()
                + (int) statement.text().chars().filter(c -> c == '\n').count();
        return chunks.stream()
                .filter(chunk -> chunk.first() <= statement.line() && statement.line() <= chunk.last())
                .filter(chunk -> chunk.last() < last)
                .findFirst();
    }
}
