package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Statements;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** SQL that a chain takes for granted: roles, extensions, settings, a dump's schema. */
final class Prelude {

    private Prelude() {}

    static void run(Connection connection, Path file) {
        Statements statements;
        try {
            statements = Statements.of(Files.readString(file).replace("\r\n", "\n"));
        } catch (IOException e) {
            throw new MigrationException(
                    Reason.USAGE, "The prelude " + file + " cannot be read as UTF-8 text: " + e.getMessage() + ".", e);
        }
        if (!statements.flaws().isEmpty()) {
            Statements.Flaw flaw = statements.flaws().getFirst();
            throw new MigrationException(
                    Reason.USAGE,
                    "The prelude %s:%d: `%s` cannot be run: it has no end, or is a command of psql."
                            .formatted(file, flaw.line(), flaw.what()));
        }
        for (Statement statement : statements.list()) {
            try (java.sql.Statement sql = connection.createStatement()) {
                sql.setEscapeProcessing(false);
                sql.execute(statement.text());
            } catch (SQLException e) {
                Failure failure = new Failure(file, Optional.of(statement), e);
                throw new MigrationException(
                        Reason.STATEMENT_FAILED,
                        "The prelude fails at %s: %s".formatted(failure.place(), failure.detail()),
                        e);
            }
        }
    }
}
