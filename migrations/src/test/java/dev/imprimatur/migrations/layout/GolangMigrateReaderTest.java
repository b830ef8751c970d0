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

class GolangMigrateReaderTest {

    private Written folder;

    @BeforeEach
    void anEmptyFolder(@TempDir Path path) {
        folder = new Written(path);
    }

    private ChainStep only() {
        return folder.only(Layout.GOLANG_MIGRATE);
    }

    @Test
    void stepsAreOrderedByTheNumberWhateverItsLength() throws IOException {
        for (String name : List.of("10_c", "9_b", "000001_a", "20240102030405_d", "notes")) {
            folder.file(name + ".up.sql", "SELECT 1;").file(name + ".down.sql", "SELECT 2;");
        }
        folder.file("schema.sql", "SELECT 1;");
        assertThat(Written.names(folder.steps(Layout.GOLANG_MIGRATE)))
                .containsExactly("000001_a", "9_b", "10_c", "20240102030405_d");
    }

    @Test
    void aFileIsOneQueryAndHasNoPhase() throws IOException {
        folder.file("1_a.up.sql", "CREATE TABLE a ();\r\nSELECT 1;\r\n").file("1_a.down.sql", "DROP TABLE a;");
        ChainStep step = only();
        assertThat(step.forward().transaction()).isEqualTo(TransactionRule.ONE_QUERY);
        assertThat(step.down().orElseThrow().transaction()).isEqualTo(TransactionRule.ONE_QUERY);
        assertThat(Written.sql(step.forward())).containsExactly("1: CREATE TABLE a ()", "2: SELECT 1");
        assertThat(step.phase()).isEmpty();
        assertThat(step.change()).isEqualTo("1_a");
    }

    @Test
    void aMissingOrBlankDownIsNoWayBack() throws IOException {
        folder.file("1_a.up.sql", "SELECT 1;");
        assertThat(only().down()).isEmpty();
        folder.file("1_a.down.sql", "\n \n");
        assertThat(only().down()).isEmpty();
        assertThat(only().unread()).isEmpty();
        folder.file("1_a.down.sql", "-- Nothing to take back.\n");
        assertThat(only().down()).isPresent();
    }

    @Test
    void aDownFileAloneIsNamedAndDoesNotStop() throws IOException {
        folder.file("1_a.up.sql", "SELECT 1;").file("2_b.down.sql", "SELECT 2;");
        ChainStep step = folder.steps(Layout.GOLANG_MIGRATE).get(1);
        assertThat(step.name()).isEqualTo("2_b");
        Written.unread(step, "2_b.down.sql", 1, false, "without its up file");
    }

    @Test
    void aVersionTakenTwiceStops() throws IOException {
        folder.file("1_a.up.sql", "SELECT 1;").file("01_b.up.sql", "SELECT 2;");
        Written.unread(only(), "1_a.up.sql", 1, true, "its version is taken by 01_b.up.sql");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                "\\i other.sql                        ! command of psql",
                "SELECT 'open                         ! never ends",
                "COPY a FROM stdin;|1 it's \\N|\\.    ! COPY with rows"
            })
    void whatTheServerCannotBeSentIsNamedWithItsLine(String lines, String problem) throws IOException {
        String sql = lines.replace('|', '\n');
        folder.file("1_a.up.sql", "SELECT 1;\n\n" + sql + "\n").file("1_a.down.sql", "SELECT 2;");
        Written.unread(only(), "1_a.up.sql", 3, true, problem);
        folder.file("1_a.up.sql", "SELECT 2;").file("1_a.down.sql", "SELECT 1;\n" + sql + "\n");
        Written.unread(only(), "1_a.down.sql", 2, false, problem);
        assertThat(only().down()).isEmpty();
        assertThat(Written.sql(only().forward())).containsExactly("1: SELECT 2");
    }

    @Test
    void bytesThatAreNoTextAreNamedWithTheirLine() throws IOException {
        folder.file("1_a.up.sql", "--\nSELECT 'é';".getBytes(StandardCharsets.ISO_8859_1));
        Written.unread(only(), "1_a.up.sql", 2, true, "not UTF-8");
        folder.file("1_a.up.sql", "--\n\nSELECT '\0';");
        Written.unread(only(), "1_a.up.sql", 3, true, "NUL byte");
    }

    @Test
    void aLossyWayBackSaysSoAnywhereInItsComments() throws IOException {
        folder.file("1_a.up.sql", "-- migrate: lossy not here\nSELECT 1;")
                .file("1_a.down.sql", "DROP TABLE a;\n-- migrate: lossy the rows are gone\n");
        assertThat(only().down().orElseThrow().lossy()).contains("the rows are gone");
        assertThat(only().forward().lossy()).isEmpty();
        folder.file("1_a.down.sql", "DROP TABLE a;\n-- migrate: lossy\n");
        Written.unread(only(), "1_a.down.sql", 2, false, "does not say why");
    }
}
