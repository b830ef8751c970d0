package dev.imprimatur.migrations.workload;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One text that the code sends.
 *
 * @param text a single statement without its semicolon, parameters as {@code $1} or literals in their place
 * @param place where it stands, empty when it was read from a server's statistics
 * @param releases that send it, the oldest first; empty when nothing is said of releases
 */
public record Query(String text, Optional<Place> place, List<Release> releases) {

    /**
     * Where in a file.
     *
     * @param line counted from 1
     */
    public record Place(Path file, int line) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    public Query {
        releases = releases.stream().distinct().sorted().toList();
    }

    /** The text in one line of at most 120 characters. */
    public String brief() {
        String line = text.replaceAll("\\s+", " ");
        return line.length() <= 120 ? line : line.substring(0, 119) + "…";
    }
}
