package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.Words;
import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.rehearse.FindingCode.Weight;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.rehearse.Verdict;
import dev.imprimatur.migrations.rows.FilledTables.Empty;
import java.util.List;

/** For a person at a terminal, and for a log: what is well takes one line a step, what is not tells what to do. */
final class TextReport {

    private static final String RED = "31;1";
    private static final String YELLOW = "33";
    private static final String GREEN = "32";
    private static final String FAINT = "2";
    private static final int LEFT_SHOWN = 10;

    private final Report report;
    private final Look look;
    private final StringBuilder text = new StringBuilder();

    TextReport(Report report, Look look) {
        this.report = report;
        this.look = look;
    }

    String write() {
        line("Rehearsed %s (%s) on PostgreSQL %s in %s."
                .formatted(
                        Plain.line(look.shown(report.path())),
                        report.layout().word(),
                        Plain.line(report.server()),
                        Words.duration(report.took())));
        line("");
        steps();
        unwind();
        tables();
        notes();
        line("");
        line(painted(colour(report.verdict()), Summary.of(report)));
        return text.toString();
    }

    private void steps() {
        int name = width(report.steps().stream().map(step -> step.name()).toList());
        int forward = width(
                report.steps().stream().map(step -> Amount.cost(step.forward())).toList());
        for (StepReport step : report.steps()) {
            line("  %s  %-9s  %s  forward %s  back %s"
                    .formatted(
                            padded(Plain.line(step.name()), name),
                            step.phase().map(phase -> phase.word()).orElse("–"),
                            painted(colour(step.verdict()), padded(word(step.verdict()), 8)),
                            padded(Amount.cost(step.forward()), forward),
                            Amount.cost(step.back()))
                    .stripTrailing());
            step.findings().forEach(this::finding);
            step.notes().forEach(note -> line("    note: " + Plain.line(note)));
        }
        if (!report.left().isEmpty()) {
            line("");
            line("  Not reached: " + left());
        }
    }

    private String left() {
        List<String> shown =
                report.left().stream().limit(LEFT_SHOWN).map(Plain::line).toList();
        int more = report.left().size() - shown.size();
        return String.join(", ", shown) + (more == 0 ? "" : " and " + Amount.count(more) + " more");
    }

    private void finding(Finding finding) {
        line("    %s  %s: %s"
                .formatted(
                        painted(colour(finding.weight()), finding.code().id()),
                        Plain.line(finding.object()),
                        finding.code().meaning()));
        finding.place().ifPresent(place -> line("      at " + Plain.line(look.shown(place))));
        // The bar in front keeps a build server from taking what a statement says for a command to itself.
        Plain.lines(finding.detail()).forEach(detail -> line("      | " + detail));
        finding.excused()
                .ifPresentOrElse(
                        why -> line("      Excused by what the file declares: " + Plain.line(why)),
                        () -> line("      " + painted(FAINT, "What to do: ") + Advice.on(finding.code())));
    }

    private void unwind() {
        Report.Unwind unwind = report.unwind();
        if (unwind.of() == 0) {
            return;
        }
        line("");
        line("The whole chain taken back: %s of %s."
                .formatted(Amount.count(unwind.reached()), Amount.of(unwind.of(), "step")));
        unwind.findings().forEach(this::finding);
    }

    private void tables() {
        if (report.tables().empty().isEmpty()) {
            return;
        }
        line("");
        line("Tables left empty, so that steps on them prove nothing:");
        for (Empty empty : report.tables().empty()) {
            line("  " + Plain.line(empty.table()) + ": " + Plain.line(empty.reason()));
        }
    }

    private void notes() {
        if (!report.notes().isEmpty()) {
            line("");
            report.notes().forEach(note -> line("Note: " + Plain.line(note)));
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String word(Verdict verdict) {
        return verdict == Verdict.FAILED ? "FAILED" : verdict.word();
    }

    private static int width(List<String> texts) {
        return texts.stream()
                .map(Plain::line)
                .mapToInt(text -> text.codePointCount(0, text.length()))
                .max()
                .orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
    }

    private String painted(String colour, String words) {
        return look.coloured() ? "\u001b[" + colour + "m" + words + "\u001b[0m" : words;
    }

    private static String colour(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> GREEN;
            case UNPROVEN -> YELLOW;
            case FAILED -> RED;
        };
    }

    private static String colour(Weight weight) {
        return switch (weight) {
            case FAILS -> RED;
            case UNPROVEN -> YELLOW;
            case NOTED -> FAINT;
        };
    }
}
