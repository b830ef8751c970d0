package dev.imprimatur.publishing.database;

import org.jspecify.annotations.Nullable;

/** The data folder's PostgreSQL cannot be had. The message is meant for the person at the terminal. */
public final class LocalPostgresException extends RuntimeException {
    LocalPostgresException(String message) {
        super(message);
    }

    LocalPostgresException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
