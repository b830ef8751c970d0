package dev.imprimatur.migrations;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a run was refused or stopped. The message is written for the person at the terminal: what happened, what state is
 * left, what to do. It never holds a password.
 */
public final class MigrationException extends RuntimeException {

    /** The closed list of what can go wrong. */
    public enum Reason {
        /** There is no such folder, or it cannot be listed. */
        FOLDER_UNREADABLE,
        /** The folder has findings that keep it from being applied. */
        LINT,
        /** The database's URL, or what was asked for, makes no sense. */
        USAGE,
        /** No connection could be opened. */
        UNREACHABLE,
        /** An applied file was changed, renamed or exchanged since. */
        EDITED,
        /** The database knows migrations that the folder does not. */
        NEWER_DATABASE,
        /** A migration stands below one that is applied already. */
        OUT_OF_ORDER,
        /** An interrupted step must be ended before this can be done. */
        INTERRUPTED,
        /** Somebody else migrates this database, and did not end in time. */
        BUSY,
        /** A migration was not rehearsed as it is now, on a database in use. */
        UNREHEARSED,
        /** A step takes rows away for good, and nobody agreed to it. */
        LOSSY,
        /** A statement waited for a lock in vain, as often as allowed. */
        LOCK_TIMEOUT,
        /** The server's disk is full. */
        DISK_FULL,
        /** The connection broke, or the server ended it. */
        CONNECTION_LOST,
        /** The server refused a statement. */
        STATEMENT_FAILED,
        /** The run was asked to stop. */
        STOPPED
    }

    /**
     * The statement at which a run stopped.
     *
     * @param file the file and line it stands in, as {@code file:line}
     * @param sqlState five characters, or empty when the driver gave none
     */
    public record FailedStatement(String file, String sqlState) {}

    private final Reason reason;
    private final transient @Nullable FailedStatement failedStatement;
    private final transient @Nullable Failure failure;

    public MigrationException(Reason reason, String message) {
        super(message);
        this.reason = reason;
        this.failedStatement = null;
        this.failure = null;
    }

    public MigrationException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.failedStatement = null;
        this.failure = null;
    }

    /** A step stopped. */
    MigrationException(Reason reason, String message, Failure failure, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.failedStatement = new FailedStatement(
                failure.place().file() + ":" + failure.place().line(),
                failure.answer().sqlState());
        this.failure = failure;
    }

    public Reason reason() {
        return reason;
    }

    /** The statement at which the run stopped, if it stopped at one. */
    public Optional<FailedStatement> failedStatement() {
        return Optional.ofNullable(failedStatement);
    }

    /** What is known about the step that stopped; empty when none had begun. */
    public Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }
}
