package dev.imprimatur.migrations.rehearse;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Something that a rehearsal found.
 *
 * @param object what it is about: {@code column posts.slug}, {@code table posts}, or the step's name
 * @param detail in one or more lines; what differs, with both definitions, or what the server said
 * @param place the statement at fault, as far as it is known
 * @param excused why it does not count, from {@code -- migrate: lossy} or {@code refuses}; empty when it does
 */
public record Finding(FindingCode code, String object, String detail, Optional<Place> place, Optional<String> excused) {

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

    public Finding(FindingCode code, String object, String detail, Optional<Place> place) {
        this(code, object, detail, place, Optional.empty());
    }

    /** What it means for its step. */
    public FindingCode.Weight weight() {
        return excused.isPresent() ? FindingCode.Weight.NOTED : code.weight();
    }

    /** In one line. */
    @Override
    public String toString() {
        return code.id() + " " + object + ": " + detail.lines().findFirst().orElse("")
                + place.map(at -> " (" + at + ")").orElse("")
                + excused.map(why -> " [excused: " + why + "]").orElse("");
    }
}
