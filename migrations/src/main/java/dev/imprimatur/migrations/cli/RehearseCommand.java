package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.cli.RehearsalRequest.Extent;
import dev.imprimatur.migrations.cli.RehearsalRequest.Outcome;
import dev.imprimatur.migrations.cli.RehearsalRequest.Receipt;
import dev.imprimatur.migrations.cli.RehearsalRequest.Stage;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.rehearse.Rehearsal;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.Verdict;
import dev.imprimatur.migrations.report.Format;
import dev.imprimatur.migrations.report.HtmlReport;
import dev.imprimatur.migrations.report.Look;
import dev.imprimatur.migrations.report.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** {@code migrate rehearse}: exits with 0 when nothing failed, 1 when a check failed, 2 when no step could start. */
@Command(
        name = "rehearse",
        description =
                "Runs each migration forward, back and forward again on a copy with rows in it, and tells what does"
                        + " not come back.")
final class RehearseCommand implements Callable<Integer> {

    private final Surroundings surroundings;
    private final ChainReader chains;
    private final Function<Rehearsal, Report> runner;

    @Mixin
    private FolderOption folder = new FolderOption();

    @Mixin
    private RehearsalOptions options = new RehearsalOptions();

    /** Reads a folder; without a layout, finds out whose it is. */
    @FunctionalInterface
    interface ChainReader {
        Chain read(Path folder, Optional<Layout> layout);
    }

    RehearseCommand(Surroundings surroundings, ChainReader chains, Function<Rehearsal, Report> runner) {
        this.surroundings = surroundings;
        this.chains = chains;
        this.runner = runner;
    }

    @Override
    public Integer call() {
        RehearsalRequest read = options.read(surroundings.environment());
        if (!read.faults().isEmpty()) {
            read.faults().forEach(this::complain);
            return ExitCode.USAGE;
        }
        Report report;
        try {
            report = rehearse(read.stage(), read.extent());
        } catch (MigrationException e) {
            // What a step does wrong stands in a report; an exception means that there is none.
            complain(String.valueOf(e.getMessage()));
            return ExitCode.USAGE;
        }
        boolean written = tell(report, read.outcome());
        record(report, read.outcome().receipt());
        if (report.steps().isEmpty()) {
            complain("No step of " + folder.path() + " could start.");
        }
        return report.steps().isEmpty() || !written ? ExitCode.USAGE : exitCode(report.verdict());
    }

    private Report rehearse(Stage stage, Extent extent) {
        RehearsalNarrator narrator = new RehearsalNarrator(surroundings, System::nanoTime);
        Rehearsal rehearsal = Rehearsal.of(chains.read(folder.path(), extent.layout()))
                .at(stage.venue())
                .rows(stage.rows())
                .stepTimeout(extent.most())
                .watchedBy(narrator);
        extent.from().ifPresent(rehearsal::from);
        extent.to().ifPresent(rehearsal::to);
        stage.prelude().ifPresent(rehearsal::prelude);
        stage.workload().map(RehearseCommand::workload).ifPresent(rehearsal::workload);
        if (extent.keepGoing()) {
            rehearsal.keepGoing();
        }
        try {
            return runner.apply(rehearsal);
        } finally {
            narrator.ends();
        }
    }

    private static dev.imprimatur.migrations.workload.Workload workload(RehearsalRequest.Workload named) {
        return switch (named) {
            case RehearsalRequest.Workload.Texts(Path file) -> dev.imprimatur.migrations.workload.Workload.ofFile(file);
            case RehearsalRequest.Workload.Live(DatabaseUrl url) -> {
                try (Connection connection = url.open()) {
                    yield dev.imprimatur.migrations.workload.Workload.ofStatistics(connection);
                } catch (SQLException e) {
                    throw new MigrationException(
                            MigrationException.Reason.UNREACHABLE,
                            "The workload cannot be read from %s: %s".formatted(url, e.getMessage()),
                            e);
                }
            }
        };
    }

    /** True when everything was written. A file that could not be costs no report: it then goes to standard output. */
    private boolean tell(Report report, Outcome outcome) {
        Look look = Look.from(Path.of(""));
        boolean all = true;
        if (outcome.html().isPresent()) {
            all = save(outcome.html().get(), HtmlReport.write(report, look));
        }
        String text = outcome.format().write(report, look);
        if (outcome.out().isPresent() && save(outcome.out().get(), text)) {
            surroundings.out().println(Summary.of(report));
            return all;
        }
        boolean coloured = surroundings.terminal() && outcome.out().isEmpty() && outcome.format() == Format.TEXT;
        surroundings.out().print(coloured && wantsColours() ? outcome.format().write(report, look.inColours()) : text);
        return all && outcome.out().isEmpty();
    }

    private void record(Report report, Receipt wanted) {
        boolean proven = switch (report.verdict()) {
            case PASSED -> wanted != Receipt.NONE;
            case UNPROVEN -> wanted == Receipt.EVEN_UNPROVEN;
            case FAILED -> false;
        };
        if (wanted != Receipt.NONE) {
            Recording.objections(report).forEach(surroundings.out()::println);
        }
        if (proven && !report.steps().isEmpty()) {
            surroundings.out().println(Recording.of(report));
        } else if (wanted != Receipt.NONE) {
            complain(
                    report.verdict() == Verdict.UNPROVEN
                            ? "no receipt was written: not everything is proven; --accept-unproven writes one all the same."
                            : "no receipt was written: the rehearsal failed.");
        }
    }

    private boolean wantsColours() {
        Map<String, String> environment = surroundings.environment();
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(environment.get("TERM"));
    }

    private boolean save(Path file, String text) {
        try {
            Files.writeString(file, text);
            return true;
        } catch (IOException e) {
            complain("%s could not be written: %s".formatted(file, e));
            return false;
        }
    }

    private static int exitCode(Verdict verdict) {
        return switch (verdict) {
            case PASSED, UNPROVEN -> ExitCode.OK;
            case FAILED -> MigrateCommand.REFUSED;
        };
    }

    private void complain(String problem) {
        surroundings.err().println("migrate: " + problem);
    }
}
