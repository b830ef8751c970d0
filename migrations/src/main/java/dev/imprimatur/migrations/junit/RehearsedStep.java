package dev.imprimatur.migrations.junit;

import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.rehearse.Verdict;
import dev.imprimatur.migrations.report.FindingText;
import dev.imprimatur.migrations.report.Look;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/**
 * What came of a step, as a test.
 *
 * @param why what was found, or why it was not reached; empty when nothing is to be said
 */
record RehearsedStep(String name, Verdict verdict, String why, boolean acceptsUnproven)
        implements TestTemplateInvocationContext {

    private static final String UNWIND = "unwind";

    static List<RehearsedStep> all(Report report, boolean acceptsUnproven) {
        List<RehearsedStep> all = new ArrayList<>();
        for (StepReport step : report.steps()) {
            all.add(new RehearsedStep(step.name(), step.verdict(), text(step.findings()), acceptsUnproven));
        }
        for (String name : report.left()) {
            all.add(new RehearsedStep(name, Verdict.UNPROVEN, "The rehearsal did not reach this step.", false));
        }
        all.add(unwind(report.unwind(), acceptsUnproven));
        return all;
    }

    private static RehearsedStep unwind(Report.Unwind unwind, boolean acceptsUnproven) {
        Verdict verdict = Verdict.of(unwind.findings());
        boolean whole = unwind.reached() == unwind.of();
        if (verdict == Verdict.PASSED && !whole) {
            return new RehearsedStep(
                    UNWIND,
                    Verdict.UNPROVEN,
                    "Of %d steps, %d could be taken back.".formatted(unwind.of(), unwind.reached()),
                    acceptsUnproven);
        }
        return new RehearsedStep(UNWIND, verdict, text(unwind.findings()), acceptsUnproven);
    }

    private static String text(List<Finding> findings) {
        Look look = Look.from(Path.of(""));
        return findings.stream()
                .map(finding -> FindingText.of(finding, look))
                .collect(Collectors.joining("\n"))
                .strip();
    }

    @Override
    public String getDisplayName(int invocation) {
        return name;
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
        return List.of((BeforeTestExecutionCallback) this::judge);
    }

    private void judge(ExtensionContext test) {
        switch (verdict) {
            case PASSED -> {}
            case UNPROVEN -> {
                if (!acceptsUnproven) {
                    Assumptions.abort(why);
                }
                test.publishReportEntry("unproven", why);
            }
            case FAILED -> Assertions.fail(why);
        }
    }
}
