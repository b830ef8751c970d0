package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Identities;
import dev.imprimatur.publishing.access.OneTimeLinks;
import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.database.Failures;
import dev.imprimatur.server.runtime.Store;
import dev.imprimatur.server.settings.Settings;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jdbi.v3.core.Jdbi;
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
        throw new ParameterException(spec.commandLine(), "Say what to do: add, link, password, roles or identify.");
    }

    static CommandLine with(Surroundings surroundings) {
        return new CommandLine(new UserCommand())
                .addSubcommand(new Add(surroundings))
                .addSubcommand(new Link(surroundings))
                .addSubcommand(new SetPassword(surroundings))
                .addSubcommand(new Roles(surroundings))
                .addSubcommand(new Identify(surroundings));
    }

    private static Set<Role> roles(List<String> labels) {
        Set<Role> granted = EnumSet.noneOf(Role.class);
        labels.forEach(role -> granted.add(Role.of(role)));
        return granted;
    }

    static Person named(Jdbi jdbi, String name) {
        return new People(jdbi)
                .named(name)
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.NOT_FOUND,
                        "there is nobody named '%s'; add them: imprimatur user add NAME --role ROLE".formatted(name)));
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

        @Option(
                names = "--manages-people",
                description = "May end others' sessions and tokens, and with a second one like them link identities.")
        boolean managesPeople;

        @Option(
                names = "--password",
                description =
                        "Ask for a password; it comes from IMPRIMATUR_PASSWORD or IMPRIMATUR_PASSWORD_FILE if set.")
        boolean password;

        Add(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            Set<Role> granted = roles(roles);
            String secret = password ? PasswordSource.read(surroundings, name) : null;
            try (Store open = Store.join(store.settings(surroundings, Map.of()))) {
                People people = new People(open.jdbi());
                Person person = managesPeople ? people.addManager(name, granted) : people.add(name, granted);
                surroundings.out().println("added %s (%s)".formatted(person.name(), String.join(", ", roles)));
                if (secret != null) {
                    new Passwords(open.jdbi()).set(person, secret, null, null);
                    surroundings.out().println("with this password they log in");
                }
                surroundings
                        .out()
                        .println("a token to work with: imprimatur token create --owner " + '"' + person.name() + '"');
                return 0;
            } catch (RuntimeException e) {
                throw Failures.of(e);
            }
        }
    }

    @Command(name = "link", description = "Print a link with which a person sets a new password, once, within a day.")
    static final class Link implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        StoreOptions store = new StoreOptions();

        @Parameters(paramLabel = "NAME", description = "Whose password it sets.")
        String name = "";

        Link(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            Settings settings = store.settings(surroundings, Map.of());
            try (Store open = Store.join(settings)) {
                OneTimeLinks links = new OneTimeLinks(open.jdbi(), new Passwords(open.jdbi()));
                String secret = links.reset(named(open.jdbi(), name), null);
                surroundings.err().println("it works once, and for a day; whoever has it can be " + name);
                surroundings.out().println(settings.publicUrl(settings.port()) + "/link/" + secret);
                return 0;
            } catch (RuntimeException e) {
                throw Failures.of(e);
            }
        }
    }

    @Command(name = "password", description = "Set a person's password, and end their sessions.")
    static final class SetPassword implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        StoreOptions store = new StoreOptions();

        @Parameters(paramLabel = "NAME", description = "Whose password it is.")
        String name = "";

        SetPassword(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            String secret = PasswordSource.read(surroundings, name);
            try (Store open = Store.join(store.settings(surroundings, Map.of()))) {
                new Passwords(open.jdbi()).set(named(open.jdbi(), name), secret, null, null);
                surroundings.out().println("set; " + name + " is logged out everywhere");
                return 0;
            } catch (RuntimeException e) {
                throw Failures.of(e);
            }
        }
    }

    @Command(name = "roles", description = "Give a person these roles and no others, and end their sessions.")
    static final class Roles implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        StoreOptions store = new StoreOptions();

        @Parameters(paramLabel = "NAME", description = "Whose roles they are.")
        String name = "";

        @Option(
                names = "--role",
                required = true,
                split = ",",
                paramLabel = "ROLE",
                description = "operator, approver or viewer; may be given more than once.")
        List<String> roles = List.of();

        Roles(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            Set<Role> granted = roles(roles);
            try (Store open = Store.join(store.settings(surroundings, Map.of()))) {
                new People(open.jdbi()).setRoles(named(open.jdbi(), name), granted);
                surroundings.out().println("%s is now %s".formatted(name, String.join(", ", roles)));
                return 0;
            } catch (RuntimeException e) {
                throw Failures.of(e);
            }
        }
    }

    @Command(name = "identify", description = "Say that whom an OpenID provider knows is this person.")
    static final class Identify implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        StoreOptions store = new StoreOptions();

        @Parameters(paramLabel = "NAME", description = "Who it is here.")
        String name = "";

        @Option(
                names = "--issuer",
                required = true,
                paramLabel = "URL",
                description = "The provider, as it calls itself.")
        String issuer = "";

        @Option(
                names = "--subject",
                required = true,
                paramLabel = "ID",
                description = "Its own id of the person (sub).")
        String subject = "";

        Identify(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            try (Store open = Store.join(store.settings(surroundings, Map.of()))) {
                new Identities(open.jdbi()).link(named(open.jdbi(), name), issuer, subject);
                surroundings.out().println("%s of %s is %s".formatted(subject, issuer, name));
                return 0;
            } catch (RuntimeException e) {
                throw Failures.of(e);
            }
        }
    }
}
