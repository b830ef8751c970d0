package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.Deploy;
import dev.imprimatur.migrations.Migrator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code migrate deployed}. */
@Command(name = "deployed", description = "Records that a release runs on the schema as it is; a contract may follow.")
final class DeployedCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private FolderOption folder = new FolderOption();

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Parameters(index = "0", paramLabel = "VERSION", description = "As the release calls itself, such as 1.4.0.")
    private String version = "";

    DeployedCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        DatabaseUrl url = database.read(surroundings.environment());
        Deploy deploy = new Migrator(url, folder.read()).deployedAlone(version);
        surroundings
                .out()
                .println("Recorded: %s runs on %04d since %s, by %s."
                        .formatted(deploy.version(), deploy.newest(), deploy.at(), deploy.by()));
        return 0;
    }
}
