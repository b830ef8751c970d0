package dev.imprimatur.migrations.workload;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A place on the caller's connection where everything may be tried: each attempt has a savepoint, and in the end nothing
 * of it is left but sequences that moved. Works inside the caller's transaction, or in one of its own.
 */
final class Sandbox implements AutoCloseable {

    /** What becomes of an attempt that went well. */
    enum After {
        KEEP,
        UNDO
    }

    /** What came of an attempt. */
    sealed interface Attempt {

        /** @param rows of the last result, each with all its columns; a null is the word NULL */
        record Done(List<List<String>> rows) implements Attempt {
            String value() {
                return rows.getFirst().getFirst();
            }
        }

        record Failed(Refused refusal) implements Attempt {}

        /** A lock, a timeout, a lack of memory: another time it may go well. */
        record Hindered(String by) implements Attempt {}
    }

    private static final int TRIES = 3;
    private final Connection connection;
    private final java.sql.Statement statement;
    private final boolean ownTransaction;

    Sandbox(Connection connection) throws SQLException {
        this.connection = connection;
        this.ownTransaction = connection.getAutoCommit();
        if (ownTransaction) {
            connection.setAutoCommit(false);
        }
        statement = connection.createStatement();
        // Else {…} in a text would be taken for an escape of JDBC.
        statement.setEscapeProcessing(false);
        statement.execute("""
                SAVEPOINT sandbox; SET LOCAL statement_timeout = '10s'; SET LOCAL lock_timeout = '500ms';
                SET LOCAL standard_conforming_strings = on; SET LOCAL jit = off;
                SET LOCAL plan_cache_mode = force_generic_plan; SAVEPOINT attempt""");
    }

    Connection connection() {
        return connection;
    }

    /** What happens from here on until {@link #back} leaves nothing. */
    void mark() throws SQLException {
        run("RELEASE attempt; SAVEPOINT mark; SAVEPOINT attempt");
    }

    void back() throws SQLException {
        run("ROLLBACK TO mark; RELEASE mark; SAVEPOINT attempt");
    }

    /** Runs what can only fail with the connection, or by a fault of ours. */
    List<List<String>> rows(String sql) throws SQLException {
        return run(sql);
    }

    Attempt attempt(String sql, After after) throws SQLException {
        return attempt("", sql, after);
    }

    /**
     * Tries a statement, and again when it is hindered.
     *
     * @param head what stands before {@code text} and does not count in the position of a refusal
     * @throws SQLException when the connection is lost: nothing is known then
     */
    Attempt attempt(String head, String text, After after) throws SQLException {
        // The savepoint stands already: a syntax error refuses the whole message, one in front of it included.
        String end = after == After.KEEP ? "; RELEASE attempt; SAVEPOINT attempt" : "; ROLLBACK TO attempt";
        for (int tries = 1; ; tries++) {
            try {
                return new Attempt.Done(run(head + text + end));
            } catch (PSQLException e) {
                ServerErrorMessage error = recover(e);
                if (!isPassing(String.valueOf(error.getSQLState()))) {
                    return new Attempt.Failed(refusal(error, head.length()));
                }
                if (tries == TRIES) {
                    return new Attempt.Hindered(error.getSQLState() + " " + error.getMessage());
                }
            }
        }
    }

    /** Reads by other means; empty when the server refuses. */
    <T> Optional<T> read(Reading<T> reading) throws SQLException {
        try {
            return Optional.of(reading.read());
        } catch (PSQLException e) {
            recover(e);
            return Optional.empty();
        }
    }

    @FunctionalInterface
    interface Reading<T> {
        T read() throws SQLException;
    }

    /** Back to where the attempt began, unless there is no way back. */
    private ServerErrorMessage recover(PSQLException e) throws SQLException {
        ServerErrorMessage error = e.getServerErrorMessage();
        String state = String.valueOf(e.getSQLState());
        if (error == null || state.startsWith("08") || state.startsWith("57P") || state.equals("25P02")) {
            throw e;
        }
        run("ROLLBACK TO attempt");
        return error;
    }

    private static boolean isPassing(String state) {
        return state.startsWith("40")
                || state.startsWith("53")
                || state.startsWith("58")
                || state.equals("55P03")
                || state.equals("55006")
                || state.equals("57014");
    }

    private static Refused refusal(ServerErrorMessage error, int before) {
        String rule = error.getConstraint() == null
                ? ""
                : error.getSchema() + "." + error.getTable() + "." + error.getConstraint();
        return new Refused(
                Objects.requireNonNullElse(error.getSQLState(), "XX000"),
                Objects.requireNonNullElse(error.getMessage(), ""),
                Math.max(0, error.getPosition() - before),
                rule);
    }

    private List<List<String>> run(String sql) throws SQLException {
        List<List<String>> rows = List.of();
        boolean isRows = statement.execute(sql);
        while (isRows || statement.getUpdateCount() >= 0) {
            if (isRows) {
                rows = table(statement.getResultSet());
            }
            isRows = statement.getMoreResults();
        }
        return rows;
    }

    private static List<List<String>> table(ResultSet result) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        int width = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<String> row = new ArrayList<>(width);
            for (int i = 1; i <= width; i++) {
                row.add(Objects.requireNonNullElse(result.getString(i), "NULL"));
            }
            rows.add(row);
        }
        return rows;
    }

    @Override
    public void close() throws SQLException {
        try (statement) {
            if (!ownTransaction) {
                statement.execute("ROLLBACK TO sandbox; RELEASE sandbox");
            }
        } finally {
            if (ownTransaction) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }
}
