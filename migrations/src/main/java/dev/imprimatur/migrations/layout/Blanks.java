package dev.imprimatur.migrations.layout;

import java.util.BitSet;

/** Takes lines out of a text without moving any other: what is left keeps its line and its offset. */
final class Blanks {

    private Blanks() {}

    /**
     * The text with spaces for every line that is not to be kept.
     *
     * @param kept lines counted from 1
     */
    static String keep(String text, BitSet kept) {
        StringBuilder out = new StringBuilder(text.length());
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c == '\n' || kept.get(line) ? c : ' ');
            if (c == '\n') {
                line++;
            }
        }
        return out.toString();
    }
}
