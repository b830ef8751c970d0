package dev.imprimatur.migrations;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * All that is known about a step that stopped, for those who have to find out why. Nothing in it is a row's value, a
 * parameter or a password: literals are taken out of the statement, and the server's words are passed on only as far as
 * they name objects of the schema.
 *
 * @param step the step that stopped
 */
public record Failure(Step step, Place place, Answer answer, Locks locks, Remains remains, Run run) {

    /**
     * Where it stopped.
     *
     * @param line counted from 1
     * @param statement without comments, its literals replaced by an ellipsis; empty when it stopped at none
     */
    public record Place(Path file, int line, String statement) {}

    /**
     * What the server said.
     *
     * @param sqlState five characters, or empty when the driver gave none
     * @param message without values
     * @param meaning in our words
     */
    public record Answer(String sqlState, String message, String meaning) {}

    /**
     * Locks as they were last seen before the step stopped, each in words; what could not be seen says so. Steps that
     * stop within half the lock timeout are not looked at: they kept nobody waiting for long.
     *
     * @param held on what others can see, by the transaction that stopped; it holds nothing any more
     * @param waited what it waited for
     * @param blockers whom it waited for: process, application, state and what they held, but no query
     */
    public record Locks(List<String> held, List<String> waited, List<String> blockers) {

        public Locks {
            held = List.copyOf(held);
            waited = List.copyOf(waited);
            blockers = List.copyOf(blockers);
        }
    }

    /**
     * What is left of the step.
     *
     * @param state half a sentence
     * @param next how to go on
     */
    public record Remains(String state, String next) {}

    /**
     * The run that it was a step of.
     *
     * @param database its name, without host and password
     * @param server the version of PostgreSQL
     * @param role that the run connected as
     * @param deploys recorded before the run, oldest first
     * @param timeline in order; never empty
     */
    public record Run(String database, String server, String role, List<Deploy> deploys, List<Moment> timeline) {

        public Run {
            deploys = List.copyOf(deploys);
            timeline = List.copyOf(timeline);
        }
    }

    /** What happened, by this machine's clock. */
    public record Moment(Instant at, String what) {}
}
