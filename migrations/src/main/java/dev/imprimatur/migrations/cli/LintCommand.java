package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.LintFinding;
import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.report.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code migrate lint}: needs no database. */
@Command(name = "lint", description = "Checks the files and the registry; needs no database.")
final class LintCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private FolderOption folder = new FolderOption();

    @Option(names = "--json", description = "Prints the findings as JSON.")
    private boolean json;

    LintCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        MigrationFolder read = folder.read();
        List<LintFinding> findings = read.findings();
        if (json) {
            surroundings.out().println(Json.of(asJson(read)));
        } else if (findings.isEmpty()) {
            surroundings
                    .out()
                    .println(read.migrations().size() + " migrations in " + read.path() + ", nothing to find.");
        } else {
            findings.forEach(finding -> surroundings.out().println(finding));
            surroundings.out().println(findings.size() == 1 ? "1 finding." : findings.size() + " findings.");
        }
        return findings.isEmpty() ? 0 : MigrateCommand.REFUSED;
    }

    private static Map<String, Object> asJson(MigrationFolder read) {
        List<Map<String, Object>> findings = read.findings().stream()
                .map(finding -> Json.object(
                        "rule", finding.rule().id(),
                        "file", finding.file().toString(),
                        "line", finding.line(),
                        "problem", finding.problem(),
                        "remedy", finding.remedy()))
                .toList();
        return Json.object("migrations", read.migrations().size(), "findings", findings);
    }
}
