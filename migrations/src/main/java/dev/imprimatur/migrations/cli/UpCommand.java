package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.Migrator;
import dev.imprimatur.migrations.Plan;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate up}. */
@Command(name = "up", description = "Applies what is pending.")
final class UpCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private FolderOption folder = new FolderOption();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Mixin
    private IncidentOption incidents = new IncidentOption();

    @Option(names = "--to", paramLabel = "N", description = "The last migration to apply, such as 0007.")
    private @Nullable Integer to;

    @Option(
            names = "--unrehearsed",
            paramLabel = "WHY",
            description = "Applies also what was not rehearsed as it is now; the reason is kept in the history.")
    private @Nullable String unrehearsed;

    UpCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        DatabaseUrl url = database.read(surroundings.environment());
        MigrationFolder read = folder.read();
        Migrator migrator = new Migrator(url, read).with(new Narrator(surroundings));
        if (unrehearsed != null) {
            migrator = migrator.unrehearsed(unrehearsed);
        }
        try {
            tell(to == null ? migrator.up() : migrator.up(to));
            return 0;
        } catch (MigrationException failed) {
            return incidents.told(surroundings, read, failed);
        }
    }

    private void tell(Plan plan) {
        surroundings
                .out()
                .println(
                        plan.steps().isEmpty()
                                ? "Nothing to do."
                                : "Done: " + plan.steps().size() + " applied.");
        plan.waiting().ifPresent(waiting -> surroundings.out().println(waiting.why()));
    }
}
