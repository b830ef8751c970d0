package dev.imprimatur.migrations;

import java.util.Optional;

/**
 * How far a step has come that is not one transaction.
 *
 * @param statements how many statements of the file are done
 * @param checksum of exactly those statements
 * @param batch what a batch runs over, such as {@code posts by id}; empty otherwise
 * @param lastKey the greatest key that is done, as text; empty before the first range
 * @param rows how many rows the batch has changed
 */
public record Mark(int statements, String checksum, String batch, Optional<String> lastKey, long rows) {

    /** Nothing is done. */
    public static final Mark START = new Mark(0, "", "", Optional.empty(), 0);

    Mark afterStatements(Script script, int done) {
        return new Mark(done, Checksum.of(script.statements().list().subList(0, done)), batch, lastKey, rows);
    }

    Mark afterRange(Directive.Batch over, String key, long more) {
        return new Mark(statements, checksum, over.subject(), Optional.of(key), rows + more);
    }
}
