package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.RefusedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "imprimatur",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "An approval gate for publishing: writers propose, somebody else approves, and only then it goes out.",
        footer = {
            "",
            "  migrate  Check and apply database migrations: imprimatur migrate --help",
            "",
            "IMPRIMATUR_URL names the server, else it is http://localhost:8080.",
            "IMPRIMATUR_TOKEN, or a file named by IMPRIMATUR_TOKEN_FILE, says who you are.",
            "Exit codes: 0 done, 1 refused, 2 bad input, 3 out of reach or broken.",
            ""
        })
public final class Imprimatur implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Imprimatur() {}

    /**
     * Every command, in the order of the help. A command takes the surroundings, and leaves whatever is slow to load
     * (the framework, the database) to the moment in which it is called.
     */
    private static List<Object> commands(Surroundings surroundings) {
        return List.of(
                new DemoCommand(surroundings),
                new ServeCommand(surroundings),
                UserCommand.with(surroundings),
                TokenCommand.with(surroundings),
                KeysCommand.with(surroundings),
                new ProposeCommand(surroundings),
                new ApproveCommand(surroundings),
                new RejectCommand(surroundings),
                new CommentCommand(surroundings),
                new PublishCommand(surroundings),
                new StatusCommand(surroundings));
    }

    /** Runs one command line and returns the exit code. */
    public static int run(Surroundings surroundings, String... arguments) {
        CommandLine line = new CommandLine(new Imprimatur());
        commands(surroundings).forEach(line::addSubcommand);
        addHelp(line);
        line.setOut(surroundings.out());
        line.setErr(surroundings.err());
        line.setParameterExceptionHandler((wrong, args) -> misunderstood(surroundings, wrong));
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(surroundings, command, failure));
        line.setExitCodeExceptionMapper(failure -> FailedException.OUT_OF_REACH);
        int exitCode = line.execute(arguments);
        surroundings.out().flush();
        surroundings.err().flush();
        return exitCode;
    }

    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help.")
                        .build());
        line.getSubcommands().values().forEach(Imprimatur::addHelp);
    }

    private static int misunderstood(Surroundings surroundings, ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = surroundings.err();
        err.println("%s: %s".formatted(command.getCommandSpec().qualifiedName(), wrong.getMessage()));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            err.println("see: %s --help".formatted(command.getCommandSpec().qualifiedName()));
        }
        return FailedException.BAD_INPUT;
    }

    private static int failed(Surroundings surroundings, CommandLine command, Exception failure) throws Exception {
        String name = command.getCommandSpec().qualifiedName();
        return switch (failure) {
            case RefusedException refused -> {
                surroundings
                        .err()
                        .println(Screen.line("%s: %s %s: %s"
                                .formatted(
                                        name,
                                        refused.code().code(),
                                        refused.code().slug().replace('-', ' '),
                                        refused.detail())));
                yield refused.code().exitCode();
            }
            case FailedException failed -> {
                surroundings.err().println(Screen.line(name + ": " + failed.line()));
                yield failed.exitCode();
            }
            default -> throw failure;
        };
    }

    /** Without a command there is only help to give. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return FailedException.BAD_INPUT;
    }
}
