package dev.imprimatur.server.runtime;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that this program runs from: it holds {@code db/} and {@code infra/cerbos/}. The launcher names it. */
public final class Home {
    private Home() {}

    public static Path path(String... parts) {
        Path home = Path.of(System.getProperty("imprimatur.home", "."))
                .toAbsolutePath()
                .normalize();
        if (!Files.isDirectory(home.resolve("db").resolve("migrations"))) {
            throw new RefusedException(
                    ErrorCode.CANNOT_START,
                    "there is no db/migrations in %s; start it as ./imprimatur".formatted(home));
        }
        for (String part : parts) {
            home = home.resolve(part);
        }
        return home;
    }
}
