package dev.imprimatur.server.cli;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A post's file that cannot be proposed, with everything that is wrong with it. */
final class FaultyFileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    FaultyFileException(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
        this.faults =
                faults.stream().sorted(Comparator.comparingInt(Fault::line)).toList();
    }

    List<Fault> faults() {
        return faults;
    }

    /**
     * One thing that is wrong, and what to write instead.
     *
     * @param line counted from 1, or 0 when the file as a whole is meant
     */
    record Fault(String file, int line, String what) {
        /** {@code posts/hello.md:3: what is wrong; what to write}, which editors turn into a link. */
        @Override
        public String toString() {
            return line == 0 ? "%s: %s".formatted(file, what) : "%s:%d: %s".formatted(file, line, what);
        }
    }
}
