package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.Words;
import dev.imprimatur.migrations.rehearse.FindingCode.Weight;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rows.FilledTables.Empty;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One page that holds all it needs, without any script: to be looked at, attached or kept. */
public final class HtmlReport {

    private final Report report;
    private final HtmlSteps steps;
    private final HtmlFindings findings;
    private final Html html = new Html();

    private HtmlReport(Report report, Look look) {
        this.report = report;
        this.findings = new HtmlFindings(html, look);
        this.steps = new HtmlSteps(report, html, findings);
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
                .text(headline() + ": rehearsal of " + look.shown(report.path()))
                .raw("</title>\n<style>\n")
                .raw(style())
                .raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#steps\">Skip to the steps</a>\n");
        header(look);
        html.raw("<main>\n");
        wrong();
        steps.write();
        unwind();
        tables();
        notes();
        html.raw("</main>\n<footer><p>")
                .text(Report.TOOL + " " + report.version())
                .raw("</p></footer>\n</body>\n</html>\n");
    }

    /** The whole page, in UTF-8 once it is written to a file. */
    public static String write(Report report, Look look) {
        return new HtmlReport(report, look).html.toString();
    }

    private static String style() {
        try (InputStream css = Objects.requireNonNull(HtmlReport.class.getResourceAsStream("report.css"))) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String headline() {
        return switch (report.verdict()) {
            case PASSED -> "Passed";
            case UNPROVEN -> "Unproven";
            case FAILED -> "Failed";
        };
    }

    private void header(Look look) {
        Tally tally = Tally.of(report);
        html.raw("<header class=\"").raw(report.verdict().word()).raw("\">\n<p class=\"kicker\">Rehearsal of <code>");
        html.text(look.shown(report.path())).raw("</code></p>\n<h1>").raw(HtmlSteps.icon(report.verdict()));
        html.raw(headline()).raw("</h1>\n<p class=\"lead\">").text(lead(tally)).raw("</p>\n<dl class=\"facts\">");
        fact("Passed", Amount.count(tally.passed()));
        fact("Failed", Amount.count(tally.failed()));
        fact("Unproven", Amount.count(tally.unproven()));
        if (tally.left() > 0) {
            fact("Not reached", Amount.count(tally.left()));
        }
        fact("Layout", report.layout().word());
        fact("PostgreSQL", report.server());
        fact("Took", Words.duration(report.took()));
        html.raw("</dl>\n");
        steps.strip();
        html.raw("</header>\n");
    }

    private String lead(Tally tally) {
        return switch (report.verdict()) {
            case PASSED ->
                tally.passed() == 1
                        ? "The step goes there, back and there again, and leaves nothing behind."
                        : "Every step goes there, back and there again, and leaves nothing behind.";
            case UNPROVEN -> "Nothing failed, but not everything could be shown.";
            case FAILED ->
                tally.failed() == 0
                        ? "Each step is well by itself, but the chain cannot be taken back as a whole."
                        : Amount.of(tally.failed(), "step") + " must change before production.";
        };
    }

    private void fact(String name, String value) {
        html.raw("<div><dt>").raw(name).raw("</dt><dd>").text(value).raw("</dd></div>");
    }

    private void wrong() {
        List<Told> grave = Told.all(report).stream()
                .filter(told -> told.finding().weight() == Weight.FAILS)
                .toList();
        if (grave.isEmpty()) {
            return;
        }
        html.raw("<section aria-labelledby=\"wrong\">\n<h2 id=\"wrong\">What went wrong</h2>\n<ul class=\"wrong\">\n");
        for (Told told : grave) {
            html.raw("<li><a href=\"#")
                    .raw(steps.anchor(told.scene()))
                    .raw("\">")
                    .text(told.scene())
                    .raw("</a> ");
            html.raw("<span class=\"code\">").raw(told.finding().code().id()).raw("</span> <code>");
            html.text(told.finding().object())
                    .raw("</code>: ")
                    .words(told.finding().code().meaning());
            html.raw(".</li>\n");
        }
        html.raw("</ul>\n</section>\n");
    }

    private void unwind() {
        Report.Unwind unwind = report.unwind();
        html.raw("<section id=\"unwind\" aria-labelledby=\"way-back\">\n<h2 id=\"way-back\">The way back</h2>\n");
        if (unwind.of() == 0) {
            html.raw("<p>The chain was not taken back as a whole.</p>\n</section>\n");
            return;
        }
        boolean whole = unwind.reached() == unwind.of();
        html.raw("<p>").raw(whole ? "From the last step to the start: " : "From the last step towards the start: ");
        html.count(unwind.reached())
                .raw(" of ")
                .raw(Amount.of(unwind.of(), "step"))
                .raw(" taken back");
        stoppedAt()
                .ifPresent(
                        name -> html.raw(", then stopped at <code>").text(name).raw("</code>"));
        html.raw(".</p>\n<div class=\"way ")
                .raw(whole ? "whole" : "broken")
                .raw("\" aria-hidden=\"true\" style=\"--w:");
        html.raw(Integer.toString(Math.round(100f * unwind.reached() / unwind.of())));
        html.raw("%\"><span>start</span><i></i><span>last step</span></div>\n");
        unwind.findings().forEach(finding -> findings.write(finding, "h3"));
        html.raw("</section>\n");
    }

    /** The step whose way back was not gone to its end; known only where every step is in the report. */
    private Optional<String> stoppedAt() {
        Report.Unwind unwind = report.unwind();
        int next = unwind.of() - unwind.reached() - 1;
        return next >= 0 && unwind.of() == report.steps().size()
                ? Optional.of(report.steps().get(next).name())
                : Optional.empty();
    }

    private void tables() {
        html.raw("<section aria-labelledby=\"tables\">\n<h2 id=\"tables\">Tables</h2>\n<p>");
        html.raw(Amount.of(report.tables().filled().size(), "table")).raw(" had rows to prove something with.");
        List<Empty> empty = report.tables().empty();
        if (empty.isEmpty()) {
            html.raw("</p>\n</section>\n");
            return;
        }
        html.raw(" ").raw(Amount.of(empty.size(), "table")).raw(" stayed empty, and prove nothing:</p>\n");
        html.raw("<div class=\"scroll\" role=\"region\" aria-label=\"Tables left empty\" tabindex=\"0\"><table>");
        html.raw("<thead><tr><th scope=\"col\">Table</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>\n");
        for (Empty table : empty) {
            html.raw("<tr><th scope=\"row\"><code>").text(table.table()).raw("</code></th><td>");
            html.text(table.reason()).raw("</td></tr>\n");
        }
        html.raw("</tbody></table></div>\n</section>\n");
    }

    private void notes() {
        if (report.notes().isEmpty()) {
            return;
        }
        html.raw("<section aria-labelledby=\"notes\">\n<h2 id=\"notes\">Notes</h2>\n<ul>\n");
        report.notes().forEach(note -> html.raw("<li>").text(note).raw("</li>\n"));
        html.raw("</ul>\n</section>\n");
    }
}
