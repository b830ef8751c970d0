package dev.imprimatur.migrations.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GooseReaderTest {

    private static final String BOTH = """
            -- +goose Up
            CREATE TABLE a ();
            -- +goose StatementBegin
            CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
            BEGIN
              RETURN 1;
            END $$;
            -- +goose StatementEnd

            --  +goose down
            DROP FUNCTION f;
            -- migrate: lossy rows of a
            DROP TABLE a;
            """;

    private Written folder;

    @BeforeEach
    void anEmptyFolder(@TempDir Path path) {
        folder = new Written(path);
    }

    private ChainStep only(String text) throws IOException {
        folder.file("00001_a.sql", text);
        return Layouts.read(folder.path(), Layout.GOOSE).steps().getFirst();
    }

    @Test
    void theSectionsKeepTheirLinesAndOffsets() throws IOException {
        folder.file("00001_a.sql", BOTH);
        ChainStep step = folder.only(Layout.GOOSE);
        assertThat(step.unread()).isEmpty();
        assertThat(step.forward().statements().list())
                .extracting(statement -> statement.line())
                .containsExactly(2, 4);
        Part down = step.down().orElseThrow();
        assertThat(Written.sql(down)).containsExactly("11: DROP FUNCTION f", "13: DROP TABLE a");
        assertThat(down.lossy()).contains("rows of a");
        assertThat(step.forward().transaction()).isEqualTo(TransactionRule.ONE);
        Written.standsInItsFile(step.forward());
        Written.standsInItsFile(down);
    }

    @Test
    void stepsAreOrderedByNumberAndFilesWithoutOneLeftAlone() throws IOException {
        String text = "-- +goose Up\nSELECT 1;\n";
        folder.file("10_b.sql", text)
                .file("9_a.sql", text)
                .file("0_zero.sql", text)
                .file("helper.sql", text);
        folder.file("main.go", "").file("11_b_test.go", "");
        assertThat(Written.names(folder.steps(Layout.GOOSE))).containsExactly("9_a", "10_b");
    }

    @Test
    void withoutTransactionHoldsForBothDirections() throws IOException {
        ChainStep step = only("-- +goose NO TRANSACTION\n" + BOTH);
        assertThat(step.forward().transaction()).isEqualTo(TransactionRule.NONE);
        assertThat(step.down().orElseThrow().transaction()).isEqualTo(TransactionRule.NONE);
    }

    @Test
    void noDownSectionOrABlankOneIsNoWayBack() throws IOException {
        assertThat(only("-- +goose Up\nSELECT 1;\n").down()).isEmpty();
        assertThat(only("-- +goose Up\nSELECT 1;\n-- +goose Down\n-- +goose StatementBegin\n-- +goose StatementEnd\n")
                        .down())
                .isEmpty();
        assertThat(only("-- +goose Up\nSELECT 1;\n-- +goose Down\n-- Nothing.\n")
                        .down())
                .isPresent();
    }

    @Test
    void aStepInGoStops() throws IOException {
        folder.file("1_a.sql", BOTH).file("2_b.go", "package migrations");
        Written.unread(folder.steps(Layout.GOOSE).get(1), "2_b.go", 1, true, "written in Go");
    }

    @Test
    void aVersionTakenTwiceStops() throws IOException {
        folder.file("1_a.sql", BOTH).file("01_b.sql", BOTH);
        Written.unread(folder.only(Layout.GOOSE), "1_a.sql", 1, true, "its version is taken by 01_b.sql");
    }

    @Test
    void variablesOfTheEnvironmentStopWhereTheyStand() throws IOException {
        Written.unread(only("-- +goose ENVSUB ON\n-- +goose Up\nSELECT '$X';\n"), "00001_a.sql", 1, true, "ENVSUB ON");
        ChainStep down = only("-- +goose Up\nSELECT 1;\n-- +goose Down\n-- +goose envsub on\nSELECT '$X';\n");
        Written.unread(down, "00001_a.sql", 4, false, "ENVSUB ON");
        assertThat(down.down()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "SELECT 1;                                            ! 1 ! no `-- +goose Up`",
                "SELECT 1;|-- +goose Up|SELECT 2;                     ! 1 ! above `-- +goose Up`",
                "-- +goose Up|SELECT 1;| -- +goose Down|SELECT 2;     ! 3 ! is no annotation",
                "-- +goose Up|-- +goose Upp|SELECT 1;                 ! 2 ! is no annotation",
                "-- +goose Up|SELECT 1;|-- +goose Up|SELECT 2;        ! 3 ! a second",
                "-- +goose Up|-- +goose StatementBegin|SELECT 1;      ! 2 ! without its end",
                "-- +goose Up|SELECT 1;|-- +goose StatementEnd        ! 3 ! without its beginning",
                "-- +goose Up|SELECT|1|-- +goose Down|SELECT 1;       ! 2 ! no line that ends in a semicolon",
                "-- +goose Up||DO $$|BEGIN|NULL;|END $$;              ! 3 ! ends this statement at line 5"
            })
    void whatGooseRefusesOrCutsStops(String text, int line, String problem) throws IOException {
        Written.unread(only(text.replace('|', '\n') + "\n"), "00001_a.sql", line, true, problem);
    }

    @Test
    void aWayBackThatGooseCutsDoesNotStop() throws IOException {
        ChainStep step = only("-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 'a;\nb';\n");
        Written.unread(step, "00001_a.sql", 4, false, "ends this statement at line 4");
        assertThat(step.down()).isEmpty();
    }

    @Test
    void aFileThatIsNoTextStops() throws IOException {
        folder.file("1_a.sql", "-- +goose Up\nSELECT 'é';".getBytes(StandardCharsets.ISO_8859_1));
        Written.unread(folder.only(Layout.GOOSE), "1_a.sql", 2, true, "not UTF-8");
    }

    @Test
    void whatNeverEndsInOneSectionDoesNotReachTheOther() throws IOException {
        ChainStep step = only("-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 'open;\n");
        assertThat(List.of(step.unread().getFirst().line(), step.unread().size()))
                .isEqualTo(List.of(4, 1));
        assertThat(Written.sql(step.forward())).containsExactly("2: SELECT 1");
    }
}
