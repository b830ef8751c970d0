package dev.imprimatur.migrations.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A finding's detail, in which two definitions are told from the rest: a line that begins with {@code before:} or
 * {@code after:} opens one, and indented lines go on with it.
 */
record Detail(List<Line> lines) {

    enum Side {
        BEFORE,
        AFTER,
        NEITHER
    }

    /** A line without its {@code before:} or {@code after:}. */
    record Line(Side side, boolean first, String text) {}

    static Detail of(String text) {
        List<Line> lines = new ArrayList<>();
        Side open = Side.NEITHER;
        for (String line : Plain.lines(text)) {
            String stripped = line.strip();
            if (stripped.startsWith("before:") || stripped.startsWith("after:")) {
                open = stripped.startsWith("before:") ? Side.BEFORE : Side.AFTER;
                lines.add(new Line(
                        open,
                        true,
                        stripped.substring(stripped.indexOf(':') + 1).strip()));
            } else {
                open = line.startsWith(" ") ? open : Side.NEITHER;
                lines.add(new Line(open, false, line));
            }
        }
        return new Detail(List.copyOf(lines));
    }

    boolean compares() {
        return lines.stream().anyMatch(line -> line.side() != Side.NEITHER);
    }
}
