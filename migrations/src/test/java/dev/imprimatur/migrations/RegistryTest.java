package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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

    @Test
    void aTextWithoutTheHeaderHoldsNone() {
        assertThat(Registry.parse("| # | Date | Name |\n|---|---|---|\n| 1 | 2 | 3 |\n"))
                .isEmpty();
    }
}
