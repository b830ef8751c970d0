package dev.imprimatur.migrations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the old code loses by a contract, as a rehearsal has found: these queries worked before it and fail behind it.
 *
 * @param name the migration's
 * @param forwardChecksum of the forward file that was rehearsed, see {@link Checksum}
 * @param at when it was rehearsed, to the second
 */
public record Objection(String name, String forwardChecksum, Instant at, List<Lost> queries) {

    /**
     * One query that fails.
     *
     * @param text as the workload has it
     * @param error in one line: the SQLSTATE and what the server says
     */
    public record Lost(String text, String error) {

        /** The text in one line of at most 120 characters. */
        String brief() {
            String line = text.replaceAll("\\s+", " ");
            return line.length() <= 120 ? line : line.substring(0, 119) + "…";
        }
    }

    public Objection {
        queries = List.copyOf(queries);
    }

    /** Whether it is about the migration as its files are now. */
    boolean isAbout(Migration migration) {
        return name.equals(migration.name())
                && forwardChecksum.equals(migration.forward().checksum());
    }

    /** This, and the queries of an earlier rehearsal of the same file that this one did not try. */
    Objection and(Objection earlier) {
        if (!earlier.forwardChecksum.equals(forwardChecksum)) {
            return this;
        }
        Set<Wording> known = new HashSet<>();
        List<Lost> all = new ArrayList<>();
        for (List<Lost> some : List.of(queries, earlier.queries)) {
            some.stream().filter(lost -> known.add(Wording.of(lost.text()))).forEach(all::add);
        }
        return new Objection(name, forwardChecksum, at, all);
    }
}
