package dev.imprimatur.migrations.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.rehearse.Rehearsal;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.Report.Unwind;
import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.report.Samples;
import dev.imprimatur.migrations.rows.FilledTables;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RehearseCommandTest {

    @TempDir
    private Path folder = Path.of("");

    private Function<Rehearsal, Report> runner = rehearsal -> Samples.passing();
    private Map<String, String> environment = Map.of();
    private boolean terminal;
    private boolean started;
    private Optional<Layout> layout = Optional.empty();
    private String out = "";
    private String err = "";

    @BeforeEach
    void nothingHasStarted() {
        started = false;
    }

    private int rehearse(String... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        Surroundings surroundings =
                new Surroundings(new PrintWriter(outText), new PrintWriter(errText), environment, terminal);
        RehearseCommand command = new RehearseCommand(
                surroundings,
                (dir, known) -> {
                    layout = known;
                    return new Chain(known.orElse(Layout.IMPRIMATUR), dir, List.of());
                },
                rehearsal -> {
                    started = true;
                    return runner.apply(rehearsal);
                });
        String[] all = new String[arguments.length + 1];
        all[0] = "rehearse";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int code = MigrateCommand.run(surroundings, command, all);
        out = outText.toString();
        err = errText.toString();
        return code;
    }

    @Test
    void theExitCodeTellsWhetherACheckFailed() {
        assertThat(rehearse()).isZero();
        assertThat(out).contains("0001_expand_post_slugs", "Passed. 3 steps: 3 passed.");
        assertThat(err).isEmpty();
        runner = rehearsal -> Samples.failing();
        assertThat(rehearse()).isEqualTo(1);
        assertThat(out).contains("FAILED. 6 steps");
    }

    @Test
    void aReportInWhichNothingFailedButNotAllIsProvenExitsWithZero() {
        Report failing = Samples.failing();
        runner = rehearsal -> report(failing.steps().subList(2, 3));
        assertThat(rehearse()).isZero();
        assertThat(out).contains("not everything is proven");
    }

    @Test
    void whereNoStepCouldStartTheExitCodeIsTwo() {
        runner = rehearsal -> report(List.of());
        assertThat(rehearse()).isEqualTo(2);
        assertThat(err).contains("No step of db/migrations could start.");
        runner = rehearsal -> {
            throw new MigrationException(Reason.UNREACHABLE, "Nobody answers.");
        };
        assertThat(rehearse()).isEqualTo(2);
        assertThat(err).isEqualTo("migrate: Nobody answers.\n");
        assertThat(out).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --rows|0|--rows takes a whole number from 1
                    --rows|many|not `many`
                    --rows|99999999999|--rows takes a whole number
                    --step-timeout|30|500ms, 30s or 2m
                    --step-timeout|0s|not `0s`
                    --step-timeout|9999h|at most 24 days
                    --format|yaml|write text, json, markdown, junit, sarif or github
                    --layout|rails|write auto, imprimatur, golang-migrate, diesel, goose, dbmate or flyway
                    --prelude|nowhere.sql|--prelude: there is no file `nowhere.sql`
                    --workload|nowhere.sql|--workload: there is no file
                    --workload|pg_stat_statements@nonsense|--workload:
                    --workload|pg_stat_statements@postgres://a:geheim@b/c|--workload must not hold a password
                    --url|postgres://me:geheim@localhost/x|--url must not hold a password
                    --url|mysql://localhost/x|--url:
                    --out|/nowhere/at/all.json|--out: there is no folder `/nowhere/at`
                    --html|.|cannot be written
                    """)
    void aBadValueIsToldInOneLineThatSaysWhatToWrite(String option, String value, String told) {
        assertThat(rehearse(option, value)).isEqualTo(2);
        assertThat(err).startsWith("migrate: " + option).contains(told.strip()).doesNotContain("geheim");
        assertThat(err.lines()).hasSize(1);
        assertThat(started).isFalse();
    }

    @Test
    void allBadValuesAreToldAtOnce() {
        assertThat(rehearse("--rows", "x", "--format", "y", "--in-place", "--accept-unproven"))
                .isEqualTo(2);
        assertThat(err.lines()).hasSize(4);
        assertThat(err).contains("--rows", "--format", "--in-place", "--record");
    }

    @Test
    void theDatabaseOfTheEnvironmentIsNeverRehearsedIn() {
        environment = Map.of("DATABASE_URL", "postgres://me:geheim@production/x");
        assertThat(rehearse("--in-place")).isEqualTo(2);
        assertThat(err).contains("name it with --url");
    }

    @Test
    void theLayoutIsFoundOutUnlessItIsNamed() {
        assertThat(rehearse("--layout", "golang-migrate")).isZero();
        assertThat(layout).contains(Layout.GOLANG_MIGRATE);
        assertThat(rehearse("--layout", "auto")).isZero();
        assertThat(layout).isEmpty();
    }

    @Test
    void aReportThatGoesToAFileLeavesItsSummaryOnTheTerminal() throws Exception {
        Path json = folder.resolve("report.json");
        Path page = folder.resolve("report.html");
        assertThat(rehearse("--format", "json", "--out", json.toString(), "--html", page.toString()))
                .isZero();
        assertThat(out).isEqualTo("Passed. 3 steps: 3 passed. Taken back at the end: all of them.\n");
        assertThat(json).content().startsWith("{").contains("\"verdict\": \"passed\"");
        assertThat(page).content().startsWith("<!DOCTYPE html>");
        assertThat(rehearse("--out", json.toString(), "--html", json.toString()))
                .isEqualTo(2);
        assertThat(err).contains("the same file");
    }

    @Test
    void aReportWhoseFileCannotBeWrittenIsNotLost() throws Exception {
        Path file = folder.resolve("gone").resolve("report.txt");
        Files.createDirectory(folder.resolve("gone"));
        runner = rehearsal -> {
            assertThat(folder.resolve("gone").toFile().delete()).isTrue();
            return Samples.passing();
        };
        assertThat(rehearse("--out", file.toString())).isEqualTo(2);
        assertThat(err).contains("report.txt could not be written");
        assertThat(out).contains("0001_expand_post_slugs");
    }

    @Test
    void coloursAreForTerminalsOfPeopleWhoDoNotRefuseThem() {
        terminal = true;
        assertThat(rehearse()).isZero();
        assertThat(out).contains("\u001b[32m");
        environment = Map.of("NO_COLOR", "1");
        assertThat(rehearse()).isZero();
        assertThat(out).doesNotContain("\u001b[32m");
    }

    private static Report report(List<StepReport> steps) {
        return new Report(
                "1",
                "17.11",
                Layout.IMPRIMATUR,
                Samples.FOLDER,
                Duration.ofSeconds(1),
                steps,
                List.of("0009_expand_later"),
                new Unwind(0, 0, List.of()),
                new FilledTables(List.of(), List.of()),
                List.of());
    }
}
