package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LintTest {

    private TestFolder folder;

    @BeforeEach
    void aFolderWithoutFault(@TempDir Path path) throws IOException {
        folder = new TestFolder(path)
                .add("0000_initial_schema", "CREATE TABLE posts (id int);", "DROP TABLE posts;")
                .add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slug;");
        assertThat(folder.read().findings()).isEmpty();
    }

    private void finds(LintRule rule, String file, int line, String problem) {
        assertThat(folder.read().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.file()).isEqualTo(folder.path().resolve(file));
            assertThat(finding.line()).isEqualTo(line);
            assertThat(finding.problem()).contains(problem);
            assertThat(finding.remedy()).isNotBlank();
        });
    }

    private void findsIn(String forward, LintRule rule, int line, String problem) throws IOException {
        folder.write("0001_expand_slug.sql", forward);
        finds(rule, "0001_expand_slug.sql", line, problem);
    }

    private void findsInRow(String row, LintRule rule, String problem) throws IOException {
        folder.write("README.md", """
                # Migrations

                %s
                |---|:---|:---:|---:|---|---|---|
                | 0000 | 2026-11-23 | initial_schema | [plan](#plan) | Low | Low | The start. |
                %s
                """.formatted(Registry.HEADER, row));
        finds(rule, "README.md", row.isEmpty() ? 3 : 6, problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0002_add_x.sql", "2_expand_x.sql", "0002_expand_X.sql", "0002_expand.sql", "notes.sql"})
    void aNameWithoutNumberAndPhase(String name) throws IOException {
        folder.write(name, "SELECT 1;");
        finds(LintRule.FILE_NAME, name, 1, "no number and phase");
    }

    @Test
    void aNumberTakenTwice() throws IOException {
        folder.write("0001_contract_other.sql", "SELECT 1;").write("0001_contract_other.down.sql", "SELECT 1;");
        assertThat(folder.read().findings()).extracting(LintFinding::rule).contains(LintRule.NUMBER_DUPLICATE);
    }

    @Test
    void aNumberLeftOut() throws IOException {
        folder.add("0003_expand_tags", "SELECT 1;", "SELECT 1;");
        finds(LintRule.NUMBER_GAP, "0003_expand_tags.sql", 1, "0002 is missing");
    }

    @Test
    void aForwardFileAlone() throws IOException {
        folder.delete("0001_expand_slug.down.sql");
        finds(LintRule.DOWN_MISSING, "0001_expand_slug.sql", 1, "way back");
    }

    @Test
    void aDownFileAlone() throws IOException {
        folder.delete("0001_expand_slug.sql");
        finds(LintRule.FORWARD_MISSING, "0001_expand_slug.down.sql", 1, "without its forward file");
    }

    @Test
    void aFileThatCannotBeRead() throws IOException {
        folder.delete("0001_expand_slug.sql");
        Files.createDirectory(folder.path().resolve("0001_expand_slug.sql"));
        finds(LintRule.UNREADABLE, "0001_expand_slug.sql", 1, "cannot be read");
    }

    @Test
    void bytesThatAreNotUtf8AreNamedWithLineAndOffset() throws IOException {
        byte[] latin1 = "-- fine\nSELECT 'é';".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.path().resolve("0001_expand_slug.sql"), latin1);
        finds(LintRule.INVALID_UTF8, "0001_expand_slug.sql", 2, "byte 17 (0xE9)");
    }

    @Test
    void aNulByteIsNamedWithLineAndOffset() throws IOException {
        findsIn("SELECT 1;\n\nSELECT '\0';", LintRule.NUL_BYTE, 3, "byte 20");
    }

    @Test
    void aForwardFileWithoutStatement() throws IOException {
        findsIn("-- later\n", LintRule.EMPTY, 1, "no statement");
    }

    @Test
    void aDownFileWithNothingAtAll() throws IOException {
        folder.write("0001_expand_slug.down.sql", "\n");
        finds(LintRule.EMPTY, "0001_expand_slug.down.sql", 1, "neither a statement nor a comment");
        folder.write("0001_expand_slug.down.sql", "-- The column goes with 0000.\n");
        assertThat(folder.read().findings()).isEmpty();
    }

    @Test
    void aStringThatNeverEnds() throws IOException {
        findsIn("SELECT 1;\nSELECT 'a;\n", LintRule.UNTERMINATED, 2, "string that begins here never ends");
    }

    @Test
    void aPsqlCommand() throws IOException {
        findsIn("SELECT 1;\n\\copy posts from 'x.csv'\n", LintRule.PSQL_COMMAND, 2, "\\copy posts");
    }

    @Test
    void rowsForCopyInTheFile() throws IOException {
        findsIn("COPY posts FROM STDIN;", LintRule.COPY_STDIN, 1, "psql");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN",
                "start transaction",
                "COMMIT",
                "END",
                "ROLLBACK",
                "ABORT",
                "SAVEPOINT a",
                "RELEASE a",
                "PREPARE TRANSACTION 'x'"
            })
    void transactionControl(String statement) throws IOException {
        findsIn("SELECT 1;\n" + statement + ";", LintRule.TRANSACTION_CONTROL, 2, "controls the transaction");
    }

    @Test
    void transactionControlInsideABodyIsNoFinding() throws IOException {
        folder.write("0001_expand_slug.sql", "DO $$ BEGIN PERFORM 1; END $$;");
        assertThat(folder.read().findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-- migrate: faster|no directive `faster`",
                "-- migrate: batch posts|must read `batch",
                "-- migrate: batch posts by id size 0|from 1 to 1000000",
                "-- migrate: lossy|does not say why",
                "-- migrate: lossy rows are gone|in a forward file",
                "-- migrate: no-transaction please|takes nothing"
            })
    void directivesThatMakeNoSense(String directive, String problem) throws IOException {
        findsIn(directive + "\nSELECT 1;", LintRule.DIRECTIVE, 1, problem);
    }

    @Test
    void aDirectiveBelowTheHead() throws IOException {
        findsIn("SELECT 1;\n-- migrate: no-transaction\n", LintRule.DIRECTIVE, 2, "after the first statement");
    }

    @Test
    void directivesThatExcludeEachOther() throws IOException {
        findsIn(
                "-- migrate: no-transaction\n-- migrate: batch posts by id size 5\n"
                        + "UPDATE posts SET slug = '' WHERE id BETWEEN :first AND :last;",
                LintRule.DIRECTIVE,
                1,
                "in one file");
    }

    @Test
    void aBatchWithoutItsMarks() throws IOException {
        findsIn(
                "-- migrate: batch posts by id size 5\n\nUPDATE posts SET slug = '' WHERE id >= :first;",
                LintRule.BATCH,
                3,
                ":last");
    }

    @Test
    void aBatchOfTwoStatements() throws IOException {
        findsIn("-- migrate: batch posts by id size 5\nSELECT 1; SELECT 2;", LintRule.BATCH, 1, "2 statements");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE INDEX CONCURRENTLY i ON posts (id)",
                "CREATE UNIQUE INDEX CONCURRENTLY i ON posts (id)",
                "DROP INDEX CONCURRENTLY i",
                "REINDEX TABLE CONCURRENTLY posts",
                "ALTER TABLE posts DETACH PARTITION p CONCURRENTLY",
                "VACUUM posts"
            })
    void aStatementThatRefusesATransaction(String statement) throws IOException {
        findsIn(statement + ";", LintRule.NEEDS_NO_TRANSACTION, 1, "outside a transaction");
        folder.write("0001_expand_slug.sql", "-- migrate: no-transaction\n" + statement + ";");
        assertThat(folder.read().findings()).isEmpty();
    }

    @Test
    void aConcurrentIndexWithoutAName() throws IOException {
        findsIn(
                "-- migrate: no-transaction\nCREATE INDEX CONCURRENTLY ON posts (id);",
                LintRule.INDEX_UNNAMED,
                2,
                "cannot be recovered");
    }

    @Test
    void aFolderWithoutRegistry() throws IOException {
        folder.delete("README.md");
        finds(LintRule.REGISTRY_MISSING, "README.md", 1, "missing");
        folder.write("README.md", "# Runbook\n\n```\n" + Registry.HEADER + "\n```\n");
        finds(LintRule.REGISTRY_MISSING, "README.md", 1, "no registry table");
    }

    @Test
    void aMigrationWithoutRow() throws IOException {
        findsInRow("", LintRule.REGISTRY_ROW_MISSING, "0001_expand_slug has no row");
    }

    @Test
    void aRowTwice() throws IOException {
        folder.add("0001_expand_slug", "SELECT 1;", "SELECT 1;");
        finds(LintRule.REGISTRY_ROW_DUPLICATE, "README.md", 5, "0001 has two rows");
    }

    @Test
    void aRowForNothing() throws IOException {
        folder.add("0002_expand_gone", "SELECT 1;", "SELECT 1;")
                .delete("0002_expand_gone.sql")
                .delete("0002_expand_gone.down.sql");
        finds(LintRule.REGISTRY_ROW_STRAY, "README.md", 5, "no migration 0002");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "| 0001 | 2026-11-23 | slugs | [p](#p) | Low | Low | Why. | ! REGISTRY_NAME ! 0001_expand_slug",
                "| 0001 | yesterday | expand_slug | [p](#p) | Low | Low | Why. | ! REGISTRY_DATE ! no date",
                "| 0001 | 2026-11-23 | expand_slug | p.md | Low | Low | Why. | ! REGISTRY_PLAN ! no linked plan",
                "| 0001 | 2026-11-23 | expand_slug | [p](no.md#x) | Low | Low | Why. | ! REGISTRY_PLAN ! no.md does not exist",
                "| 0001 | 2026-11-23 | expand_slug | [p](#p) | cheap | Low | Why. | ! REGISTRY_COST ! forward cost",
                "| 0001 | 2026-11-23 | expand_slug | [p](#p) | Low |  | Why. | ! REGISTRY_COST ! rollback cost",
                "| 0001 | 2026-11-23 | expand_slug | [p](#p) | Low | Low | | ! REGISTRY_NOTES ! no rationale"
            })
    void aRowWithAFaultyCell(String row, LintRule rule, String problem) throws IOException {
        findsInRow(row, rule, problem);
    }

    @Test
    void aRowWithoutNumber() throws IOException {
        folder.write("README.md", Registry.HEADER + "\n|-|-|-|-|-|-|-|\n| one |\n");
        assertThat(folder.read().findings()).extracting(LintFinding::rule).contains(LintRule.REGISTRY_NUMBER);
    }

    @Test
    void theFirstMigrationIsTheBaseline(@TempDir Path empty) throws IOException {
        TestFolder late = new TestFolder(empty).add("0001_expand_x", "SELECT 1;", "SELECT 1;");
        assertThat(late.read().findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.rule()).isEqualTo(LintRule.NUMBER_GAP));
    }

    @Test
    void missingPapersDoNotStopARun() throws IOException {
        folder.delete("README.md");
        folder.read().requireApplicable();
        assertThat(folder.read().blockers()).isEmpty();
    }
}
