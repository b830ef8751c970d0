package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.Migration;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.Objection;
import dev.imprimatur.migrations.Objections;
import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.Receipt;
import dev.imprimatur.migrations.Receipts;
import dev.imprimatur.migrations.Registry;
import dev.imprimatur.migrations.rehearse.Figures;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.rehearse.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Leaves the receipts of a rehearsal beside its migrations, and its figures in their registry. */
final class Recording {

    private Recording() {}

    /** Writes them, and says so in a line. */
    static String of(Report report) {
        if (!report.layout().hasPhases()) {
            throw new MigrationException(
                    Reason.USAGE,
                    "Receipts belong to our own layout; " + report.layout().word() + " has no place for them.");
        }
        MigrationFolder folder = MigrationFolder.read(report.path());
        Receipts receipts = Receipts.of(report.path());
        Receipt.Verdict verdict =
                report.verdict() == Verdict.PASSED ? Receipt.Verdict.PASSED : Receipt.Verdict.UNPROVEN;
        Receipt.Made made = new Receipt.Made(
                report.version(), report.server(), Instant.now().truncatedTo(ChronoUnit.SECONDS), verdict);
        int written = 0;
        for (StepReport step : report.steps()) {
            for (Migration migration : folder.migrations()) {
                if (migration.name().equals(step.name()) && step.start().isPresent()) {
                    Receipt receipt = Receipt.of(
                            migration,
                            step.start().get().fingerprint(),
                            made,
                            figures(step, step.start().get()));
                    receipts.write(receipt);
                    Registry.record(report.path(), receipt);
                    written++;
                }
            }
        }
        return "Recorded: %d receipts in %s, and their figures in %s."
                .formatted(
                        written,
                        report.path().resolve("receipts"),
                        report.path().resolve(Registry.FILE));
    }

    /**
     * Writes down what old code loses by each contract, for `migrate up` to ask the live database about it; a rehearsal
     * that failed because of it leaves nothing else.
     *
     * @return a line each
     */
    static List<String> objections(Report report) {
        List<String> lines = new ArrayList<>();
        if (!report.layout().hasPhases()
                || report.steps().stream().allMatch(step -> step.lost().isEmpty())) {
            return lines;
        }
        MigrationFolder folder = MigrationFolder.read(report.path());
        for (StepReport step : report.steps()) {
            for (Migration migration : folder.migrations()) {
                if (migration.name().equals(step.name())
                        && migration.phase() == Phase.CONTRACT
                        && !step.lost().isEmpty()) {
                    Path file = Objections.of(report.path())
                            .write(new Objection(
                                    migration.name(),
                                    migration.forward().checksum(),
                                    Instant.now().truncatedTo(ChronoUnit.SECONDS),
                                    step.lost().stream()
                                            .map(lost -> new Objection.Lost(
                                                    lost.query().text(), lost.error()))
                                            .toList()));
                    lines.add("What old code loses by %s stands in %s: commit it, and `migrate up` asks for a deploy."
                            .formatted(migration.name(), file));
                }
            }
        }
        return lines;
    }

    private static Receipt.Figures figures(StepReport step, StepReport.Start start) {
        return new Receipt.Figures(
                duration(step.forward().map(Figures::milliseconds).orElse(0.0)),
                duration(step.back().map(Figures::milliseconds).orElse(0.0)),
                start.rows(),
                step.forward().map(Figures::rewrites).orElse(0),
                step.forward().map(Figures::walBytes).orElse(0L));
    }

    private static Duration duration(double milliseconds) {
        return Duration.ofNanos((long) (milliseconds * 1e6));
    }
}
