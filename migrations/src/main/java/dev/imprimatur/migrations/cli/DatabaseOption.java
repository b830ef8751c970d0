package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which database is meant. Arguments are seen by every process of a machine, so none may hold a password. */
final class DatabaseOption {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The database, as postgres://user@host:port/name, without a password: that comes from"
                    + " PGPASSWORD or the password file. Without this option, DATABASE_URL counts.")
    private @Nullable String url;

    DatabaseUrl read(Map<String, String> environment) {
        if (url != null) {
            return argument("--url", url, environment);
        }
        String fromEnvironment = environment.getOrDefault("DATABASE_URL", "");
        if (fromEnvironment.isBlank()) {
            throw new MigrationException(
                    Reason.USAGE,
                    "Which database? Set DATABASE_URL to postgres://user:password@host:port/name, or give --url.");
        }
        return withPassword(DatabaseUrl.parse(fromEnvironment), environment);
    }

    /** A database that an argument names, with the password from where only its owner can read it. */
    static DatabaseUrl argument(String option, String value, Map<String, String> environment) {
        DatabaseUrl given = DatabaseUrl.parse(value);
        if (given.password().isPresent()) {
            throw new MigrationException(
                    Reason.USAGE,
                    option + " must not hold a password, for others can read it: put it into PGPASSWORD or the password"
                            + " file.");
        }
        return withPassword(given, environment);
    }

    private static DatabaseUrl withPassword(DatabaseUrl given, Map<String, String> environment) {
        String password = environment.getOrDefault("PGPASSWORD", "");
        return given.password().isPresent() || password.isEmpty() ? given : given.withPassword(password);
    }
}
