package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.database.Failures;
import dev.imprimatur.server.runtime.Store;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "user", description = "The people of this installation.")
final class UserCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Say what to do: add.");
    }

    static CommandLine with(Surroundings surroundings) {
        return new CommandLine(new UserCommand()).addSubcommand(new Add(surroundings));
    }

    @Command(name = "add", description = "Add a person; works on DATABASE_URL or on the data folder's server.")
    static final class Add implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        StoreOptions store = new StoreOptions();

        @Parameters(paramLabel = "NAME", description = "How others see the person.")
        String name = "";

        @Option(
                names = "--role",
                required = true,
                split = ",",
                paramLabel = "ROLE",
                description = "operator, approver or viewer; may be given more than once.")
        List<String> roles = List.of();

        Add(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            Set<Role> granted = EnumSet.noneOf(Role.class);
            roles.forEach(role -> granted.add(Role.of(role)));
            try (Store open = Store.join(store.settings(surroundings, Map.of()))) {
                Person person = new People(open.jdbi()).add(name, granted);
                surroundings.out().println("added %s (%s)".formatted(person.name(), String.join(", ", roles)));
                surroundings
                        .out()
                        .println("a token to work with: imprimatur token create --owner " + '"' + person.name() + '"');
                return 0;
            } catch (RuntimeException e) {
                throw Failures.of(e);
            }
        }
    }
}
