package dev.imprimatur.migrations;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.util.ServerErrorMessage;

/**
 * What may be quoted from a server's message: names and numbers that the migration's file spells out as code, and names
 * that the server itself has marked as names of objects. All else that stands in quotes, and every other number, may have
 * come out of a row: {@code SELECT title::regclass} says of a title that there is no such relation.
 */
final class Known {

    static final String LEFT_OUT = "…";

    /** Languages quote differently, and the server speaks the one that its lc_messages names. */
    private static final Pattern QUOTED = Pattern.compile("([\"»«„“”「『'‘‚])([^\"»«„“”「」『』'‘’‚]*)([\"»«“”」』'’‘])");

    private static final String QUOTES = "\"»«„“”「」『』'‘’‚";
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w$])[-+]?\\d[\\w:+.-]*");
    private static final Pattern LITERAL = Pattern.compile("'(?:[^']|'')*'");
    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*|\\d[\\p{L}\\p{N}_.]*");
    private static final Pattern BLANK = Pattern.compile("^[\\s\\u00a0\\u202f]+|[\\s\\u00a0\\u202f]+$"); // « so »
    private static final Pattern DOT = Pattern.compile("\\.");

    private final Set<String> names = new HashSet<>();

    Known(Script script, ServerErrorMessage server) {
        script.statements().list().forEach(statement -> statement.tokens().forEach(this::add));
        Stream.of(
                        server.getSchema(),
                        server.getTable(),
                        server.getColumn(),
                        server.getDatatype(),
                        server.getConstraint())
                .filter(name -> name != null)
                .forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }

    private void add(Token token) {
        switch (token.kind()) {
            case WORD, NUMBER, PARAMETER, OPERATOR -> names.add(token.text().toLowerCase(Locale.ROOT));
            case QUOTED_IDENTIFIER -> names.add(token.identifier().toLowerCase(Locale.ROOT));
            // The body of a function or of DO is code, and what stands in quotes in it is not.
            case DOLLAR_STRING ->
                WORD.matcher(LITERAL.matcher(token.text()).replaceAll(" "))
                        .results()
                        .forEach(word -> names.add(word.group().toLowerCase(Locale.ROOT)));
            case STRING, COMMENT -> {}
        }
    }

    /** The message without what may be a value. */
    String in(String message) {
        return NUMBER.matcher(quoted(message))
                .replaceAll(number -> Matcher.quoteReplacement(isKnown(number.group()) ? number.group() : LEFT_OUT));
    }

    /** From the first unknown quotation to the last quote there is, for a value may hold quotes itself. */
    private String quoted(String message) {
        Matcher quoted = QUOTED.matcher(message);
        while (quoted.find()) {
            if (!isKnown(quoted.group(2))) {
                int last = message.length() - 1;
                while (QUOTES.indexOf(message.charAt(last)) < 0) {
                    last--;
                }
                return message.substring(0, quoted.start()) + LEFT_OUT + message.substring(last + 1);
            }
        }
        return message;
    }

    private boolean isKnown(String quoted) {
        String name = BLANK.matcher(quoted.toLowerCase(Locale.ROOT)).replaceAll("");
        return names.contains(name) || DOT.splitAsStream(name).allMatch(names::contains);
    }
}
