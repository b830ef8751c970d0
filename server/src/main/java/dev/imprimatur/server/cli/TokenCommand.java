package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.publishing.database.Failures;
import dev.imprimatur.server.runtime.Store;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "token", description = "The tokens with which people and their agents come in.")
final class TokenCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Say what to do: create, list or revoke.");
    }

    static CommandLine with(Surroundings surroundings) {
        return new CommandLine(new TokenCommand())
                .addSubcommand(new Create(surroundings))
                .addSubcommand(new ListThem(surroundings))
                .addSubcommand(new Revoke(surroundings));
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

        @Option(names = "--name", paramLabel = "TEXT", description = "By which its owner knows it.")
        @Nullable
        String name;

        @Option(
                names = "--outlets",
                split = ",",
                paramLabel = "OUTLET",
                description = "It reaches these alone; what names any other does not exist for it.")
        @Nullable
        List<String> outlets;

        @Option(
                names = "--expires",
                paramLabel = "WHEN",
                description = "When it ends: 12h, 90d, or 2027-01-01T00:00:00Z. Never unless said.")
        @Nullable
        String expires;

        Create(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            ApiTokens.Wish wish = new ApiTokens.Wish(
                    agent ? TokenKind.AGENT : TokenKind.PERSONAL,
                    name,
                    outlets == null ? OutletScope.ALL : OutletScope.of(outlets),
                    expires == null ? null : ending(expires, Instant.now()));
            try (Store open = Store.join(store.settings(surroundings, Map.of()))) {
                Person person = UserCommand.named(open.jdbi(), owner);
                ApiTokens.Created created = new ApiTokens(open.jdbi()).create(Principal.atTheCommandLine(person), wish);
                surroundings.err().println("this is the only time it is shown; keep it as IMPRIMATUR_TOKEN");
                surroundings.out().println(created.secret());
                return 0;
            } catch (RuntimeException e) {
                throw Failures.of(e);
            }
        }
    }

    static Instant ending(String text, Instant now) {
        try {
            if (text.matches("[1-9][0-9]{0,4}[hd]")) {
                Duration unit = text.endsWith("h") ? Duration.ofHours(1) : Duration.ofDays(1);
                return now.plus(unit.multipliedBy(Long.parseLong(text.substring(0, text.length() - 1))))
                        .truncatedTo(ChronoUnit.SECONDS);
            }
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw FailedException.badInput("--expires takes 12h, 90d or 2027-01-01T00:00:00Z, not " + text);
        }
    }

    @Command(name = "list", description = "List a person's tokens, the newest first.")
    static final class ListThem implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        StoreOptions store = new StoreOptions();

        @Option(names = "--owner", required = true, paramLabel = "NAME", description = "Whose tokens.")
        String owner = "";

        ListThem(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            try (Store open = Store.join(store.settings(surroundings, Map.of()))) {
                Person person = UserCommand.named(open.jdbi(), owner);
                List<List<String>> rows = new ArrayList<>();
                rows.add(List.of("ID", "KIND", "NAME", "OUTLETS", "LAST USED", "ENDS"));
                new ApiTokens(open.jdbi()).of(person).forEach(token -> rows.add(row(token)));
                Screen.table(rows).forEach(line -> surroundings.out().println(Screen.line(line)));
                return 0;
            } catch (RuntimeException e) {
                throw Failures.of(e);
            }
        }

        private static List<String> row(ApiTokens.Token token) {
            Set<String> only = token.scope().only();
            return List.of(
                    token.id().toString(),
                    token.kind().label(),
                    token.name() == null ? "-" : token.name(),
                    only == null
                            ? "all"
                            : String.join(",", only.stream().sorted().toList()),
                    token.lastUsedAt() == null ? "never" : minute(token.lastUsedAt()),
                    token.revokedAt() != null
                            ? "revoked"
                            : token.expiresAt() == null ? "never" : minute(token.expiresAt()));
        }

        private static String minute(Instant instant) {
            return instant.truncatedTo(ChronoUnit.MINUTES).toString();
        }
    }

    @Command(name = "revoke", description = "End a token; every server lets it in no more within a second.")
    static final class Revoke implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        StoreOptions store = new StoreOptions();

        @Parameters(paramLabel = "ID", description = "As token list shows it.")
        String id = "";

        Revoke(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            UUID token;
            try {
                token = UUID.fromString(id);
            } catch (IllegalArgumentException e) {
                throw FailedException.badInput(
                        "a token is named by its id, as `imprimatur token list` shows it, never by itself");
            }
            try (Store open = Store.join(store.settings(surroundings, Map.of()))) {
                new ApiTokens(open.jdbi()).revoke(null, token);
                surroundings.out().println("revoked " + token);
                return 0;
            } catch (RuntimeException e) {
                throw Failures.of(e);
            }
        }
    }
}
