package dev.imprimatur.migrations.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayoutsTest {

    private Written folder;

    @BeforeEach
    void anEmptyFolder(@TempDir Path path) {
        folder = new Written(path);
    }

    private void refuses(Reason reason, String... said) {
        assertThatThrownBy(() -> Layouts.read(folder.path())).isInstanceOfSatisfying(MigrationException.class, e -> {
            assertThat(e.reason()).isEqualTo(reason);
            assertThat(e).hasMessageContainingAll(said);
        });
    }

    @Test
    void aFolderThatDoesNotExist() {
        folder = new Written(folder.path().resolve("none"));
        refuses(Reason.FOLDER_UNREADABLE, "There is no folder");
    }

    @Test
    void anEmptyFolderFitsNoLayout() {
        refuses(Reason.USAGE, "The folder is empty", "--layout goose", "--layout flyway");
    }

    @Test
    void filesOfNoLayoutAreTold() throws IOException {
        folder.file("schema.sql", "SELECT 1;").file("old/notes.txt", "");
        refuses(Reason.USAGE, "1 files, such as schema.sql", "1 folders, such as old", "--layout dbmate: N_x.sql");
    }

    @Test
    void filesOfTwoLayoutsAskWhichIsMeant() throws IOException {
        folder.file("1_a.up.sql", "SELECT 1;").file("2_b.sql", "-- +goose Up\nSELECT 2;\n");
        refuses(
                Reason.USAGE,
                "golang-migrate (1_a.up.sql) and goose (2_b.sql)",
                "--layout golang-migrate or --layout goose");
        assertThat(Written.names(Layouts.read(folder.path(), Layout.GOOSE).steps()))
                .contains("2_b");
    }

    @Test
    void aLayoutThatIsNamedMustHaveFiles() throws IOException {
        folder.file("1_a.up.sql", "SELECT 1;");
        assertThatThrownBy(() -> Layouts.read(folder.path(), Layout.DIESEL))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("no migration of the layout diesel", "a folder a step", "1_a.up.sql");
    }

    @Test
    void golangMigrateWithNamesLikeOursIsNotTakenForOurs() throws IOException {
        folder.file("0000_init.up.sql", "SELECT 1;")
                .file("0000_init.down.sql", "SELECT 1;")
                .file("0001_expand_slug.up.sql", "SELECT 1;")
                .file("0001_expand_slug.down.sql", "SELECT 1;");
        assertThat(folder.steps(Layout.GOLANG_MIGRATE)).hasSize(2);
    }

    @Test
    void aFileWithBytesThatAreNotUtf8IsStillRecognised() throws IOException {
        folder.file("1_a.sql", new byte[] {'-', '-', ' ', (byte) 0xE9, '\n'});
        folder.file("2_b.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n");
        assertThat(folder.steps(Layout.DBMATE).getFirst().unread())
                .extracting(Unread::line)
                .containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void theBookkeepingOfEveryLayoutRunsOnAnEmptyDatabase(Layout layout) throws SQLException {
        String tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
        try (TestDatabase database = new TestDatabase()) {
            database.run(layout.bookkeeping());
            assertThat(database.value(tables)).isEqualTo(layout.bookkeeping().isEmpty() ? "0" : "1");
        }
    }
}
