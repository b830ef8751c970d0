package dev.imprimatur.migrations.rehearse;

import java.util.Optional;

/**
 * One run of a file.
 *
 * @param failure what stopped it; empty when it came to its end
 */
record Run(double milliseconds, long rows, long walBytes, Optional<Failure> failure) {

    Figures figures(int rewrites) {
        return new Figures(milliseconds, rows, walBytes, rewrites);
    }
}
