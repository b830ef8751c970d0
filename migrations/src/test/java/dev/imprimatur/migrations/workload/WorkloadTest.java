package dev.imprimatur.migrations.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {

    @TempDir
    private Path folder;

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("workload.sql"), content);
    }

    private Workload workload(String sql) throws IOException {
        return Workload.ofFile(file(sql.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aFileIsSplitIntoItsStatementsWithTheirLinesAndReleases() throws IOException {
        Workload workload = workload("""
                -- what every release sends
                SELECT 1;
                -- release: 1.10.0
                SELECT ';' -- not an end
                  , $1;
                -- Release: 1.9.0, 1.10.0
                SELECT 2; SELECT 1;
                """);
        assertThat(workload.queries())
                .extracting(Query::brief)
                .containsExactly("SELECT 1", "SELECT ';' -- not an end , $1", "SELECT 2");
        assertThat(workload.queries())
                .extracting(query -> query.place().orElseThrow().line())
                .containsExactly(2, 4, 7);
        assertThat(workload.queries())
                .extracting(query -> query.releases().toString())
                .containsExactly("[1.9.0, 1.10.0]", "[1.10.0]", "[1.9.0, 1.10.0]");
        assertThat(workload.releases()).hasToString("[1.9.0, 1.10.0]");
    }

    @Test
    void aBadFileIsRefusedWithFileAndLine() throws IOException {
        assertRefused("SELECT 1;\n\\d posts\n", ":2: `\\d posts` is a command of psql");
        assertRefused("SELECT 1;\n\nSELECT 'x", ":3: the string that begins here never ends");
        assertRefused("SELECT 1;\n-- release:\nSELECT 2", ":2: no release is named");
        assertRefused("SELECT 1;\n\0", ":2: a NUL byte");
        Path latin = file("SELECT 1;\nSELECT 'é'".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Workload.ofFile(latin)).hasMessageContaining("workload.sql:2: the file is not UTF-8");
        assertThatThrownBy(() -> Workload.ofFile(folder.resolve("none.sql")))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("none.sql:1: the workload cannot be read");
        assertThat(workload("").queries()).isEmpty();
    }

    private void assertRefused(String sql, String message) {
        assertThatThrownBy(() -> workload(sql))
                .isInstanceOfSatisfying(
                        MigrationException.class,
                        e -> assertThat(e.reason()).isEqualTo(MigrationException.Reason.USAGE))
                .hasMessageContaining("workload.sql" + message);
    }

    @Test
    void theOldestReleaseThatWorksIsBehindTheLastBrokenOne() throws SQLException, IOException {
        Workload workload = workload("""
                -- release: 1.9
                SELECT slug FROM posts;
                -- release: 1.10
                SELECT slug FROM posts WHERE id = $1;
                -- release: 1.11, 1.12
                SELECT body FROM posts;
                """);
        try (Stage stage = new Stage();
                Connection connection = stage.database.open()) {
            Probe before = workload.probe(connection);
            assertThat(workload.oldestThatWorks(
                            workload.probe(connection, before).brokenSince(before)))
                    .contains(new Release("1.9"));
            Stage.run(connection, "ALTER TABLE posts DROP slug");
            List<Broken> broken = workload.probe(connection, before).brokenSince(before);
            assertThat(broken).hasSize(2);
            assertThat(broken.getFirst().detail()).contains("workload.sql:2, sent by 1.9, fails");
            assertThat(workload.oldestThatWorks(broken)).contains(new Release("1.11"));
            Stage.run(connection, "ALTER TABLE posts DROP body");
            assertThat(workload.oldestThatWorks(
                            workload.probe(connection, before).brokenSince(before)))
                    .isEmpty();
        }
    }

    @Test
    void releasesAreComparedByTheirNumbers() {
        assertThat(List.of("2.0", "1.10", "2.0-rc1", "1.9.1", "1.9", "v3", "v12").stream()
                        .map(Release::new)
                        .sorted())
                .extracting(Release::name)
                .containsExactly("1.9", "1.9.1", "1.10", "2.0-rc1", "2.0", "v3", "v12");
    }

    @Test
    void theStatisticsGiveTheQueriesOfThisDatabaseMostCalledFirst() throws SQLException {
        try (Stage stage = new Stage();
                Stage other = new Stage()) {
            stage.database.run("CREATE SCHEMA watch; CREATE EXTENSION pg_stat_statements SCHEMA watch");
            try (Connection connection = stage.database.open()) {
                for (int i = 0; i < 7; i++) {
                    Stage.run(
                            connection,
                            "SELECT body FROM posts WHERE slug = 'x" + i + "' AND due > now() - interval '1 day'");
                }
                Stage.run(connection, "UPDATE posts SET rank = 7 WHERE id = 3");
                Stage.run(connection, "VACUUM posts");
                Stage.run(connection, "SELECT count(*) FROM pg_catalog.pg_class");
                other.database.run("SELECT name FROM people");

                Workload workload = Workload.ofStatistics(connection);
                assertThat(workload.queries().getFirst().text())
                        .isEqualTo("SELECT body FROM posts WHERE slug = $1 AND due > now() - interval $2");
                assertThat(workload.queries())
                        .extracting(Query::text)
                        .contains("UPDATE posts SET rank = $1 WHERE id = $2");
                assertThat(workload.queries())
                        .extracting(Query::text)
                        .noneMatch(text -> text.contains("VACUUM")
                                || text.contains("pg_catalog")
                                || text.startsWith("SELECT name")
                                || text.startsWith("CREATE"));
                assertThat(workload.probe(connection).answers().getFirst().planning())
                        .isInstanceOf(Planning.Planned.class);
            }
        }
    }

    @Test
    void statisticsThatAreNotThereAreRefused() throws SQLException {
        try (TestDatabase database = new TestDatabase();
                Connection connection = database.open()) {
            assertThatThrownBy(() -> Workload.ofStatistics(connection))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("CREATE EXTENSION pg_stat_statements");
        }
    }

    @Test
    void aProbeOfAnotherWorkloadIsNoComparison() throws SQLException {
        try (TestDatabase database = new TestDatabase();
                Connection connection = database.open()) {
            Probe none = Workload.NONE.probe(connection);
            assertThat(none.brokenSince(none)).isEmpty();
            Workload other = new Workload(List.of(new Query("SELECT 1", Optional.empty(), List.of())));
            assertThatThrownBy(() -> other.probe(connection, none)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> other.probe(connection).brokenSince(none))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
