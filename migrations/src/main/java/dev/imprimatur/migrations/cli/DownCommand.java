package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.Migrator;
import dev.imprimatur.migrations.Migrator.Loss;
import dev.imprimatur.migrations.Plan;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate down}. */
@Command(name = "down", description = "Takes the newest migration back, or several.")
final class DownCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private FolderOption folder = new FolderOption();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Mixin
    private IncidentOption incidents = new IncidentOption();

    @ArgGroup
    private @Nullable Extent extent;

    @Option(names = "--yes", description = "Agrees that rows are lost where a down file says so.")
    private boolean yes;

    /** How far back. */
    static final class Extent {
        @Option(names = "--to", paramLabel = "N", description = "The newest migration to keep, such as 0000.")
        private int to;

        @Option(names = "--all", description = "Takes every migration back, 0000 too.")
        private boolean all;
    }

    DownCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        DatabaseUrl url = database.read(surroundings.environment());
        MigrationFolder read = folder.read();
        Migrator migrator = new Migrator(url, read).with(new Narrator(surroundings));
        try {
            tell(down(migrator, yes ? Loss.ACCEPTED : Loss.REFUSED));
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
                                : "Done: " + plan.steps().size() + " taken back.");
    }

    private Plan down(Migrator migrator, Loss loss) {
        if (extent == null) {
            return migrator.downOne(loss);
        }
        return extent.all ? migrator.downAll(loss) : migrator.downTo(extent.to, loss);
    }
}
