package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.Words;
import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.rehearse.Verdict;
import dev.imprimatur.migrations.rows.FilledTables.Empty;
import java.util.List;
import java.util.stream.Collectors;

/** For a comment on a pull request: GitHub refuses one of more than 65,536 characters, so it is cut before. */
final class MarkdownReport {

    private static final int MOST_CHARACTERS = 60_000;
    /** More steps than these are folded away. */
    private static final int OPEN_TABLE = 20;

    private final Report report;
    private final Look look;
    private final StringBuilder text = new StringBuilder();

    MarkdownReport(Report report, Look look) {
        this.report = report;
        this.look = look;
    }

    String write() {
        text.append("### ")
                .append(sign(report.verdict()))
                .append(" Rehearsal of ")
                .append(code(look.shown(report.path())))
                .append("\n\n")
                .append(Summary.of(report))
                .append("\n\n");
        findings();
        table();
        tables();
        report.notes().forEach(note -> text.append("- ").append(code(note)).append('\n'));
        text.append("\n<sub>PostgreSQL ")
                .append(code(report.server()))
                .append(", layout ")
                .append(report.layout().word())
                .append(", ")
                .append(Words.duration(report.took()))
                .append("</sub>\n");
        return text.toString();
    }

    private void findings() {
        List<Told> all = Told.all(report);
        for (int i = 0; i < all.size(); i++) {
            String section = finding(all.get(i));
            if (text.length() + section.length() > MOST_CHARACTERS / 2) {
                text.append("… and ")
                        .append(Amount.of(all.size() - i, "more finding"))
                        .append("; the other formats show all of them.\n\n");
                return;
            }
            text.append(section);
        }
    }

    private String finding(Told told) {
        Finding finding = told.finding();
        return "**%s** in %s: %s – %s (%s)\n\n"
                        .formatted(
                                finding.code().id(),
                                code(told.scene()),
                                code(finding.object()),
                                finding.code().meaning(),
                                code(look.shown(told.place())))
                + detail(finding.detail())
                + finding.excused().map(why -> "Excused: " + code(why)).orElse("→ " + Advice.on(finding.code()))
                + "\n\n";
    }

    private static String detail(String text) {
        if (text.isBlank()) {
            return "";
        }
        Detail detail = Detail.of(text);
        String lines = detail.lines().stream()
                .map(line -> detail.compares() ? mark(line) + line.text() : line.text())
                .collect(Collectors.joining("\n"));
        String fence = "`".repeat(Math.max(3, longestTicks(lines) + 1));
        return fence + (detail.compares() ? "diff" : "text") + "\n" + lines + "\n" + fence + "\n\n";
    }

    private static String mark(Detail.Line line) {
        return switch (line.side()) {
            case BEFORE -> "- ";
            case AFTER -> "+ ";
            case NEITHER -> "  ";
        };
    }

    private void table() {
        boolean folded = report.steps().size() > OPEN_TABLE;
        if (folded) {
            text.append("<details><summary>All steps</summary>\n\n");
        }
        text.append("| Step | Phase | | Forward | Back |\n|---|---|---|---|---|\n");
        int shown = 0;
        for (StepReport step : report.steps()) {
            if (text.length() > MOST_CHARACTERS) {
                text.append("| … and ")
                        .append(Amount.of(report.steps().size() - shown, "more step"))
                        .append(" | | | | |\n");
                break;
            }
            shown++;
            text.append("| %s | %s | %s %s | %s | %s |\n"
                    .formatted(
                            cell(step.name()),
                            step.phase().map(phase -> phase.word()).orElse("–"),
                            sign(step.verdict()),
                            step.verdict().word(),
                            Amount.cost(step.forward()),
                            Amount.cost(step.back())));
        }
        text.append(folded ? "\n</details>\n\n" : "\n");
    }

    private void tables() {
        List<Empty> empty = report.tables().empty();
        if (empty.isEmpty()) {
            return;
        }
        text.append("<details><summary>")
                .append(Amount.of(empty.size(), "table"))
                .append(" left empty</summary>\n\n");
        for (Empty table : empty) {
            if (text.length() > MOST_CHARACTERS) {
                break;
            }
            text.append("- %s: %s\n".formatted(code(table.table()), code(table.reason())));
        }
        text.append("\n</details>\n\n");
    }

    private static String sign(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> "✅";
            case UNPROVEN -> "⚠️";
            case FAILED -> "❌";
        };
    }

    /** A code span, in which nothing is markup, a mention or a link. */
    private static String code(String foreign) {
        String line = Plain.line(foreign);
        String ticks = "`".repeat(longestTicks(line) + 1);
        String room = line.isEmpty() || line.startsWith("`") || line.endsWith("`") ? " " : "";
        return ticks + room + line + room + ticks;
    }

    /** A bar would end a cell even in a code span, and its escape is ambiguous behind a backslash. */
    private static String cell(String foreign) {
        return code(foreign.replace('|', '¦'));
    }

    private static int longestTicks(String text) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
