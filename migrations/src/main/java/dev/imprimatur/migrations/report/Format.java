package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Report;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The forms that a report can have on standard output. */
public enum Format {
    /** For a person at a terminal, and for a log. */
    TEXT,
    /** Everything, for scripts. */
    JSON,
    /** For a comment on a pull request; short enough for one. */
    MARKDOWN,
    /** JUnit's XML: a case a step, and one for the way back through the chain. */
    JUNIT,
    /** SARIF 2.1.0, for code scanning. */
    SARIF,
    /** GitHub's workflow commands, which become annotations. */
    GITHUB;

    /** The name on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format of that name; empty for any other. */
    public static Optional<Format> ofWord(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word))
                .findFirst();
    }

    /** The whole report, with a line break at its end. */
    public String write(Report report, Look look) {
        return switch (this) {
            case TEXT -> new TextReport(report, look).write();
            case JSON -> JsonReport.write(report, look);
            case MARKDOWN -> new MarkdownReport(report, look).write();
            case JUNIT -> JunitReport.write(report, look);
            case SARIF -> SarifReport.write(report, look);
            case GITHUB -> GithubReport.write(report, look);
        };
    }
}
