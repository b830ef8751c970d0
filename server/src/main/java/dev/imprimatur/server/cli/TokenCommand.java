package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.publishing.database.Failures;
import dev.imprimatur.server.runtime.Store;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "token", description = "The tokens with which people and their agents come in.")
final class TokenCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Say what to do: create.");
    }

    static CommandLine with(Surroundings surroundings) {
        return new CommandLine(new TokenCommand()).addSubcommand(new Create(surroundings));
    }

    @Command(name = "create", description = "Make a token and print it, this once; only its hash is kept.")
    static final class Create implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        StoreOptions store = new StoreOptions();

        @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Whom it belongs to.")
        String owner = "";

        @Option(
                names = "--agent",
                description = "For an AI agent: it proposes, and never approves or switches anything.")
        boolean agent;

        Create(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            try (Store open = Store.join(store.settings(surroundings, Map.of()))) {
                Person person = new People(open.jdbi())
                        .named(owner)
                        .orElseThrow(() -> new RefusedException(
                                ErrorCode.NOT_FOUND,
                                "there is nobody named '%s'; add them: imprimatur user add NAME --role ROLE"
                                        .formatted(owner)));
                String token = new ApiTokens(open.jdbi()).create(person, agent ? TokenKind.AGENT : TokenKind.PERSONAL);
                surroundings.err().println("this is the only time it is shown; keep it as IMPRIMATUR_TOKEN");
                surroundings.out().println(token);
                return 0;
            } catch (RuntimeException e) {
                throw Failures.of(e);
            }
        }
    }
}
