package dev.imprimatur.server.cli;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.KeyRing;
import dev.imprimatur.publishing.access.Keys;
import dev.imprimatur.server.runtime.ServerKeys;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "keys", description = "The keys with which the server signs and encrypts; never shown.")
final class KeysCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Say what to do: make, list, rotate.");
    }

    static CommandLine with(Surroundings surroundings) {
        return new CommandLine(new KeysCommand())
                .addSubcommand(new Make(surroundings))
                .addSubcommand(new Listing(surroundings))
                .addSubcommand(new Rotate(surroundings));
    }

    private static void show(Surroundings surroundings, KeyRing ring) {
        List<KeyRing.Line> lines = ring.lines();
        surroundings.out().println("%-16s  %-20s  %s".formatted("KEY", "FROM", "NOW"));
        lines.forEach(
                line -> surroundings.out().println("%-16s  %-20s  %s".formatted(line.id(), line.from(), line.does())));
    }

    @Command(name = "make", description = "Make a file with a first key, for every replica to read.")
    static final class Make implements Callable<Integer> {
        private final Surroundings surroundings;

        @Parameters(paramLabel = "FILE", description = "Where; it must not be there yet.")
        Path file = Path.of("");

        Make(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            try {
                Keys.make(file, Clock.systemUTC());
            } catch (FileAlreadyExistsException e) {
                throw new RefusedException(
                        ErrorCode.NAME_TAKEN, "%s is there already; a new key in it: keys rotate".formatted(file), e);
            } catch (IOException e) {
                throw new RefusedException(ErrorCode.BAD_SETTING, "%s cannot be made: %s".formatted(file, e), e);
            }
            surroundings.out().println("made " + file + "; set IMPRIMATUR_KEYS_FILE to it on each replica");
            surroundings.out().println("keep a copy, but not with the database's: what is encrypted needs it");
            return 0;
        }
    }

    @Command(name = "list", description = "Tell which keys there are, and what each does now.")
    static final class Listing implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        StoreOptions store = new StoreOptions();

        Listing(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            show(surroundings, ServerKeys.of(store.settings(surroundings, Map.of())));
            return 0;
        }
    }

    @Command(
            name = "rotate",
            description = {
                "Add a key that signs from now on, or from later on.",
                "The one before still verifies for a day. Servers read the file again by themselves."
            })
    static final class Rotate implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        StoreOptions store = new StoreOptions();

        @Option(
                names = "--in",
                paramLabel = "MINUTES",
                description = "Sign with it that much later: time to copy the file to each replica (0).")
        int minutes;

        @Option(
                names = "--leaked",
                description = "Somebody else has the present keys: believe nothing that they have signed.")
        boolean leaked;

        @Spec
        CommandSpec spec = CommandSpec.create();

        Rotate(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() {
            if (minutes < 0 || (leaked && minutes > 0)) {
                throw new ParameterException(
                        spec.commandLine(), "--in takes minutes from now; after a leak there is no time for it.");
            }
            Path file = ServerKeys.file(store.settings(surroundings, Map.of()));
            Keys keys = Keys.in(file, Clock.systemUTC());
            keys.change(ring -> leaked
                    ? ring.leaked()
                    : ring.rotated(Clock.systemUTC().instant().plus(Duration.ofMinutes(minutes))));
            show(surroundings, keys.ring());
            surroundings.err().println("changed " + file + "; copy it to every replica, and to its backup");
            return 0;
        }
    }
}
