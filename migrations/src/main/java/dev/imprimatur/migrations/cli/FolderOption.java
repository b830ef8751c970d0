package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.MigrationFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the migrations are, and the help that every command has. */
final class FolderOption {

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "db/migrations",
            description = "The folder with the migrations (default: ${DEFAULT-VALUE}).")
    private Path dir = Path.of("db/migrations");

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    Path path() {
        return dir;
    }

    MigrationFolder read() {
        return MigrationFolder.read(dir);
    }
}
