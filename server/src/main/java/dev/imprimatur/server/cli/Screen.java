package dev.imprimatur.server.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** How things look on the terminal. */
final class Screen {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
    private static final int SHORT_ID = 8;
    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private Screen() {}

    /**
     * What others wrote must not move the cursor, or turn the writing direction round, in front of the person who
     * approves it.
     */
    static String line(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean deceiving = (Character.isISOControl(c) && c != '\t')
                    || (Character.getType(c) == Character.FORMAT && c != ZERO_WIDTH_JOINER)
                    || c == 0x2028
                    || c == 0x2029;
            if (deceiving) {
                safe.append("‹U+%04X›".formatted(c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    static String shortId(JsonNode object) {
        String id = object.path("id").asString("");
        return id.length() > SHORT_ID ? id.substring(0, SHORT_ID) : id;
    }

    /** A state as people say it: {@code in review}. */
    static String words(String label) {
        return label.replace('_', ' ');
    }

    static String names(JsonNode array) {
        return String.join(", ", array.values().stream().map(JsonNode::asString).toList());
    }

    /** {@code 2026-12-01T09:00 Europe/Berlin}, as it was written; of what is due at once, no fractions of a second. */
    static String due(JsonNode due) {
        String zone = due.path("zone").asString("");
        return due.path("local").asString("").replaceFirst("\\.[0-9]+$", "") + (zone.equals("Z") ? "Z" : " " + zone);
    }

    /** An instant on this machine's clock. */
    static String time(JsonNode instant) {
        String text = instant.asString("");
        try {
            return MINUTE.withZone(ZoneId.systemDefault()).format(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return text;
        }
    }

    /** Columns as wide as their widest cell; the last one runs free. */
    static List<String> table(List<List<String>> rows) {
        int[] widths = new int[rows.isEmpty() ? 0 : rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> aligned(row, widths)).toList();
    }

    private static String aligned(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            line.append(cell);
            if (i < widths.length - 1) {
                line.append(" ".repeat(widths[i] - cell.length() + 2));
            }
        }
        return line.toString().stripTrailing();
    }
}
