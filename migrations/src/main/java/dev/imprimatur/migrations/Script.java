package dev.imprimatur.migrations;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One SQL file of a migration.
 *
 * @param file where it was read from
 * @param statements its text, split
 * @param directives those at its head, in order
 * @param checksum of all its statements, see {@link Checksum}
 */
public record Script(Path file, Statements statements, List<Directive> directives, String checksum) {

    public Script {
        directives = List.copyOf(directives);
    }

    /** True when the statements run one by one, each committed by itself. */
    public boolean withoutTransaction() {
        return directives.stream().anyMatch(Directive.NoTransaction.class::isInstance);
    }

    /** The ranges that the file's statement runs over, if it is a batch. */
    public Optional<Directive.Batch> batch() {
        return one(Directive.Batch.class);
    }

    /** Why rows cannot be brought back, if the file says so. */
    public Optional<Directive.Lossy> lossy() {
        return one(Directive.Lossy.class);
    }

    private <D extends Directive> Optional<D> one(Class<D> kind) {
        return directives.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }
}
