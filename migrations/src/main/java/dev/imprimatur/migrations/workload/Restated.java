package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Token;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a normalised text was before its literals became parameters: {@code interval '1 day'} is valid, {@code interval
 * $1} is not, {@code $1::interval} is again; and likewise {@code extract(year FROM x)}.
 */
final class Restated {

    private static final Set<String> TYPES = Set.of(
            "interval",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "bool",
            "boolean",
            "numeric",
            "decimal",
            "bit",
            "json",
            "jsonb",
            "uuid",
            "inet",
            "cidr",
            "point",
            "box",
            "float",
            "real",
            "int",
            "integer",
            "bigint",
            "smallint",
            "text",
            "varchar",
            "bytea",
            "money",
            "xml",
            "regclass");

    private Restated() {}

    static String of(Statement statement) {
        List<Token> tokens = statement.tokens();
        StringBuilder text = new StringBuilder();
        int written = statement.offset();
        for (int i = 0; i + 1 < tokens.size(); i++) {
            int type = typeBefore(tokens, i + 1);
            if (type == i) {
                Token first = tokens.get(firstOfType(tokens, i));
                text.append(gap(statement, written, first.offset()))
                        .append(tokens.get(i + 1).text())
                        .append("::")
                        .append(
                                statement.text(),
                                first.offset() - statement.offset(),
                                tokens.get(i).end() - statement.offset());
                written = tokens.get(i + 1).end();
            } else if (isExtract(tokens, i)) {
                text.append(gap(statement, written, tokens.get(i).offset()))
                        .append("pg_catalog.extract(")
                        .append(tokens.get(i + 2).text())
                        .append(",");
                written = tokens.get(i + 3).end();
            }
        }
        return text.append(gap(
                        statement,
                        written,
                        statement.offset() + statement.text().length()))
                .toString();
    }

    private static String gap(Statement statement, int from, int to) {
        return statement.text().substring(from - statement.offset(), to - statement.offset());
    }

    /** The last token of the type's name right before the parameter at {@code at}; -1 when there is none. */
    private static int typeBefore(List<Token> tokens, int at) {
        if (tokens.get(at).kind() != Token.Kind.PARAMETER) {
            return -1;
        }
        Token before = tokens.get(at - 1);
        boolean qualified = at > 1 && tokens.get(at - 2).isSymbol("::");
        boolean isType = before.kind() == Token.Kind.WORD
                && (TYPES.contains(before.text().toLowerCase(Locale.ROOT)) || isZone(tokens, at - 1));
        return isType && !qualified ? at - 1 : -1;
    }

    private static boolean isZone(List<Token> tokens, int last) {
        return last >= 3
                && tokens.get(last).isWord("ZONE")
                && tokens.get(last - 1).isWord("TIME")
                && (tokens.get(last - 2).isWord("WITH") || tokens.get(last - 2).isWord("WITHOUT"))
                && (tokens.get(last - 3).isWord("TIMESTAMP")
                        || tokens.get(last - 3).isWord("TIME"));
    }

    private static int firstOfType(List<Token> tokens, int last) {
        return isZone(tokens, last) ? last - 3 : last;
    }

    private static boolean isExtract(List<Token> tokens, int at) {
        return at + 3 < tokens.size()
                && tokens.get(at).isWord("EXTRACT")
                && tokens.get(at + 1).isSymbol("(")
                && tokens.get(at + 2).kind() == Token.Kind.PARAMETER
                && tokens.get(at + 3).isWord("FROM");
    }
}
