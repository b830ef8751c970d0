package dev.imprimatur.server.cli;

import dev.imprimatur.server.settings.Settings;
import dev.imprimatur.server.settings.SettingsReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which database a command on this host works on. */
final class StoreOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the embedded PostgreSQL keeps its rows, unless DATABASE_URL names another (./data).")
    @Nullable
    Path data;

    @Option(names = "--settings", paramLabel = "FILE", description = "A properties file with settings.")
    @Nullable
    Path file;

    Settings settings(Surroundings surroundings, Map<String, String> options) {
        Map<String, String> said = new HashMap<>(options);
        if (data != null) {
            said.put("data", data.toString());
        }
        return SettingsReader.read(said, surroundings.environment(), file);
    }
}
