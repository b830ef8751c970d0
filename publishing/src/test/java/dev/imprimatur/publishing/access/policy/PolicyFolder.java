package dev.imprimatur.publishing.access.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A copy of our policies, for a test to change. */
final class PolicyFolder {
    static final Path OURS = Path.of(System.getProperty("imprimatur.home", ".."), "infra", "cerbos", "policies")
            .toAbsolutePath()
            .normalize();

    private final Path folder;

    PolicyFolder(Path folder) throws IOException {
        this.folder = folder;
        try (Stream<Path> files = Files.list(OURS)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
    }

    Path write(String file, String text) throws IOException {
        return Files.writeString(folder.resolve(file), text);
    }

    /** Must stand in there. */
    Path replace(String file, String text, String other) throws IOException {
        String whole = Files.readString(folder.resolve(file));
        if (!whole.contains(text)) {
            throw new AssertionError("%s does not hold: %s".formatted(file, text));
        }
        return write(file, whole.replace(text, other));
    }

    /** For every action of a kind one condition, whoever asks; those that are not named hold always. */
    void replaceConditions(Map<Action, String> conditions) throws IOException {
        List<String> kinds =
                conditions.keySet().stream().map(Action::kind).distinct().toList();
        for (String kind : kinds) {
            StringBuilder policy = new StringBuilder("""
                    apiVersion: api.cerbos.dev/v1
                    resourcePolicy:
                      version: default
                      resource: %s
                      rules:
                    """.formatted(kind));
            Arrays.stream(Action.values())
                    .filter(action -> action.kind().equals(kind))
                    .forEach(action ->
                            policy.append("""
                                - actions: [%s]
                                  effect: EFFECT_ALLOW
                                  roles: [operator]
                                  condition:
                                    match:
                                      expr: >-
                                        %s
                            """.formatted(action.verb(), conditions.getOrDefault(action, "true"))));
            write(kind + ".yaml", policy.toString());
        }
    }
}
