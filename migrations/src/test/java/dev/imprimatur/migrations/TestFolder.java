package dev.imprimatur.migrations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of migrations that a test writes, with the registry rows that belong to them. */
public final class TestFolder {

    private final Path path;
    private final StringBuilder registry = new StringBuilder(Registry.HEADER + "\n|---|---|---|---|---|---|---|\n");

    public TestFolder(Path path) {
        this.path = path;
    }

    /** Writes forward and down file of {@code 0001_expand_x} and its row. */
    public TestFolder add(String name, String forward, String down) throws IOException {
        Files.writeString(path.resolve(name + ".sql"), forward);
        Files.writeString(path.resolve(name + ".down.sql"), down);
        registry.append("| %s | 2026-11-23 | %s | [plan](#plan) | Low | Low | Needed by the test. |\n"
                .formatted(name.substring(0, 4), name.substring(5)));
        Files.writeString(path.resolve(Registry.FILE), registry);
        return this;
    }

    public TestFolder write(String file, String text) throws IOException {
        Files.writeString(path.resolve(file), text);
        return this;
    }

    public TestFolder delete(String file) throws IOException {
        Files.delete(path.resolve(file));
        return this;
    }

    public Path path() {
        return path;
    }

    public MigrationFolder read() {
        return MigrationFolder.read(path);
    }
}
