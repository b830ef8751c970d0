package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryTest {

    private static final String TEXT = """
            # Runbook

            ~~~
            | # | Date | Name | Plan | Forward cost | Rollback cost | Notes |
            | 9999 | in a fence |
            ~~~

            |  #  | Date | Name | Plan | Forward cost | Rollback cost | Notes |
            |-----|:-----|------|------|:------------:|--------------:|-------|
            | 0000 | 2026-11-23 | `initial_schema` | [design](../docs/a.md "t") | Low | High (drops all) | The start. |
              | 7 | 2026-11-24 | 0007_expand_x | see [plan](<b.md>) | Medium | Low | a \\| b |

            | 8 | below the table |
            """;

    @Test
    void readsTheTableWithItsLinesOutsideFences() {
        Registry registry = Registry.parse(TEXT).orElseThrow();
        assertThat(registry.headerLine()).isEqualTo(8);
        assertThat(registry.rows()).extracting(Registry.Row::line).containsExactly(10, 11);
    }

    @Test
    void readsEachCell() {
        Registry.Row first = Registry.parse(TEXT).orElseThrow().rows().getFirst();
        assertThat(first.number()).contains(0);
        assertThat(first.date()).isEqualTo("2026-11-23");
        assertThat(first.name()).isEqualTo("initial_schema");
        assertThat(first.plan()).contains("../docs/a.md");
        assertThat(first.forwardCost()).isEqualTo("Low");
        assertThat(first.rollbackCost()).isEqualTo("High (drops all)");
        assertThat(first.notes()).isEqualTo("The start.");
    }

    @Test
    void aPipeMayBeEscapedAndANumberShort() {
        Registry.Row second = Registry.parse(TEXT).orElseThrow().rows().getLast();
        assertThat(second.number()).contains(7);
        assertThat(second.plan()).contains("b.md");
        assertThat(second.notes()).isEqualTo("a | b");
    }

    private static Receipt receipt(String name, int forwardMillis, int rewrites, long rows) {
        return new Receipt(
                name,
                "",
                "",
                "",
                new Receipt.Made("1", "17.11", Instant.EPOCH, Receipt.Verdict.PASSED),
                new Receipt.Figures(Duration.ofMillis(forwardMillis), Duration.ofMillis(12), rows, rewrites, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "999|0|999|Low (forward 999 ms, 0 rewrites; 999 rows)",
                "1000|0|1000|Medium (forward 1 s, 0 rewrites; 1.0 k rows)",
                "12|1|1|Medium (forward 12 ms, 1 rewrite; 1 row)",
                "9900|0|999949|Medium (forward 9.9 s, 0 rewrites; 999.9 k rows)",
                "10000|0|999950|High (forward 10 s, 0 rewrites; 1.0 M rows)",
                "1234|2|2000000|Medium (forward 1.2 s, 2 rewrites; 2.0 M rows)",
                "1|0|0|Low (forward 1 ms, 0 rewrites; empty tables)",
            })
    void aCostIsGradedByTimeAndRewrites(int millis, int rewrites, long rows, String cell) {
        assertThat(MeasuredCost.of(
                                receipt("0001_expand_x", millis, rewrites, rows).figures())
                        .forward())
                .isEqualTo(cell);
    }

    @Test
    void costsAreWrittenIntoTheirTwoCellsAndNoOtherByteChanges(@TempDir Path folder) throws Exception {
        String before = "\uFEFF# A\r\n\r\n" + Registry.HEADER + "\r\n|---|---|---|---|---|---|---|\r\n"
                + "| 0000 | d | a \\| b | [p](q) |   | High\t| Notes |\r\n"
                + "|0001|d|expand_x|[p](q)|Low|Low|a \\| b  |\n| 0002 | d | e | [p](q) | Low | Low | z |";
        Path file = Files.writeString(folder.resolve(Registry.FILE), before);
        Registry.record(folder, receipt("0000_initial_schema", 2, 0, 5));
        Registry.record(folder, receipt("0001_expand_x", 2, 0, 5));
        assertThat(Files.readString(file))
                .isEqualTo(before.replace("|   |", "| Low (forward 2 ms, 0 rewrites; 5 rows)   |")
                        .replace("High\t", "Low (back 12 ms; 5 rows)\t")
                        .replace("|Low|Low|a", "|Low (forward 2 ms, 0 rewrites; 5 rows)|Low (back 12 ms; 5 rows)|a"));
    }

    @Test
    void costsOfAMigrationWithoutARowAreRefused(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve(Registry.FILE), TEXT);
        assertThatThrownBy(() -> Registry.record(folder, receipt("0008_expand_x", 2, 0, 5)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("no whole row for 0008_expand_x");
        assertThat(file).hasContent(TEXT);
    }

    @Test
    void aTextWithoutTheHeaderHoldsNone() {
        assertThat(Registry.parse("| # | Date | Name |\n|---|---|---|\n| 1 | 2 | 3 |\n"))
                .isEmpty();
    }
}
