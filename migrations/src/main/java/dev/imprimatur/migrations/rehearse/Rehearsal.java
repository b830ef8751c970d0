package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.layout.Chain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A rehearsal that is about to take place:
 *
 * <pre>{@code
 * Report report = Rehearsal.of(Layouts.read(Path.of("db/migrations"))).rows(100).run();
 * assertEquals(Verdict.PASSED, report.verdict(), report::toString);
 * }</pre>
 */
public final class Rehearsal {

    private final Chain chain;
    private Venue venue = new Venue.Embedded();
    private int rows = 10;
    private Optional<String> from = Optional.empty();
    private Optional<String> to = Optional.empty();
    private Optional<Path> prelude = Optional.empty();
    private Duration stepTimeout = Duration.ofMinutes(5);
    private boolean keepsGoing;
    private Watcher watcher = Watcher.SILENT;

    private Rehearsal(Chain chain) {
        this.chain = chain;
    }

    /** A rehearsal of the whole chain on an embedded server, with ten rows a table. */
    public static Rehearsal of(Chain chain) {
        return new Rehearsal(chain);
    }

    public Rehearsal at(Venue where) {
        venue = where;
        return this;
    }

    /** How many rows each table is to have at least, from 1; made up where they are missing. */
    public Rehearsal rows(int atLeast) {
        if (atLeast < 1) {
            throw new IllegalArgumentException("a table has at least one row, not " + atLeast);
        }
        rows = atLeast;
        return this;
    }

    /** The first step to rehearse, by number or name; those before it are only applied. */
    public Rehearsal from(String step) {
        from = Optional.of(step);
        return this;
    }

    /** The last step to rehearse, by number or name. */
    public Rehearsal to(String step) {
        to = Optional.of(step);
        return this;
    }

    /** SQL that runs before the chain: roles, extensions, settings. */
    public Rehearsal prelude(Path file) {
        prelude = Optional.of(file);
        return this;
    }

    /** How long one statement may take, at least a millisecond; 5 minutes by default. */
    public Rehearsal stepTimeout(Duration most) {
        stepTimeout = most;
        return this;
    }

    /** Goes on behind a step that failed, as long as its way there does not. */
    public Rehearsal keepGoing() {
        keepsGoing = true;
        return this;
    }

    public Rehearsal watchedBy(Watcher someone) {
        watcher = someone;
        return this;
    }

    /** Rehearses. */
    @SuppressWarnings("DoNotCallSuggester") // until the next commit
    public Report run() {
        throw new UnsupportedOperationException("%s %s %s %s %s %s %s %s %s"
                .formatted(chain, venue, rows, from, to, prelude, stepTimeout, keepsGoing, watcher));
    }
}
