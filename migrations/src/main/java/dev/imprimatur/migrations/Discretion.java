package dev.imprimatur.migrations;

import java.util.Set;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Keeps what must not be written down out of what is: row values that a message quotes, and literals of a statement,
 * which may be passwords. The server's DETAIL, which shows whole rows, is never used.
 */
final class Discretion {

    private static final int LONGEST_STATEMENT = 4_000;

    /** Words of the server's context, which it does not translate: of dynamic SQL, or of another language than PL/pgSQL. */
    private static final Pattern DYNAMIC = Pattern.compile("EXECUTE|RETURN QUERY|OPEN|\\bPL/(?!pgSQL)");

    /** Sources that pass on the words of others: other languages, other servers. */
    private static final Set<String> PASSING_ON =
            Set.of("dblink.c", "connection.c", "plperl.c", "plpy_elog.c", "pltcl.c");

    /** Classes of the server's own words. Under the others, routines of any origin say what they like. */
    private static final Set<String> OWN_WORDS = Set.of(
            "08", "0A", "0L", "0P", "20", "21", "22", "23", "25", "26", "28", "2B", "2D", "34", "3B", "3D", "3F", "40",
            "42", "44", "53", "54", "55", "57", "58");

    /** What names a routine, an operator or a name of many parts without quotes. */
    private static final Set<String> UNQUOTED = Set.of("42601", "42602", "42883");

    private Discretion() {}

    /** The message as far as it can hold no value; {@code script} is the file that was run. */
    static String message(StepFailure failure, Script script) {
        if (!(failure.sql() instanceof PSQLException postgres)) {
            return String.valueOf(failure.sql().getMessage());
        }
        ServerErrorMessage server = postgres.getServerErrorMessage();
        if (server == null) {
            return String.valueOf(postgres.getMessage());
        }
        String message = String.valueOf(server.getMessage());
        if (isRaised(server)) {
            return stands(message, script) ? message : "(raised by a function; left out, as it may quote a row)";
        }
        if (isDynamic(server)) {
            return "(about a statement that a function has put together; left out, as it may quote a row)";
        }
        return isOwn(server, failure.sqlState())
                ? new Known(script, server).in(message)
                : "(not said about this file by the server itself; left out, as it may quote a row)";
    }

    /** With a position, a message is about the text that was sent; without, what it names may be a row's value. */
    private static boolean isOwn(ServerErrorMessage server, String state) {
        return state.length() == 5
                && OWN_WORDS.contains(state.substring(0, 2))
                && !PASSING_ON.contains(String.valueOf(server.getFile()))
                && (server.getPosition() > 0 || !UNQUOTED.contains(state));
    }

    /** A statement that was made of values: what looks like a name in its errors may be one of them. */
    private static boolean isDynamic(ServerErrorMessage server) {
        String where = server.getWhere();
        return server.getInternalQuery() != null
                || (where != null && DYNAMIC.matcher(where).find());
    }

    /** By RAISE or ASSERT a function says what it likes, under any SQLSTATE. */
    private static boolean isRaised(ServerErrorMessage server) {
        String routine = server.getRoutine();
        return routine == null || routine.equals("exec_stmt_raise") || routine.equals("exec_stmt_assert");
    }

    /** A message that the file itself spells out is no secret of the database. */
    private static boolean stands(String message, Script script) {
        String literal = "'" + message.replace("'", "''") + "'";
        return script.statements().list().stream()
                .anyMatch(statement -> statement.text().contains(literal));
    }

    /** The statement as it stands in the file, without comments and literals. */
    static String statement(Statement statement) {
        StringBuilder text = new StringBuilder();
        int end = statement.tokens().getFirst().offset();
        for (Token token : statement.tokens()) {
            int from = end - statement.offset();
            text.append(gap(statement.text().substring(from, token.offset() - statement.offset())));
            switch (token.kind()) {
                case STRING -> text.append("'").append(Known.LEFT_OUT).append("'");
                case DOLLAR_STRING -> text.append("$$").append(Known.LEFT_OUT).append("$$");
                case WORD, QUOTED_IDENTIFIER, NUMBER, PARAMETER, OPERATOR -> text.append(token.text());
                case COMMENT -> {}
            }
            end = token.end();
        }
        return text.length() <= LONGEST_STATEMENT
                ? text.toString()
                : text.substring(0, LONGEST_STATEMENT) + Known.LEFT_OUT;
    }

    /** What stands between two tokens, a comment perhaps, as white space. */
    private static String gap(String between) {
        int line = between.lastIndexOf('\n');
        if (line < 0) {
            return between.isEmpty() ? "" : " ";
        }
        String indent = between.substring(line + 1);
        return "\n" + (indent.isBlank() ? indent : "");
    }
}
