package dev.imprimatur.migrations;

import java.util.List;

/**
 * One SQL statement, ready to be sent.
 *
 * @param text the statement as it stands in the file, from its first to its last token, without the closing semicolon
 * @param line the line of its first token, counted from 1
 * @param offset where its text begins in the file's text, in UTF-16 units
 * @param tokens its tokens in order, without comments and without the closing semicolon; never empty
 */
public record Statement(String text, int line, int offset, List<Token> tokens) {

    public Statement {
        tokens = List.copyOf(tokens);
    }

    /** True when the statement begins with exactly these unquoted words, in any case. */
    public boolean startsWith(String... words) {
        if (tokens.size() < words.length) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            if (!tokens.get(i).isWord(words[i])) {
                return false;
            }
        }
        return true;
    }

    /** True when the unquoted word stands anywhere in the statement, in any case; what is inside strings is not seen. */
    public boolean hasWord(String word) {
        return tokens.stream().anyMatch(token -> token.isWord(word));
    }

    /** True for a COPY whose rows do not come from the server but from whoever sends it, as psql does. */
    public boolean copiesThroughTheClient() {
        return startsWith("COPY") && (hasWord("STDIN") || hasWord("STDOUT"));
    }

    /** Whether the server runs it only outside a transaction, as far as its words tell. */
    public boolean refusesTransaction() {
        boolean index = startsWith("CREATE", "INDEX")
                || startsWith("CREATE", "UNIQUE", "INDEX")
                || startsWith("DROP", "INDEX")
                || startsWith("REINDEX")
                || (startsWith("ALTER", "TABLE") && hasWord("DETACH"));
        return (index && hasWord("CONCURRENTLY"))
                || startsWith("VACUUM")
                || startsWith("CREATE", "DATABASE")
                || startsWith("DROP", "DATABASE")
                || startsWith("CREATE", "TABLESPACE")
                || startsWith("DROP", "TABLESPACE")
                || startsWith("ALTER", "SYSTEM");
    }

    /**
     * The line in the file of a position in {@link #text}.
     *
     * @param position in characters (code points), counted from 1, as the server reports it; a position outside the
     *     text gives the statement's first line
     */
    public int lineAt(int position) {
        if (position < 1 || position > text.codePointCount(0, text.length())) {
            return line;
        }
        int end = text.offsetByCodePoints(0, position - 1);
        return line
                + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
    }
}
