package dev.imprimatur.server.runtime;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.KeyRing;
import dev.imprimatur.publishing.access.Keys;
import dev.imprimatur.server.settings.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The keys of this server: those it was given, or else those in the folder of its embedded database. */
public final class ServerKeys implements Supplier<KeyRing> {
    private final CompletableFuture<Keys> keys;

    ServerKeys(CompletableFuture<Keys> keys) {
        this.keys = keys;
    }

    @Override
    public KeyRing get() {
        return keys.join().ring();
    }

    /**
     * Those that the settings name; empty if the data folder is to keep them.
     *
     * @throws RefusedException BAD_SETTING, where they name none beside a database of one's own
     */
    static Optional<Keys> given(Settings settings) {
        Optional<Keys> given = settings.keys()
                .map(source -> source.file()
                        .map(file -> Keys.in(file, Clock.systemUTC()))
                        .orElseGet(() -> Keys.of(source.text(), Clock.systemUTC())));
        if (given.isEmpty() && settings.database().isPresent()) {
            throw new RefusedException(
                    ErrorCode.BAD_SETTING,
                    "beside DATABASE_URL the keys must be given, the same to every replica: make a file with"
                            + " imprimatur keys make FILE, and set IMPRIMATUR_KEYS_FILE=FILE");
        }
        return given;
    }

    /** Beside the passwords of the embedded database; made when first asked for. */
    static Keys ofFolder(Path data) {
        return Keys.inOrNew(file(data), Clock.systemUTC());
    }

    /** The keys as a command beside the server sees them. */
    public static KeyRing of(Settings settings) {
        return given(settings)
                .orElseGet(() -> Keys.in(file(settings.data()), Clock.systemUTC()))
                .ring();
    }

    /** Which file it is that may be changed. */
    public static Path file(Settings settings) {
        if (settings.keys().isEmpty() && settings.database().isEmpty()) {
            return file(settings.data());
        }
        return settings.keys()
                .flatMap(source -> source.file())
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.BAD_SETTING, "name the file with the keys: IMPRIMATUR_KEYS_FILE=FILE"));
    }

    private static Path file(Path data) {
        return data.resolve("secrets").resolve("keys");
    }
}
