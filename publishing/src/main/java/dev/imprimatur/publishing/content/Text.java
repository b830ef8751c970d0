package dev.imprimatur.publishing.content;

import dev.imprimatur.publishing.RefusedException;

/** Text that a person writes beside the manuscript: comments and reasons. */
public final class Text {
    private Text() {}

    /**
     * The text with Unix line ends.
     *
     * @param most how many characters are allowed
     * @throws RefusedException INVALID_FIELD at the pointer: blank, too long, control characters, half a surrogate pair
     */
    public static String multiline(String pointer, String text, int most) {
        String unix = ManuscriptRules.withUnixNewlines(text);
        if (unix.isBlank()) {
            throw RefusedException.field(pointer, "write something");
        }
        if (unix.length() > most) {
            throw RefusedException.field(
                    pointer, "%,d characters are too many; there may be %,d".formatted(unix.length(), most));
        }
        boolean control = unix.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\t');
        if (control || unix.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw RefusedException.field(pointer, "it holds characters that are no text, such as NUL");
        }
        return unix;
    }
}
