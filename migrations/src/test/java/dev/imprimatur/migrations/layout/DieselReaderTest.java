package dev.imprimatur.migrations.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DieselReaderTest {

    private Written folder;

    @BeforeEach
    void anEmptyFolder(@TempDir Path path) {
        folder = new Written(path);
    }

    private ChainStep only() {
        return folder.only(Layout.DIESEL);
    }

    @Test
    void versionsAreComparedAsTextWithoutTheirHyphens() throws IOException {
        for (String name : List.of(
                "9_x", "10_y", "2024-01-02-000000_b", "20240101000000_a", "00000000000000_diesel_initial_setup")) {
            folder.file(name + "/up.sql", "SELECT 1;");
        }
        folder.file(".hidden/up.sql", "SELECT 1;").file("README.md", "");
        assertThat(Written.names(folder.steps(Layout.DIESEL)))
                .containsExactly(
                        "00000000000000_diesel_initial_setup",
                        "10_y",
                        "20240101000000_a",
                        "2024-01-02-000000_b",
                        "9_x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "run_in_transaction = false          ! ONE_QUERY",
                "run_in_transaction=true # as usual  ! ONE",
                "comment = 1                         ! ONE_QUERY",
                "[x]|run_in_transaction = true      ! ONE_QUERY"
            })
    void theMetadataDecidesAboutTheTransaction(String toml, TransactionRule rule) throws IOException {
        folder.file("1_a/up.sql", "SELECT 1;").file("1_a/down.sql", "SELECT 2;");
        assertThat(only().forward().transaction()).isEqualTo(TransactionRule.ONE);
        folder.file("1_a/metadata.toml", toml.replace('|', '\n') + "\n");
        assertThat(only().forward().transaction()).isEqualTo(rule);
        assertThat(only().down().orElseThrow().transaction()).isEqualTo(rule);
    }

    @Test
    void aFolderWithoutUpIsNamedAndStopsWhenItHasADown() throws IOException {
        folder.file("1_a/up.sql", "SELECT 1;").file("2_b/down.sql", "SELECT 1;").file("tools/x.py", "");
        List<ChainStep> steps = folder.steps(Layout.DIESEL);
        Written.unread(steps.get(1), "up.sql", 1, true, "without up.sql");
        Written.unread(steps.get(2), "up.sql", 1, false, "without up.sql");
    }

    @Test
    void anEmptyUpAndAVersionTakenTwiceStop() throws IOException {
        folder.file("1_a/up.sql", "").file("2_b/up.sql", "SELECT 1;").file("2_c/up.sql", "SELECT 1;");
        List<ChainStep> steps = folder.steps(Layout.DIESEL);
        Written.unread(steps.get(0), "up.sql", 1, true, "an empty file");
        assertThat(steps.get(1).unread()).isEmpty();
        Written.unread(steps.get(2), "up.sql", 1, true, "its version is taken by 2_b");
    }

    @Test
    void aDownThatCannotBeReadDoesNotStop() throws IOException {
        folder.file("1_a/up.sql", "SELECT 1;").file("1_a/down.sql", "\n/* open");
        Written.unread(only(), "down.sql", 2, false, "never ends");
        assertThat(only().down()).isEmpty();
    }
}
