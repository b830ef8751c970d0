package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.Status.Standing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceiptsTest {

    private TestDatabase database;
    private TestFolder folder;

    @BeforeEach
    void aDatabaseInUse(@TempDir Path path) throws Exception {
        database = new TestDatabase();
        folder = new TestFolder(path)
                .add("0000_initial_schema", "CREATE TABLE posts (id int);", "DROP TABLE posts;")
                .add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slug;")
                .add("0002_expand_tags", "CREATE TABLE tags ();", "DROP TABLE tags;");
        migrator().up(0);
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Migrator migrator() {
        return new Migrator(database.url(), folder.read());
    }

    private Receipts receipts() {
        return Receipts.of(folder.path());
    }

    private Migration migration(int number) {
        return folder.read().migration(number).orElseThrow();
    }

    private Receipt receipt(int number) {
        return Receipt.of(
                migration(number),
                "ab".repeat(32),
                new Receipt.Made("1.0", "17.11", Instant.parse("2026-11-25T09:00:00Z"), Receipt.Verdict.PASSED),
                new Receipt.Figures(Duration.ofMillis(1234), Duration.ofMillis(5), 2_000_000, 1, 4096));
    }

    private MigrationException refusal(Runnable run) {
        return catchThrowableOfType(MigrationException.class, run::run);
    }

    private String applied() throws SQLException {
        return String.join(", ", database.rows("""
                SELECT number || coalesce(' ' || unrehearsed, '') FROM migrate.history ORDER BY number"""));
    }

    @Test
    void aFolderWithoutReceiptsHasNotBegunToAskForThem() throws SQLException {
        migrator().up();
        assertThat(applied()).isEqualTo("0, 1, 2");
    }

    @Test
    void whatHasNoReceiptIsRefusedBeforeAnythingIsApplied() throws SQLException {
        receipts().write(receipt(1));
        MigrationException refused = refusal(() -> migrator().up());
        assertThat(refused.reason()).isEqualTo(Reason.UNREHEARSED);
        assertThat(refused)
                .hasMessageContaining("0002_expand_tags: there is no receipt")
                .hasMessageNotContaining("0001_expand_slug")
                .hasMessageContaining("migrate rehearse --record");
        assertThat(applied()).isEqualTo("0");
        assertThat(migrator().status().standing()).isEqualTo(Standing.BEHIND);
        assertThat(migrator().status().refusal()).isPresent();
        migrator().up(1);
        receipts().write(receipt(2));
        migrator().up();
        assertThat(applied()).isEqualTo("0, 1, 2");
    }

    @Test
    void anEmptyHistoryAsksForNone() throws Exception {
        Files.createDirectory(folder.path().resolve("receipts"));
        try (TestDatabase fresh = new TestDatabase()) {
            assertThat(new Migrator(fresh.url(), folder.read()).up().steps()).hasSize(3);
        }
    }

    @Test
    void eitherFileThatChangedSinceIsRefusedAndCommentsMayChange() throws Exception {
        receipts().write(receipt(1));
        folder.write("0001_expand_slug.sql", "-- Why.\nALTER TABLE posts  ADD slug text;");
        assertThat(receipts().refusal(migration(1))).isEmpty();
        folder.write("0001_expand_slug.down.sql", "ALTER TABLE posts DROP IF EXISTS slug;");
        assertThat(receipts().refusal(migration(1))).get().asString().contains("down file has changed");
        folder.write("0001_expand_slug.sql", "ALTER TABLE posts ADD slug varchar;");
        assertThat(receipts().refusal(migration(1))).get().asString().contains("forward file has changed");
        assertThat(refusal(() -> migrator().up(1)).reason()).isEqualTo(Reason.UNREHEARSED);
    }

    @Test
    void theReasonForGoingWithoutIsKeptInTheHistoryOfExactlyThoseSteps() throws SQLException {
        receipts().write(receipt(1));
        migrator().unrehearsed(" the disk is filling up ").up();
        assertThat(applied()).isEqualTo("0, 1, 2 the disk is filling up");
        assertThat(migrator()
                        .status()
                        .entries()
                        .getLast()
                        .row()
                        .orElseThrow()
                        .run()
                        .unrehearsed())
                .contains("the disk is filling up");
        assertThat(refusal(() -> migrator().unrehearsed(" ")).reason()).isEqualTo(Reason.USAGE);
    }

    @Test
    void anInterruptedStepGoesOnAsItWasAdmittedUntilItsFileChanges() throws Exception {
        folder.write("0001_expand_slug.sql", "-- migrate: no-transaction\nCREATE TABLE a ();\nDROP TABLE nothing;");
        Files.createDirectory(folder.path().resolve("receipts"));
        refusal(() -> migrator().unrehearsed("a test").up(1));
        assertThat(refusal(() -> migrator().up(1)).reason()).isEqualTo(Reason.STATEMENT_FAILED);
        folder.write("0001_expand_slug.sql", "-- migrate: no-transaction\nCREATE TABLE a ();\nSELECT 1;");
        assertThat(refusal(() -> migrator().up(1)).reason()).isEqualTo(Reason.UNREHEARSED);
        receipts().write(receipt(1));
        migrator().up(1);
        assertThat(migrator().status().entries().get(1).state()).isEqualTo(Status.State.APPLIED);
    }

    @Test
    void aReceiptIsReadAsItWasWrittenAndReplacedWhole() throws Exception {
        Path file = receipts().write(receipt(1));
        assertThat(file).isEqualTo(folder.path().resolve("receipts").resolve("0001_expand_slug.json"));
        assertThat(receipts().read(migration(1))).contains(receipt(1));
        Receipt later = Receipt.of(
                migration(1), "cd".repeat(32), receipt(1).made(), receipt(1).figures());
        receipts().write(later);
        assertThat(receipts().read(migration(1))).contains(later);
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
        assertThat(receipts().read(migration(2))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"rows\": 2000000|\"rows\": -1|line 12 is not",
                "\"rows\": 2000000|\"rows\": \"many\"|`rows` is not known as a string",
                "\"rows\": 2000000|\"rows\": 1, \"rows\": 2|`rows` stands there twice",
                "\"rows\": 2000000|\"rows\": 1, \"lines\": 2|`lines` is not known",
                "\"rows\": 2000000,|\"rows\": 2000000|line 13 lacks a comma",
                "\"tool\": \"1.0\"|\"tool\": \"\"|`tool` is empty",
                "2026-11-25T09:00:00Z|yesterday|`rehearsedAt` is no instant",
                "\"passed\"|\"failed\"|`verdict` is neither",
                "abababab|ABABABAB|`startedFrom` is no SHA-256",
                "0001_expand_slug|0002_expand_tags|it is the receipt of 0002_expand_tags",
                "}|} <<<<<<< theirs|not one JSON object",
            })
    void whatIsNoReceiptIsRefusedWithItsReason(String right, String wrong, String why) throws Exception {
        Path file = receipts().write(receipt(1));
        Files.writeString(file, Files.readString(file).replaceFirst(java.util.regex.Pattern.quote(right), wrong));
        MigrationException refused = refusal(() -> receipts().read(migration(1)));
        assertThat(refused.reason()).isEqualTo(Reason.FOLDER_UNREADABLE);
        assertThat(refused).hasMessageContaining(file.toString()).hasMessageContaining(why);
        assertThat(refusal(() -> migrator().up(1))).hasMessageContaining(why);
        assertThat(applied()).isEqualTo("0");
    }

    @Test
    void bytesThatAreNotUtf8AreNoReceipt() throws Exception {
        Path file = receipts().write(receipt(1));
        Files.write(file, new byte[] {'{', (byte) 0xff, '}'});
        assertThat(receipts().refusal(migration(1))).get().asString().contains("not UTF-8");
    }
}
