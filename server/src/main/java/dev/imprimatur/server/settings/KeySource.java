package dev.imprimatur.server.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the keys come from.
 *
 * @param text the keys themselves
 * @param file where they were read, if in a file: it may be changed, and is then read again
 */
public record KeySource(String text, Optional<Path> file) {
    @Override
    public String toString() {
        return "KeySource[***, " + file + "]";
    }
}
