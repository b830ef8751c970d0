package dev.imprimatur.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that speaks to a running server. None of these may touch the framework: it would take a second to load. */
abstract class ClientCommand implements Callable<Integer> {
    final Surroundings surroundings;

    @Option(names = "--json", description = "Print the server's JSON instead of words.")
    boolean json;

    @Spec
    CommandSpec spec = CommandSpec.create();

    ClientCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Does it; a failure that concerns every argument is thrown. */
    abstract int run(Api api);

    Outcome outcome() {
        return new Outcome(surroundings, json);
    }

    /** What the command checks before it even looks for a server. */
    void prepare() {}

    @Override
    public final Integer call() {
        try {
            prepare();
            return run(Api.of(surroundings));
        } catch (FailedException e) {
            Outcome outcome = outcome();
            outcome.of(spec.qualifiedName(), () -> {
                throw e;
            });
            return outcome.single();
        }
    }
}
