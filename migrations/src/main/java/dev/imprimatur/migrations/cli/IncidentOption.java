package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.incident.Incidents;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a step that stops is written down. */
final class IncidentOption {

    @Option(
            names = "--incidents",
            paramLabel = "DIR",
            description = "Where a failure is written down (default: docs/incidents at or above the migrations, else in"
                    + " the working directory).")
    private @Nullable Path directory;

    /** Tells what went wrong, and writes it down if a step had begun; returns the exit code. */
    int told(Surroundings surroundings, MigrationFolder folder, MigrationException failed) {
        int code = MigrateCommand.told(surroundings, failed);
        if (failed.failure().isPresent()) {
            Incidents incidents = directory == null ? Incidents.near(folder.path()) : Incidents.in(directory);
            try {
                Path file = incidents.write(folder, failed.failure().get());
                surroundings.err().println("  Written down: " + file + "; fill in what only you can know.");
            } catch (IOException e) {
                surroundings.err().println("  The incident could not be written down: " + e);
            }
        }
        return code;
    }
}
