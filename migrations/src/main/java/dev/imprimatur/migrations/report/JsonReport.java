package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Figures;
import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.StepReport;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/** Everything, for scripts; docs/command-line.md tells the members. */
final class JsonReport {

    private final Look look;

    private JsonReport(Look look) {
        this.look = look;
    }

    static String write(Report report, Look look) {
        return Json.of(new JsonReport(look).report(report)) + "\n";
    }

    private Map<String, Object> report(Report report) {
        Map<String, Object> object = Json.object(
                "tool", Report.TOOL,
                "version", report.version(),
                "server", report.server(),
                "layout", report.layout().word(),
                "path", look.shown(report.path()),
                "verdict", report.verdict().word(),
                "seconds", decimal(report.took().toNanos() / 1e9),
                "steps", report.steps().stream().map(this::step).toList());
        object.put("left", report.left());
        object.put("unwind", unwind(report.unwind()));
        object.put("tables", tables(report));
        object.put("notes", report.notes());
        return object;
    }

    private Map<String, Object> step(StepReport step) {
        return Json.object(
                "name", step.name(),
                "phase", step.phase().map(phase -> phase.word()),
                "file", look.shown(step.file()),
                "verdict", step.verdict().word(),
                "findings", step.findings().stream().map(this::finding).toList(),
                "forward", step.forward().map(JsonReport::figures),
                "back", step.back().map(JsonReport::figures),
                "effects", step.effects(),
                "notes", step.notes());
    }

    private Map<String, Object> finding(Finding finding) {
        return Json.object(
                "code", finding.code().id(),
                "object", finding.object(),
                "detail", finding.detail(),
                "file", finding.place().map(place -> look.shown(place.file())),
                "line", finding.place().map(place -> place.line()),
                "excused", finding.excused());
    }

    private static Map<String, Object> figures(Figures figures) {
        return Json.object(
                "ms", decimal(figures.milliseconds()),
                "rows", figures.rows(),
                "walBytes", figures.walBytes(),
                "rewrites", figures.rewrites());
    }

    private Map<String, Object> unwind(Report.Unwind unwind) {
        return Json.object(
                "reached", unwind.reached(),
                "of", unwind.of(),
                "findings", unwind.findings().stream().map(this::finding).toList());
    }

    private static Map<String, Object> tables(Report report) {
        List<Map<String, Object>> empty = report.tables().empty().stream()
                .map(table -> Json.object("name", table.table(), "reason", table.reason()))
                .toList();
        return Json.object("filled", report.tables().filled(), "empty", empty);
    }

    /** Without an exponent, which a double of ten million would get. */
    private static BigDecimal decimal(double number) {
        return BigDecimal.valueOf(number).setScale(3, RoundingMode.HALF_UP);
    }
}
