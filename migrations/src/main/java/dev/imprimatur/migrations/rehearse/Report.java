package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.rows.FilledTables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What came of a rehearsal.
 *
 * @param version of this tool
 * @param server PostgreSQL's version, such as {@code 17.11}
 * @param steps those that were rehearsed, in order
 * @param left the names of the steps that were not reached
 * @param unwind the way back through the whole chain
 * @param tables which tables had rows to prove something with
 * @param notes about the run as a whole
 */
public record Report(
        String version,
        String server,
        Layout layout,
        Path path,
        Duration took,
        List<StepReport> steps,
        List<String> left,
        Unwind unwind,
        FilledTables tables,
        List<String> notes) {

    /** What the reports call this tool. */
    public static final String TOOL = "imprimatur migrate rehearse";

    /**
     * The whole chain taken back, from its last step.
     *
     * @param reached how many steps were taken back
     * @param of how many there were
     */
    public record Unwind(int reached, int of, List<Finding> findings) {
        public Unwind {
            findings = List.copyOf(findings);
        }
    }

    public Report {
        steps = List.copyOf(steps);
        left = List.copyOf(left);
        notes = List.copyOf(notes);
    }

    /** The worst of all steps and of the way back through the chain. */
    public Verdict verdict() {
        Verdict worst = Verdict.of(unwind.findings());
        for (StepReport step : steps) {
            worst = worst.compareTo(step.verdict()) >= 0 ? worst : step.verdict();
        }
        return !left.isEmpty() && worst == Verdict.PASSED ? Verdict.UNPROVEN : worst;
    }

    /** The verdict, and a line for each finding: what a test that fails should say. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(path + " is " + verdict().word());
        for (StepReport step : steps) {
            step.findings()
                    .forEach(finding ->
                            text.append("\n").append(step.name()).append(": ").append(finding));
        }
        unwind.findings().forEach(finding -> text.append("\ntaken back: ").append(finding));
        return text.toString();
    }
}
