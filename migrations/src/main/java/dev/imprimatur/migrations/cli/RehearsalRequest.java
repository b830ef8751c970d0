package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.rehearse.Venue;
import dev.imprimatur.migrations.report.Format;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What somebody wants rehearsed.
 *
 * @param faults what was written wrongly, a line each; with any of them, the rest means nothing
 */
record RehearsalRequest(Stage stage, Extent extent, Outcome outcome, List<String> faults) {

    RehearsalRequest {
        faults = List.copyOf(faults);
    }

    /** The queries of the code that is running. */
    sealed interface Workload {
        /** As normalised texts in a file. */
        record Texts(Path file) implements Workload {}

        /** As a live database has counted them. */
        record Live(DatabaseUrl url) implements Workload {}
    }

    /** What to leave behind in the folder of the migrations. */
    enum Receipt {
        NONE,
        WHEN_PASSED,
        EVEN_UNPROVEN
    }

    /** Where the rehearsal takes place, and with what. */
    record Stage(Venue venue, int rows, Optional<Path> prelude, Optional<Workload> workload) {}

    /** What of the chain is rehearsed, and how far. */
    record Extent(
            Optional<Layout> layout, Optional<String> from, Optional<String> to, Duration most, boolean keepGoing) {}

    /** What is left of it afterwards. */
    record Outcome(Format format, Optional<Path> out, Optional<Path> html, Receipt receipt) {}
}
