package dev.imprimatur.migrations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes costs into a registry, and touches nothing else: not a blank, not a line end. */
final class RegistryCosts {

    private static final int FORWARD = 4;
    private static final int BACK = 5;

    /** Where a cell's content stands in the text; empty when it is blank. */
    private record Cell(int start, int end) {}

    private RegistryCosts() {}

    /** The text with both costs of a migration's row; empty when the migration has no row with these cells. */
    static Optional<String> in(String markdown, int number, MeasuredCost cost) {
        return Registry.parse(markdown).stream()
                .flatMap(registry -> registry.rows().stream())
                .filter(row -> row.number().equals(Optional.of(number)))
                .findFirst()
                .map(row -> cells(markdown, lineStart(markdown, row.line())))
                .filter(cells -> cells.size() > BACK)
                .map(cells -> {
                    StringBuilder text = new StringBuilder(markdown);
                    put(text, cells.get(BACK), cost.back());
                    put(text, cells.get(FORWARD), cost.forward());
                    return text.toString();
                });
    }

    private static void put(StringBuilder text, Cell cell, String content) {
        boolean isBlank = cell.start() == cell.end();
        text.replace(cell.start(), cell.end(), isBlank ? " " + content : content);
    }

    /** As {@link String#lines()} counts them, from 1. */
    private static int lineStart(String text, int line) {
        int at = 0;
        for (int passed = 1; passed < line; passed++) {
            while (!isLineEnd(text.charAt(at))) {
                at++;
            }
            at += text.startsWith("\r\n", at) ? 2 : 1;
        }
        return at;
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private static List<Cell> cells(String text, int lineStart) {
        List<Cell> cells = new ArrayList<>();
        int start = text.indexOf('|', lineStart) + 1;
        for (int i = start; i < text.length() && !isLineEnd(text.charAt(i)); i++) {
            if (text.startsWith("\\|", i)) {
                i++;
            } else if (text.charAt(i) == '|') {
                cells.add(stripped(text, start, i));
                start = i + 1;
            }
        }
        return cells;
    }

    private static Cell stripped(String text, int start, int end) {
        int first = start;
        int last = end;
        while (last > start && Character.isWhitespace(text.charAt(last - 1))) {
            last--;
        }
        if (last == start) {
            return new Cell(start, start);
        }
        while (Character.isWhitespace(text.charAt(first))) {
            first++;
        }
        return new Cell(first, last);
    }
}
