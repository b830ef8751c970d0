package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.Scaffold;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code migrate new}. */
@Command(name = "new", description = "Writes the files of the next migration and its row in the registry.")
final class NewCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private FolderOption folder = new FolderOption();

    @Parameters(index = "0", paramLabel = "PHASE", description = "expand, backfill, constrain or contract.")
    private String phase = "";

    @Parameters(index = "1", paramLabel = "CHANGE", description = "What it is about, such as post_slugs.")
    private String change = "";

    NewCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Scaffold.write(folder.path(), phase(), change, LocalDate.now(ZoneId.systemDefault()))
                .forEach(file -> surroundings.out().println(file));
        surroundings
                .out()
                .println("Write the SQL, the way back, and in the registry the plan, the costs and the reason.");
        return 0;
    }

    private Phase phase() {
        return phase.equals(Phase.BASELINE.word())
                ? Phase.BASELINE
                : Phase.ofWord(phase)
                        .orElseThrow(() -> new MigrationException(
                                Reason.USAGE,
                                "There is no phase `%s`: choose expand, backfill, constrain or contract."
                                        .formatted(phase)));
    }
}
