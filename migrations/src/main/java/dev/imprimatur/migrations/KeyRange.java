package dev.imprimatur.migrations;

import java.util.List;

/** The smallest and the greatest key of one batch, as text, and how they enter the statement. */
public record KeyRange(String first, String last) {

    enum Place {
        FIRST,
        LAST;

        String mark() {
            return this == FIRST ? ":first" : ":last";
        }
    }

    static boolean has(Statement statement, Place place) {
        List<Token> tokens = statement.tokens();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (isMark(tokens, i, place)) {
                return true;
            }
        }
        return false;
    }

    /** The statement's text with both marks replaced by literals of the key's type, such as {@code '42'::bigint}. */
    String fill(Statement statement, String type) {
        List<Token> tokens = statement.tokens();
        StringBuilder filled = new StringBuilder();
        int copied = 0;
        for (int i = 0; i + 1 < tokens.size(); i++) {
            boolean isFirst = isMark(tokens, i, Place.FIRST);
            if (isFirst || isMark(tokens, i, Place.LAST)) {
                filled.append(statement.text(), copied, tokens.get(i).offset() - statement.offset());
                filled.append('\'').append((isFirst ? first : last).replace("'", "''"));
                filled.append("'::").append(type);
                copied = tokens.get(i + 1).end() - statement.offset();
            }
        }
        return filled.append(statement.text().substring(copied)).toString();
    }

    private static boolean isMark(List<Token> tokens, int at, Place place) {
        Token colon = tokens.get(at);
        Token word = tokens.get(at + 1);
        return colon.isSymbol(":")
                && word.offset() == colon.end()
                && word.text().equals(place.mark().substring(1));
    }
}
