package dev.imprimatur.migrations.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DbmateReaderTest {

    private Written folder;

    @BeforeEach
    void anEmptyFolder(@TempDir Path path) {
        folder = new Written(path);
    }

    private ChainStep only(String text) throws IOException {
        folder.file("20240101_a.sql", text);
        return Layouts.read(folder.path(), Layout.DBMATE).steps().getFirst();
    }

    @Test
    void theSectionsKeepTheirLinesAndOffsets() throws IOException {
        folder.file("1_a.sql", """
                -- What it is for.

                --migrate:up
                CREATE TABLE a ();

                -- migrate:down
                -- migrate: lossy rows of a
                DROP TABLE a;
                """);
        ChainStep step = folder.only(Layout.DBMATE);
        assertThat(step.unread()).isEmpty();
        assertThat(Written.sql(step.forward())).containsExactly("4: CREATE TABLE a ()");
        Part down = step.down().orElseThrow();
        assertThat(Written.sql(down)).containsExactly("8: DROP TABLE a");
        assertThat(down.lossy()).contains("rows of a");
        Written.standsInItsFile(step.forward());
        Written.standsInItsFile(down);
    }

    @Test
    void stepsAreOrderedByTheirNames() throws IOException {
        String text = "-- migrate:up\nSELECT 1;\n-- migrate:down\n";
        folder.file("9_b.sql", text).file("10_a.sql", text).file("2c.sql", text).file("seed.sql", text);
        assertThat(Written.names(folder.steps(Layout.DBMATE))).containsExactly("10_a", "2c", "9_b");
    }

    @Test
    void aBlockWithoutTransactionIsOneQuery() throws IOException {
        ChainStep step =
                only("-- migrate:up transaction:false\nVACUUM;\n-- migrate:down x:y transaction:true\nSELECT 1;\n");
        assertThat(step.forward().transaction()).isEqualTo(TransactionRule.ONE_QUERY);
        assertThat(step.down().orElseThrow().transaction()).isEqualTo(TransactionRule.ONE);
    }

    @Test
    void severalBlocksRunInTheirOrder() throws IOException {
        ChainStep step = only("""
                -- migrate:up transaction:false
                CREATE INDEX CONCURRENTLY i ON a (x);
                -- migrate:down
                DROP INDEX i;
                -- migrate:up transaction:false
                CREATE INDEX CONCURRENTLY j ON a (x);
                -- migrate:down
                DROP INDEX j;
                """);
        assertThat(step.forward().transaction()).isEqualTo(TransactionRule.NONE);
        assertThat(step.forward().statements().list())
                .extracting(each -> each.line())
                .containsExactly(2, 6);
        assertThat(Written.sql(step.down().orElseThrow())).containsExactly("4: DROP INDEX i", "8: DROP INDEX j");
        assertThat(step.down().orElseThrow().transaction()).isEqualTo(TransactionRule.ONE);
    }

    @Test
    void aMissingOrBlankDownIsNoWayBack() throws IOException {
        assertThat(only("-- migrate:up\nSELECT 1;\n").down()).isEmpty();
        assertThat(only("-- migrate:up\nSELECT 1;\n\n-- migrate:down\n\n").down())
                .isEmpty();
        assertThat(only("-- migrate:up\nSELECT 1;\n").unread()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "SELECT 1;                                               ! 1 ! no `-- migrate:up`",
                "-- MIGRATE:UP|SELECT 1;                                 ! 1 ! no `-- migrate:up`",
                "SELECT 1;|-- migrate:up|SELECT 2;                       ! 1 ! above `-- migrate:up`",
                "-- migrate:down|SELECT 1;|-- migrate:up|SELECT 2;       ! 1 ! before `-- migrate:up`",
                "-- migrate:up|SELECT 1;|-- migrate:down|-- migrate:down ! 4 ! two `-- migrate:down`",
                "-- migrate:up|\\i x.sql|-- migrate:down                 ! 2 ! command of psql"
            })
    void whatDbmateRefusesStops(String text, int line, String problem) throws IOException {
        Written.unread(only(text.replace('|', '\n') + "\n"), "20240101_a.sql", line, true, problem);
    }

    @Test
    void aWayBackThatCannotBeReadDoesNotStop() throws IOException {
        ChainStep step = only("-- migrate:up\nSELECT 1;\n-- migrate:down\nCOPY a FROM stdin;\n1\n\\.\n");
        Written.unread(step, "20240101_a.sql", 4, false, "COPY with rows");
        assertThat(step.down()).isEmpty();
        assertThat(Written.sql(step.forward())).containsExactly("2: SELECT 1");
    }

    @Test
    void aVersionTakenTwiceStops() throws IOException {
        String text = "-- migrate:up\nSELECT 1;\n";
        folder.file("1_a.sql", text).file("1_b.sql", text);
        Written.unread(folder.steps(Layout.DBMATE).get(1), "1_b.sql", 1, true, "its version is taken by 1_a.sql");
    }
}
