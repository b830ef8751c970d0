package dev.imprimatur.migrations;

import java.sql.SQLException;
import java.util.Optional;

/** A step stopped. What that means is told by {@link Explanation}, once it is known what is left. */
final class StepFailure extends Exception {

    /** What was being done. */
    enum At {
        STATEMENT,
        CONSTRAINTS,
        HISTORY,
        COMMIT
    }

    private final At at;
    private final transient Optional<Statement> statement;
    private final SQLException sql;

    StepFailure(At at, Optional<Statement> statement, SQLException sql) {
        super(sql);
        this.at = at;
        this.statement = statement;
        this.sql = sql;
    }

    At at() {
        return at;
    }

    Optional<Statement> statement() {
        return statement;
    }

    SQLException sql() {
        return sql;
    }

    String sqlState() {
        return sql.getSQLState() == null ? "" : sql.getSQLState();
    }

    boolean isLockTimeout() {
        return sqlState().equals("55P03");
    }

    boolean isDiskFull() {
        return sqlState().equals("53100");
    }

    /** Class 08, or the server was shut down, crashed, or ended the session. */
    boolean isConnectionLost() {
        String state = sqlState();
        return state.startsWith("08") || state.equals("57P01") || state.equals("57P02") || state.equals("57P05");
    }

    /** The server runs this statement only outside a transaction, or the statement ends the transaction itself. */
    boolean refusesTransaction() {
        return sqlState().equals("25001") || sqlState().equals("2D000");
    }
}
