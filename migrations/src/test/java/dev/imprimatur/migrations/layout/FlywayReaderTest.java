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
import org.junit.jupiter.params.provider.ValueSource;

class FlywayReaderTest {

    private Written folder;

    @BeforeEach
    void anEmptyFolder(@TempDir Path path) {
        folder = new Written(path);
    }

    private ChainStep only() {
        return folder.only(Layout.FLYWAY);
    }

    private ChainStep only(String text) throws IOException {
        folder.file("V1__a.sql", text);
        return only();
    }

    @Test
    void versionsAreComparedNumberByNumberInAllFolders() throws IOException {
        for (String name : List.of(
                "V1.10__d", "2024/V1_9__c", "V1.2__b", "V1__a", "x/y/V20240101__f", "V2__e", "v3__lower", "other")) {
            folder.file(name + ".sql", "SELECT 1;");
        }
        assertThat(Written.names(folder.steps(Layout.FLYWAY)))
                .containsExactly("V1__a", "V1.2__b", "V1_9__c", "V1.10__d", "V2__e", "V20240101__f");
    }

    @Test
    void theUndoFileOfTheSameVersionIsTheWayBack() throws IOException {
        folder.file("V1_0__a.sql", "SELECT 1;").file("undo/U1__back.sql", "-- migrate: lossy gone\nSELECT 2;");
        ChainStep step = only();
        assertThat(step.name()).isEqualTo("V1_0__a");
        assertThat(step.forward().transaction()).isEqualTo(TransactionRule.ONE);
        assertThat(Written.sql(step.down().orElseThrow())).containsExactly("2: SELECT 2");
        assertThat(step.down().orElseThrow().lossy()).contains("gone");
    }

    @Test
    void whatIsNoVersionedMigrationIsNamedBehindThem() throws IOException {
        folder.file("V2__a.sql", "SELECT 1;")
                .file("R__views.sql", "SELECT 1;")
                .file("afterMigrate__grants.sql", "SELECT 1;")
                .file("Vx__b.sql", "SELECT 1;")
                .file("U3__c.sql", "SELECT 1;")
                .file("Users.sql", "SELECT 1;");
        List<ChainStep> steps = folder.steps(Layout.FLYWAY);
        assertThat(Written.names(steps)).containsExactly("V2__a", "U3__c", "R__views", "Vx__b", "afterMigrate__grants");
        Written.unread(steps.get(1), "U3__c.sql", 1, false, "an undo file without");
        Written.unread(steps.get(2), "R__views.sql", 1, false, "repeatable");
        Written.unread(steps.get(3), "Vx__b.sql", 1, false, "no version");
        Written.unread(steps.get(4), "afterMigrate__grants.sql", 1, false, "callback");
        assertThat(steps.get(2).forward().statements().list()).isEmpty();
    }

    @Test
    void aBaselineIsReadOnlyWhenWhatItStandsForIsGone() throws IOException {
        folder.file("B2__base.sql", "SELECT 1;").file("V3__c.sql", "SELECT 3;");
        List<ChainStep> steps = folder.steps(Layout.FLYWAY);
        assertThat(Written.names(steps)).containsExactly("B2__base", "V3__c");
        assertThat(Written.sql(steps.getFirst().forward())).containsExactly("1: SELECT 1");
        folder.file("V1__a.sql", "SELECT 0;");
        Written.unread(folder.steps(Layout.FLYWAY).get(1), "B2__base.sql", 1, false, "a baseline");
    }

    @Test
    void aStepInJavaAndAVersionTakenTwiceStop() throws IOException {
        folder.file("V1__A.java", "class V1__A {}")
                .file("V2__b.sql", "SELECT 1;")
                .file("V2.0__c.sql", "SELECT 1;");
        List<ChainStep> steps = folder.steps(Layout.FLYWAY);
        Written.unread(steps.get(0), "V1__A.java", 1, true, "in Java");
        Written.unread(steps.get(1), "V2__b.sql", 1, true, "its version is taken by V2.0__c.sql");
    }

    @Test
    void aPlaceholderOutsideCommentsStops() throws IOException {
        Written.unread(only("-- ${a}\n/* ${b} */\nGRANT SELECT ON x TO ${role};"), "V1__a.sql", 3, true, "${role}");
        Written.unread(only("DO $$ BEGIN\nEXECUTE '${x}'; END $$;"), "V1__a.sql", 2, true, "${x}");
        folder.file("V1__a.sql.conf", "placeholderReplacement=false\n");
        assertThat(only().unread()).isEmpty();
        folder.file("V1__a.sql", "SELECT 1;").file("U1__a.sql", "SELECT '${x}';");
        Written.unread(only(), "U1__a.sql", 1, false, "${x}");
    }

    @ParameterizedTest
    @CsvSource({"executeInTransaction=false, NONE", "executeInTransaction = true, ONE", "encoding=UTF-8, ONE"})
    void theScriptsConfigurationDecidesAboutTheTransaction(String line, TransactionRule rule) throws IOException {
        folder.file("V1__a.sql", "SELECT 1;").file("V1__a.sql.conf", line + "\n");
        assertThat(only().forward().transaction()).isEqualTo(rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE UNIQUE INDEX CONCURRENTLY i ON a (x);",
                "VACUUM a;\nDROP INDEX CONCURRENTLY i;",
                "REINDEX (VERBOSE) TABLE a; "
            })
    void aFileOfNothingButStatementsThatRefuseATransactionHasNone(String text) throws IOException {
        boolean known = !text.startsWith("REINDEX");
        assertThat(only(text).forward().transaction()).isEqualTo(known ? TransactionRule.NONE : TransactionRule.ONE);
        assertThat(only(text).unread()).isEmpty();
    }

    @Test
    void aFileThatMixesBothKindsStopsUnlessItsConfigurationDecides() throws IOException {
        Written.unread(only("SELECT 1;\nVACUUM a;"), "V1__a.sql", 2, true, "Flyway refuses the file");
        folder.file("V1__a.sql.conf", "executeInTransaction=false");
        assertThat(only().unread()).isEmpty();
        folder.file("V1__a.sql.conf", "shouldExecute=${x}");
        assertThat(only().unread()).extracting(Unread::problem).anyMatch(it -> it.contains("shouldExecute"));
    }
}
