package dev.imprimatur.migrations.report;

import java.util.List;

/** Foreign text made harmless for terminals, logs and XML: names and messages may hold any character. */
final class Plain {

    private Plain() {}

    /** In one line: a line break becomes a blank. */
    static String line(String text) {
        return visible(text.replaceAll("\\R", " "));
    }

    /** Line by line. */
    static List<String> lines(String text) {
        return text.lines().map(Plain::visible).toList();
    }

    /** Control characters as they are written in code; a terminal would obey them, and XML cannot hold them. */
    private static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\t') {
                visible.append("    ");
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || unpaired(c)) {
                visible.append("\\u%04x".formatted(c));
            } else {
                visible.appendCodePoint(c);
            }
        });
        return visible.toString();
    }

    private static boolean unpaired(int c) {
        return (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) || c == 0xFFFE || c == 0xFFFF;
    }
}
