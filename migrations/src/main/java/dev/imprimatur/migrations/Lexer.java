package dev.imprimatur.migrations;

import dev.imprimatur.migrations.Statements.Flaw;
import dev.imprimatur.migrations.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** The rules of PostgreSQL's scan.l with standard_conforming_strings on, comments kept as tokens. */
final class Lexer {

    private static final String OPERATORS = "+-*/<>=~!@#%^&|`?";
    /** Without one of these, an operator of several characters does not end in + or -: {@code 2*-1} has two operators. */
    private static final String LET_SIGN_END = "~!@#%^&|`?";

    private final String sql;
    private final Lines lines;
    private final List<Token> tokens = new ArrayList<>();
    private final List<Flaw> flaws = new ArrayList<>();
    private int at;

    Lexer(String sql, Lines lines) {
        this.sql = sql;
        this.lines = lines;
    }

    List<Token> tokens() {
        return tokens;
    }

    List<Flaw> flaws() {
        return flaws;
    }

    Lexer scan() {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (isSpace(c)) {
                at++;
            } else if (lookingAt("--")) {
                add(Kind.COMMENT, endOfLine(at));
            } else if (lookingAt("/*")) {
                blockComment();
            } else if (c == '\'') {
                string(at, false);
            } else if (c == '"') {
                quoted(at);
            } else if (c == '$') {
                dollar();
            } else if (isDigit(c) || (c == '.' && isDigit(peek(1)))) {
                add(Kind.NUMBER, endOfNumber());
            } else if (isWordStart(c)) {
                word();
            } else if (c == '\\') {
                psqlCommand();
            } else {
                add(Kind.OPERATOR, endOfOperator());
            }
        }
        return this;
    }

    private void word() {
        char first = Character.toLowerCase(sql.charAt(at));
        char next = peek(1);
        if (next == '\'' && "ebxn".indexOf(first) >= 0) {
            string(at + 1, first == 'e');
        } else if (first == 'u' && next == '&' && peek(2) == '\'') {
            string(at + 2, false);
        } else if (first == 'u' && next == '&' && peek(2) == '"') {
            quoted(at + 2);
        } else {
            int end = at + 1;
            while (end < sql.length() && isWordPart(sql.charAt(end))) {
                end++;
            }
            add(Kind.WORD, end);
        }
    }

    /** Reads one literal and those that continue it on later lines, which inherit its treatment of backslashes. */
    private void string(int quote, boolean backslashes) {
        int open = quote;
        while (true) {
            int end = open + 1;
            while (true) {
                if (end >= sql.length()) {
                    unterminated("string");
                    return;
                }
                char c = sql.charAt(end);
                if (c == '\\' && backslashes) {
                    end += 2;
                } else if (c != '\'') {
                    end++;
                } else if (end + 1 < sql.length() && sql.charAt(end + 1) == '\'') {
                    end += 2;
                } else {
                    break;
                }
            }
            add(Kind.STRING, end + 1);
            open = continuation();
            if (open < 0) {
                return;
            }
            at = open;
        }
    }

    /** Where the literal that has just ended goes on: after white space with at least one line end in it. */
    private int continuation() {
        int look = at;
        boolean lineEnd = false;
        while (look < sql.length()) {
            char c = sql.charAt(look);
            if (c == '\'') {
                return lineEnd ? look : -1;
            } else if (isSpace(c)) {
                lineEnd |= c == '\n' || c == '\r';
                look++;
            } else if (sql.startsWith("--", look)) {
                look = endOfLine(look);
            } else {
                return -1;
            }
        }
        return -1;
    }

    private void quoted(int quote) {
        int end = quote + 1;
        while (true) {
            end = sql.indexOf('"', end);
            if (end < 0) {
                unterminated("quoted identifier");
                return;
            }
            if (end + 1 >= sql.length() || sql.charAt(end + 1) != '"') {
                break;
            }
            end += 2;
        }
        add(Kind.QUOTED_IDENTIFIER, end + 1);
    }

    private void dollar() {
        int end = at + 1;
        if (isDigit(peek(1))) {
            while (end < sql.length() && isDigit(sql.charAt(end))) {
                end++;
            }
            add(Kind.PARAMETER, end);
            return;
        }
        if (end < sql.length() && isWordStart(sql.charAt(end))) {
            while (end < sql.length() && sql.charAt(end) != '$' && isWordPart(sql.charAt(end))) {
                end++;
            }
        }
        if (end >= sql.length() || sql.charAt(end) != '$') {
            add(Kind.OPERATOR, at + 1);
            return;
        }
        String tag = sql.substring(at, end + 1);
        int close = sql.indexOf(tag, end + 1);
        if (close < 0) {
            unterminated("dollar-quoted string " + tag);
        } else {
            add(Kind.DOLLAR_STRING, close + tag.length());
        }
    }

    private void blockComment() {
        int depth = 1;
        int end = at + 2;
        while (depth > 0) {
            if (end >= sql.length()) {
                unterminated("comment /*");
                return;
            }
            if (sql.startsWith("/*", end)) {
                depth++;
                end += 2;
            } else if (sql.startsWith("*/", end)) {
                depth--;
                end += 2;
            } else {
                end++;
            }
        }
        add(Kind.COMMENT, end);
    }

    private int endOfNumber() {
        int end = at;
        while (end < sql.length()) {
            char c = sql.charAt(end);
            boolean exponentSign = (c == '+' || c == '-')
                    && end > at
                    && (sql.charAt(end - 1) == 'e' || sql.charAt(end - 1) == 'E')
                    && !sql.regionMatches(true, at, "0x", 0, 2)
                    && end + 1 < sql.length()
                    && isDigit(sql.charAt(end + 1));
            // Two dots are a range of a PL/pgSQL loop: 1..10
            boolean point = c == '.' && !(end + 1 < sql.length() && sql.charAt(end + 1) == '.');
            if (c == '$' || (!isWordPart(c) && !exponentSign && !point)) {
                break;
            }
            end++;
        }
        return end;
    }

    private int endOfOperator() {
        if (lookingAt("::") || lookingAt(":=") || lookingAt("..")) {
            return at + 2;
        }
        int end = at;
        boolean signMayEnd = false;
        while (end < sql.length()
                && OPERATORS.indexOf(sql.charAt(end)) >= 0
                && !sql.startsWith("--", end)
                && !sql.startsWith("/*", end)) {
            signMayEnd |= LET_SIGN_END.indexOf(sql.charAt(end)) >= 0;
            end++;
        }
        while (!signMayEnd && end > at + 1 && (sql.charAt(end - 1) == '+' || sql.charAt(end - 1) == '-')) {
            end--;
        }
        return Math.max(end, at + 1);
    }

    private void psqlCommand() {
        int end = endOfLine(at);
        String command = sql.substring(at, end).strip();
        flaws.add(new Flaw(Flaw.Fault.PSQL_COMMAND, command, lines.at(at), at));
        at = end;
    }

    /** What begins here has no end: everything after it is swallowed, so that no half of it is ever run. */
    private void unterminated(String what) {
        flaws.add(new Flaw(Flaw.Fault.UNTERMINATED, what, lines.at(at), at));
        at = sql.length();
    }

    private void add(Kind kind, int end) {
        tokens.add(new Token(kind, sql.substring(at, end), at));
        at = end;
    }

    private int endOfLine(int from) {
        int end = from;
        while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    private boolean lookingAt(String text) {
        return sql.startsWith(text, at);
    }

    private char peek(int ahead) {
        return at + ahead < sql.length() ? sql.charAt(at + ahead) : '\0';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || isDigit(c) || c == '$';
    }
}
