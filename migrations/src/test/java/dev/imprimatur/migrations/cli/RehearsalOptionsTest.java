package dev.imprimatur.migrations.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.cli.RehearsalRequest.Receipt;
import dev.imprimatur.migrations.cli.RehearsalRequest.Workload;
import dev.imprimatur.migrations.rehearse.Venue;
import dev.imprimatur.migrations.report.Format;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class RehearsalOptionsTest {

    private static RehearsalRequest read(String... arguments) {
        RehearsalOptions options = new RehearsalOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("options", mixin(options)))
                .parseArgs(arguments);
        return options.read(Map.of("PGPASSWORD", "geheim", "DATABASE_URL", "postgres://production/x"));
    }

    private static CommandLine.Model.CommandSpec mixin(RehearsalOptions options) {
        return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
    }

    @Test
    void withoutAnyOptionAServerOfItsOwnIsUsedWithTenRowsATable() {
        RehearsalRequest read = read();
        assertThat(read.faults()).isEmpty();
        assertThat(read.stage().venue()).isEqualTo(new Venue.Embedded());
        assertThat(read.stage().rows()).isEqualTo(10);
        assertThat(read.extent().most()).isEqualTo(Duration.ofMinutes(5));
        assertThat(read.extent().keepGoing()).isFalse();
        assertThat(read.outcome().format()).isEqualTo(Format.TEXT);
        assertThat(read.outcome().receipt()).isEqualTo(Receipt.NONE);
    }

    @Test
    void aNamedDatabaseIsCopiedUnlessItIsToBeUsedItself() {
        assertThat(read("--url", "postgres://me@staging:5433/blog").stage().venue())
                .isInstanceOfSatisfying(Venue.CopiesOf.class, copies -> {
                    assertThat(copies.url().host()).isEqualTo("staging");
                    assertThat(copies.url().password()).contains("geheim");
                });
        assertThat(read("--url", "postgres://staging/blog", "--in-place")
                        .stage()
                        .venue())
                .isInstanceOf(Venue.InPlace.class);
    }

    @Test
    void aWorkloadIsAFileOrALiveDatabase() {
        assertThat(read("--workload", "pg_stat_statements@postgres://me@live/blog")
                        .stage()
                        .workload())
                .containsInstanceOf(Workload.Live.class);
        assertThat(read("--workload", "pom.xml").stage().workload()).containsInstanceOf(Workload.Texts.class);
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "30s, PT30S", "2m, PT2M", "1h, PT1H", "90 s, PT1M30S"})
    void aTimeoutIsANumberWithItsUnit(String written, Duration meant) {
        RehearsalRequest read = read("--step-timeout", written);
        assertThat(read.faults()).isEmpty();
        assertThat(read.extent().most()).isEqualTo(meant);
    }

    @Test
    void whatElseIsWrittenArrives() {
        RehearsalRequest read = read(
                "--from",
                "0003",
                "--to",
                "0007_expand_x",
                "--keep-going",
                "--rows",
                "0500",
                "--record",
                "--accept-unproven",
                "--format",
                "sarif");
        assertThat(read.faults()).isEmpty();
        assertThat(read.extent().from()).contains("0003");
        assertThat(read.extent().to()).contains("0007_expand_x");
        assertThat(read.extent().keepGoing()).isTrue();
        assertThat(read.stage().rows()).isEqualTo(500);
        assertThat(read.outcome().format()).isEqualTo(Format.SARIF);
        assertThat(read.outcome().receipt()).isEqualTo(Receipt.EVEN_UNPROVEN);
    }
}
