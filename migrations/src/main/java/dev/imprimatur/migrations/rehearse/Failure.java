package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Statement;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What stopped a file.
 *
 * @param statement empty when it was the commit, or the deferred constraints at the end
 */
record Failure(Path file, Optional<Statement> statement, SQLException error) {

    /**
     * In a transaction with the steps around it a statement may fail that would not by itself: it needs a transaction of
     * its own or none, a table still has trigger events to come, a new enum value is not committed yet.
     */
    private static final Set<String> OF_THE_TRANSACTION = Set.of("25001", "2D000", "55006", "55P04", "25P01");

    String sqlState() {
        return error.getSQLState() == null ? "" : error.getSQLState();
    }

    boolean isOfTheTransaction() {
        return OF_THE_TRANSACTION.contains(sqlState());
    }

    boolean isTimeout() {
        return sqlState().equals("57014");
    }

    boolean isConnectionLost() {
        return isConnectionLost(error);
    }

    /** Class 08, or the server ended the session. */
    static boolean isConnectionLost(SQLException error) {
        String sqlState = String.valueOf(error.getSQLState());
        return sqlState.startsWith("08") || sqlState.startsWith("57P0");
    }

    String message() {
        ServerErrorMessage server = server();
        return server == null || server.getMessage() == null ? String.valueOf(error.getMessage()) : server.getMessage();
    }

    private @Nullable ServerErrorMessage server() {
        return error instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
    }

    Finding.Place place() {
        ServerErrorMessage server = server();
        int position = server == null ? 0 : server.getPosition();
        return new Finding.Place(file, statement.map(at -> at.lineAt(position)).orElse(1));
    }

    /** The server's words and the statement's first line. */
    String detail() {
        StringBuilder text = new StringBuilder(sqlState()).append(' ').append(message());
        ServerErrorMessage server = server();
        if (server != null) {
            line(text, "detail", server.getDetail());
            line(text, "hint", server.getHint());
            line(text, "where", server.getWhere());
        }
        text.append("\nat: ")
                .append(statement.map(Failure::firstLine).orElse("the end of the file, when all was done"));
        return text.toString();
    }

    private static void line(StringBuilder text, String label, @Nullable String value) {
        if (value != null) {
            text.append('\n')
                    .append(label)
                    .append(": ")
                    .append(value.lines().findFirst().orElse(""));
        }
    }

    private static String firstLine(Statement statement) {
        String first = statement.text().lines().findFirst().orElse("");
        return first.equals(statement.text()) ? first : first + " …";
    }
}
