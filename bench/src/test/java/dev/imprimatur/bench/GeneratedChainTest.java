package dev.imprimatur.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.layout.Layouts;
import dev.imprimatur.migrations.rehearse.Rehearsal;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedChainTest {
    @TempDir
    Path folder;

    /** Twenty steps hold each sort of change once. */
    @Test
    void everySortOfChangeComesBackWithRowsInTheTables() throws IOException {
        GeneratedChain.write(folder, 20);
        Report report = Rehearsal.of(Layouts.read(folder)).rows(2).keepGoing().run();
        assertThat(report.steps()).hasSize(20);
        assertThat(report.verdict()).as(report.toString()).isEqualTo(Verdict.PASSED);
    }
}
