package dev.imprimatur.publishing.database;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What the database said, in the words of the closed list. Called where an answer leaves the program. */
public final class Failures {
    private static final Map<String, Refusal> BY_CONSTRAINT = Map.of(
            "publications_once",
            new Refusal(ErrorCode.ALREADY_PUBLISHED, "this revision is on its way to this outlet already, or out"),
            "approvals_one_voice",
            new Refusal(ErrorCode.ALREADY_DECIDED, "you have approved this revision already; withdraw that first"),
            "people_name_key",
            new Refusal(ErrorCode.NAME_TAKEN, "somebody has this name already"),
            "people_changes_four_eyes",
            new Refusal(ErrorCode.FOUR_EYES, "neither who proposed it nor whom it is about confirms it"),
            "approvals_window",
            new Refusal(ErrorCode.INVALID_FIELD, "not_after must lie after not_before"));

    private record Refusal(ErrorCode code, String detail) {}

    private Failures() {}

    /** The refusal that a failure amounts to; INTERNAL when it is nobody's but ours. */
    public static RefusedException of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException refused) {
                return refused;
            }
            if (cause instanceof SQLTransientConnectionException) {
                return new RefusedException(
                        ErrorCode.DATABASE_UNAVAILABLE, "no connection could be had in time", failure);
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return of(sql, failure);
            }
        }
        return new RefusedException(ErrorCode.INTERNAL, "the log of the server says more", failure);
    }

    private static RefusedException of(SQLException sql, Throwable failure) {
        String state = sql.getSQLState();
        ServerErrorMessage server = sql instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        var own = ErrorCode.ofSqlState(state);
        if (own.isPresent()) {
            String said = server == null ? null : server.getMessage();
            return new RefusedException(own.get(), said == null ? own.get().title() : said, failure);
        }
        String constraint = server == null ? null : server.getConstraint();
        Refusal known = constraint == null ? null : BY_CONSTRAINT.get(constraint);
        if (known != null) {
            return new RefusedException(known.code(), known.detail(), failure);
        }
        // 22: a value that the type does not take, such as NUL in a text.
        if (state.startsWith("22")) {
            return new RefusedException(ErrorCode.MALFORMED, "a value cannot be stored as what it should be", failure);
        }
        if (state.equals("23503")) {
            return new RefusedException(
                    ErrorCode.UNKNOWN_REFERENCE,
                    "it names something that does not exist (" + constraint + ")",
                    failure);
        }
        if (state.equals("53100")) {
            return new RefusedException(
                    ErrorCode.DATABASE_FULL, "nothing was written; make room and send it again", failure);
        }
        // 08: connection lost; 57P: shut down, crashed or starting; 53300: no connection left.
        if (state.startsWith("08") || state.startsWith("57P") || state.startsWith("533")) {
            return new RefusedException(
                    ErrorCode.DATABASE_UNAVAILABLE, "the database went away; ask again in a moment", failure);
        }
        // 40: deadlock or serialisation, 55P03 and 57014: a timeout of ours.
        if (state.startsWith("40") || state.equals("55P03") || state.equals("57014")) {
            return new RefusedException(ErrorCode.BUSY, "nothing was written; ask again in a moment", failure);
        }
        return new RefusedException(ErrorCode.INTERNAL, "the log of the server says more", failure);
    }
}
