package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Figures;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.rehearse.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A row a step, that opens; those that failed are open from the start. */
final class HtmlSteps {

    /** From so many steps on, a switch shows only those that did not pass. */
    private static final int MANY = 12;

    private final Report report;
    private final Html html;
    private final HtmlFindings findings;
    private final double longest;

    HtmlSteps(Report report, Html html, HtmlFindings findings) {
        this.report = report;
        this.html = html;
        this.findings = findings;
        this.longest = report.steps().stream()
                .flatMap(step -> Stream.of(step.forward(), step.back()))
                .flatMap(Optional::stream)
                .mapToDouble(Figures::milliseconds)
                .max()
                .orElse(0);
    }

    /** All steps at a glance: a mark each. */
    void strip() {
        html.raw("<div class=\"strip")
                .raw(report.steps().size() < MANY ? " few" : "")
                .raw("\" role=\"img\" aria-label=\"")
                .text(Tally.of(report).sentence())
                .raw("\">");
        report.steps()
                .forEach(step ->
                        html.raw("<i class=\"").raw(step.verdict().word()).raw("\"></i>"));
        report.left().forEach(name -> html.raw("<i class=\"left\"></i>"));
        html.raw("</div>\n");
    }

    /** Where in the page a step stands, or the way back through the chain. */
    String anchor(String scene) {
        for (int i = 0; i < report.steps().size(); i++) {
            if (report.steps().get(i).name().equals(scene)) {
                return "step-" + (i + 1);
            }
        }
        return "unwind";
    }

    void write() {
        html.raw("<section id=\"steps\" aria-labelledby=\"each\">\n<h2 id=\"each\">Steps</h2>\n");
        boolean someUnlike = report.steps().stream().anyMatch(step -> step.verdict() != Verdict.PASSED);
        if (report.steps().size() >= MANY && someUnlike) {
            html.raw("<p class=\"switch\"><input type=\"checkbox\" id=\"only\">")
                    .raw("<label for=\"only\">Only those that did not pass</label></p>\n");
        }
        html.raw("<div class=\"head\" aria-hidden=\"true\"><span>Step</span><span>Phase</span><span>Verdict</span>")
                .raw("<span>Forward</span><span>Back</span></div>\n<ol class=\"steps\">\n");
        for (int i = 0; i < report.steps().size(); i++) {
            step(report.steps().get(i), i + 1);
        }
        html.raw("</ol>\n");
        left();
        html.raw("</section>\n");
    }

    private void step(StepReport step, int number) {
        String verdict = step.verdict().word();
        html.raw("<li id=\"step-%d\" class=\"%s\"><details%s>\n<summary>"
                .formatted(number, verdict, step.verdict() == Verdict.FAILED ? " open" : ""));
        html.raw("<h3>").text(step.name()).raw("</h3><span class=\"phase\">");
        html.raw(step.phase().map(phase -> phase.word()).orElse("no phase"));
        html.raw("</span><span class=\"verdict\">")
                .raw(icon(step.verdict()))
                .raw(verdict)
                .raw("</span>");
        cost("forward", step.forward());
        cost("back", step.back());
        html.raw("</summary>\n<div class=\"body\">\n");
        step.findings().forEach(finding -> findings.write(finding, "h4"));
        list("What it does", step.effects());
        list("Worth knowing", step.notes());
        html.raw("<p class=\"figures\">Forward: ").text(full(step.forward())).raw("<br>Back: ");
        html.text(full(step.back())).raw("</p>\n</div>\n</details></li>\n");
    }

    private void cost(String way, Optional<Figures> figures) {
        html.raw("<span class=\"cost ")
                .raw(way)
                .raw("\"><span class=\"way-word\">")
                .raw(way)
                .raw(" </span>");
        figures.ifPresentOrElse(
                cost -> html.raw("<b>")
                        .raw(Amount.time(cost.milliseconds()))
                        .raw("</b><i style=\"--w:")
                        .raw(String.format(
                                Locale.ROOT, "%.1f%%", longest == 0 ? 0 : 100 * cost.milliseconds() / longest))
                        .raw("\"></i>"),
                () -> html.raw("<b>–</b>"));
        html.raw("</span>");
    }

    private static String full(Optional<Figures> figures) {
        return figures.map(Amount::fullCost).orElse("not run to its end");
    }

    private void list(String title, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        html.raw("<h4>").raw(title).raw("</h4>\n<ul>\n");
        lines.forEach(line -> html.raw("<li>").text(line).raw("</li>\n"));
        html.raw("</ul>\n");
    }

    private void left() {
        if (report.left().isEmpty()) {
            return;
        }
        html.raw("<details class=\"unreached\"><summary>Not reached: ")
                .raw(Amount.of(report.left().size(), "step"))
                .raw("</summary>\n<ul>\n");
        report.left().forEach(name -> html.raw("<li><code>").text(name).raw("</code></li>\n"));
        html.raw("</ul></details>\n");
    }

    /** A shape of its own for each verdict, for who cannot tell the colours apart. */
    static String icon(Verdict verdict) {
        String path = switch (verdict) {
            case PASSED -> "M3.5 8.5l3 3 6-7";
            case UNPROVEN -> "M8 3.5v5.5M8 12v.5";
            case FAILED -> "M4 4l8 8M12 4l-8 8";
        };
        return "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path d=\"" + path + "\"/></svg>";
    }
}
