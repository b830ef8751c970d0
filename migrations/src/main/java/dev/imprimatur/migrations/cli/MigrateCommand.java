package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.layout.Layouts;
import dev.imprimatur.migrations.rehearse.Rehearsal;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code migrate}: exits with 0 when all went well, 1 when something was refused or failed, 2 on wrong usage. */
@Command(name = "migrate", description = "Checks and applies the migrations of a PostgreSQL database.")
public final class MigrateCommand implements Runnable {

    static final int REFUSED = 1;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help; each command has its own.")
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] args) {
        // A library speaks to a log that this command has no use for, and would say so on every start.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        System.exit(run(args));
    }

    /** Runs with the streams and the environment of this process and returns the exit code. */
    public static int run(String... args) {
        return run(Surroundings.ofProcess(), args);
    }

    /** Runs in the given surroundings and returns the exit code. */
    public static int run(Surroundings surroundings, String... args) {
        return run(surroundings, new RehearseCommand(surroundings, MigrateCommand::chain, Rehearsal::run), args);
    }

    static int run(Surroundings surroundings, RehearseCommand rehearse, String... args) {
        CommandLine line = new CommandLine(new MigrateCommand())
                .addSubcommand(new LintCommand(surroundings))
                .addSubcommand(new StatusCommand(surroundings))
                .addSubcommand(new UpCommand(surroundings))
                .addSubcommand(new DownCommand(surroundings))
                .addSubcommand(new DeployedCommand(surroundings))
                .addSubcommand(new NewCommand(surroundings))
                .addSubcommand(rehearse)
                .setOut(surroundings.out())
                .setErr(surroundings.err());
        line.setExecutionExceptionHandler((exception, command, parsed) -> explained(surroundings, exception));
        int code = line.execute(args);
        surroundings.out().flush();
        surroundings.err().flush();
        return code;
    }

    private static Chain chain(Path folder, Optional<Layout> layout) {
        return layout.map(known -> Layouts.read(folder, known)).orElseGet(() -> Layouts.read(folder));
    }

    private static int explained(Surroundings surroundings, Exception exception) throws Exception {
        if (exception instanceof MigrationException refused) {
            return told(surroundings, refused);
        }
        throw exception;
    }

    static int told(Surroundings surroundings, MigrationException refused) {
        surroundings.err().println("migrate: " + refused.getMessage());
        return refused.reason() == Reason.USAGE ? CommandLine.ExitCode.USAGE : REFUSED;
    }

    /** Without a subcommand there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do: lint, status, up, down, deployed, new or rehearse.");
    }
}
