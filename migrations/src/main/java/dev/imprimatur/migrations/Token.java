package dev.imprimatur.migrations;

import java.util.Locale;

/**
 * One lexical element of SQL as PostgreSQL's own scanner sees it.
 *
 * @param kind what it is
 * @param text exactly as it stands in the file, quotes included
 * @param offset where it begins, in UTF-16 units from the start of the text
 */
public record Token(Kind kind, String text, int offset) {

    public enum Kind {
        /** A keyword or an unquoted identifier. */
        WORD,
        /** {@code "…"} or {@code U&"…"}. */
        QUOTED_IDENTIFIER,
        /** {@code '…'} with any prefix: E, B, X, N or U&. */
        STRING,
        /** {@code $tag$…$tag$}. */
        DOLLAR_STRING,
        NUMBER,
        /** {@code $1}. */
        PARAMETER,
        OPERATOR,
        COMMENT
    }

    /** The first position after the token. */
    public int end() {
        return offset + text.length();
    }

    /** True for an unquoted word that equals {@code word}, in any case. */
    public boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    /** True for the operator or punctuation {@code symbol}. */
    public boolean isSymbol(String symbol) {
        return kind == Kind.OPERATOR && text.equals(symbol);
    }

    /** The name that the server makes of this identifier: folded to lower case, or taken out of its double quotes. */
    public String identifier() {
        return kind == Kind.QUOTED_IDENTIFIER && text.startsWith("\"")
                ? text.substring(1, text.length() - 1).replace("\"\"", "\"")
                : text.toLowerCase(Locale.ROOT);
    }
}
