package dev.imprimatur.migrations;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What two texts of one query have in common, of which one may have come from a file and the other from
 * {@code pg_stat_statements}, which puts parameters in the place of constants: white space, comments, the case of words,
 * values, and how many values stand in a list do not count.
 */
public record Wording(String text) {

    private static final Pattern LIST = Pattern.compile("\\?(?: , \\?)+");
    private static final Pattern SIGN = Pattern.compile("(?<=[(,=<>] )[-+] (?=\\?)");

    /** The wording of a text that holds one statement. */
    public static Wording of(String sql) {
        StringBuilder text = new StringBuilder();
        for (Statement statement : Statements.of(sql).list()) {
            for (Token token : statement.tokens()) {
                text.append(text.isEmpty() ? "" : " ").append(word(token));
            }
        }
        return new Wording(LIST.matcher(SIGN.matcher(text).replaceAll("")).replaceAll("?"));
    }

    private static String word(Token token) {
        return switch (token.kind()) {
            case STRING, DOLLAR_STRING, NUMBER, PARAMETER -> "?";
            // The server counts these three among the constants, wherever they stand for a value.
            case WORD ->
                token.isWord("TRUE") || token.isWord("FALSE") || token.isWord("NULL")
                        ? "?"
                        : token.text().toLowerCase(Locale.ROOT);
            case QUOTED_IDENTIFIER, OPERATOR, COMMENT -> token.text();
        };
    }
}
