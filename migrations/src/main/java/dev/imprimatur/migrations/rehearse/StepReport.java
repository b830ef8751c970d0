package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.workload.Broken;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What came of one step.
 *
 * @param phase as the file's name says, or as inferred from what the step does
 * @param file the forward file
 * @param findings in the order in which they were found
 * @param notes what is worth knowing and nobody's fault: volatile columns, columns that a step of a foreign layout
 *     changed, how to split it
 * @param effects what the step does to the catalog, a line each
 * @param forward empty when it was not run to its end
 * @param back empty when there is none, or it was not run to its end
 * @param start empty in layouts without receipts, and when the step was not run
 * @param lost the queries of the old code that worked before the step and fail behind it
 */
public record StepReport(
        String name,
        Optional<Phase> phase,
        Path file,
        List<Finding> findings,
        List<String> notes,
        List<String> effects,
        Optional<Figures> forward,
        Optional<Figures> back,
        Optional<Start> start,
        List<Broken> lost) {

    /**
     * What a step began with.
     *
     * @param fingerprint of the schema, 64 hexadecimal digits
     * @param rows in the tables that the step touches
     */
    public record Start(String fingerprint, long rows) {}

    /** A step of which nobody asks what it began with. */
    public StepReport(
            String name,
            Optional<Phase> phase,
            Path file,
            List<Finding> findings,
            List<String> notes,
            List<String> effects,
            Optional<Figures> forward,
            Optional<Figures> back) {
        this(name, phase, file, findings, notes, effects, forward, back, Optional.empty());
    }

    /** A step that no old code was tried on. */
    StepReport(
            String name,
            Optional<Phase> phase,
            Path file,
            List<Finding> findings,
            List<String> notes,
            List<String> effects,
            Optional<Figures> forward,
            Optional<Figures> back,
            Optional<Start> start) {
        this(name, phase, file, findings, notes, effects, forward, back, start, List.of());
    }

    /** A step that was not run, and why. */
    static StepReport untried(ChainStep step, List<Finding> findings) {
        return new StepReport(
                step.name(),
                step.phase(),
                step.forward().file(),
                findings,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    StepReport losing(List<Broken> queries) {
        return new StepReport(name, phase, file, findings, notes, effects, forward, back, start, queries);
    }

    public StepReport {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
        effects = List.copyOf(effects);
        lost = List.copyOf(lost);
    }

    public Verdict verdict() {
        return Verdict.of(findings);
    }
}
