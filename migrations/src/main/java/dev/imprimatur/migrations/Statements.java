package dev.imprimatur.migrations;

import dev.imprimatur.migrations.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * A SQL text split into its statements by the server's own lexical rules: string literals of every kind and their
 * continuation lines, dollar quotes, nested comments, quoted identifiers, parentheses (a rule's {@code DO (a; b)}) and
 * {@code BEGIN ATOMIC … END} bodies. Nothing of psql is understood: a backslash outside quotes is a {@link Flaw}.
 *
 * <p>Splitting never fails. A text with flaws must not be run: what follows an unterminated element is swallowed.
 *
 * @param list the statements in order; empty ones are left out
 * @param comments the comments in order, wherever they stand
 * @param flaws what no server would accept, in order
 */
public record Statements(List<Statement> list, List<Token> comments, List<Flaw> flaws) {

    /**
     * A lexical fault.
     *
     * @param what the psql command, or the element that has no end
     * @param line where it begins, counted from 1
     * @param offset where it begins, in UTF-16 units
     */
    public record Flaw(Fault fault, String what, int line, int offset) {
        public enum Fault {
            PSQL_COMMAND,
            UNTERMINATED
        }
    }

    public Statements {
        list = List.copyOf(list);
        comments = List.copyOf(comments);
        flaws = List.copyOf(flaws);
    }

    /** Splits a text whose lines end in {@code \n}. */
    public static Statements of(String sql) {
        return new Splitter(sql).split();
    }

    private static final class Splitter {

        private final String sql;
        private final Lines lines;
        private final List<Statement> list = new ArrayList<>();
        private final List<Token> comments = new ArrayList<>();
        private final List<Flaw> flaws = new ArrayList<>();
        private final List<Token> current = new ArrayList<>();
        private final List<Token> open = new ArrayList<>();
        private int parentheses;

        Splitter(String sql) {
            this.sql = sql;
            this.lines = new Lines(sql);
        }

        Statements split() {
            Lexer lexer = new Lexer(sql, lines).scan();
            flaws.addAll(lexer.flaws());
            List<Token> tokens = new ArrayList<>();
            lexer.tokens().forEach(token -> (token.kind() == Kind.COMMENT ? comments : tokens).add(token));
            for (int i = 0; i < tokens.size(); i++) {
                Token token = tokens.get(i);
                if (token.isSymbol(";") && open.isEmpty()) {
                    finish();
                    continue;
                }
                nest(token, i + 1 < tokens.size() ? tokens.get(i + 1) : token);
                current.add(token);
            }
            if (flaws.isEmpty() && !open.isEmpty()) {
                Token first = open.getFirst();
                String what = first.isSymbol("(") ? "parenthesis (" : "BEGIN ATOMIC body";
                flaws.add(new Flaw(Flaw.Fault.UNTERMINATED, what, lines.at(first.offset()), first.offset()));
            }
            finish();
            return new Statements(list, comments, flaws);
        }

        private void nest(Token token, Token next) {
            if (token.isSymbol("(")) {
                parentheses++;
                open.add(token);
            } else if (token.isSymbol(")") && parentheses > 0) {
                parentheses--;
                open.removeLast();
            } else if (open.isEmpty() && token.isWord("BEGIN") && next.isWord("ATOMIC") && isRoutine()) {
                open.add(token);
            } else if (!open.isEmpty() && open.getFirst().isWord("BEGIN") && !isLabel()) {
                if (token.isWord("CASE")) {
                    open.add(token);
                } else if (token.isWord("END") && open.getLast().kind() == Kind.WORD) {
                    open.removeLast();
                }
            }
        }

        private boolean isRoutine() {
            Statement soFar = statement();
            return soFar.startsWith("CREATE", "FUNCTION")
                    || soFar.startsWith("CREATE", "PROCEDURE")
                    || soFar.startsWith("CREATE", "OR", "REPLACE", "FUNCTION")
                    || soFar.startsWith("CREATE", "OR", "REPLACE", "PROCEDURE");
        }

        /** Whether the word that comes now names a column: {@code AS end}, {@code t.case}. */
        private boolean isLabel() {
            Token last = current.getLast();
            return last.isWord("AS") || last.isSymbol(".");
        }

        private void finish() {
            if (!current.isEmpty()) {
                list.add(statement());
            }
            current.clear();
            open.clear();
            parentheses = 0;
        }

        private Statement statement() {
            if (current.isEmpty()) {
                return new Statement("", 1, 0, current);
            }
            int start = current.getFirst().offset();
            return new Statement(sql.substring(start, current.getLast().end()), lines.at(start), start, current);
        }
    }
}
