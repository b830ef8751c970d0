package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.Migrator;
import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.TestFolder;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.layout.Layouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a staging database has applied is where its rehearsal begins. */
class AppliedStepsTest {

    private TestDatabase database;

    @TempDir
    private Path path;

    @BeforeEach
    void empty() throws SQLException {
        database = new TestDatabase();
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private int applied(Chain chain) throws SQLException {
        try (Connection connection = database.open()) {
            return AppliedSteps.count(connection, chain);
        }
    }

    private TestFolder ours() throws IOException {
        return new TestFolder(path)
                .add("0000_initial_schema", "CREATE TABLE posts (id int PRIMARY KEY);", "DROP TABLE posts;")
                .add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slug;")
                .add("0002_expand_stars", "ALTER TABLE posts ADD stars int;", "ALTER TABLE posts DROP stars;");
    }

    private Report rehearse(Venue venue) {
        return Rehearsal.of(Layouts.read(path)).at(venue).run();
    }

    @Test
    void theRehearsalBeginsBehindWhatIsApplied() throws Exception {
        TestFolder folder = ours();
        new Migrator(database.url(), folder.read()).up(1);
        database.run("INSERT INTO posts VALUES (7, 'kept')");
        Report report = rehearse(new Venue.CopiesOf(database.url()));
        assertThat(report.verdict()).as(Written.whole(report)).isEqualTo(Verdict.PASSED);
        assertThat(report.steps()).extracting(StepReport::name).containsExactly("0002_expand_stars");
        assertThat(report.unwind()).isEqualTo(new Report.Unwind(1, 1, java.util.List.of()));
        assertThat(report.notes())
                .contains("the database has applied the steps up to 0001_expand_slug, which were not rehearsed");
        Report inPlace = rehearse(new Venue.InPlace(database.url()));
        assertThat(inPlace.steps()).extracting(StepReport::name).containsExactly("0002_expand_stars");
        assertThat(database.rows("SELECT row_to_json(posts) FROM posts"))
                .containsExactly("{\"id\":7,\"slug\":\"kept\"}");
    }

    @Test
    void whatIsAppliedIsNotRehearsedForwardThere() throws Exception {
        TestFolder folder = ours();
        new Migrator(database.url(), folder.read()).up(1);
        Rehearsal rehearsal = Rehearsal.of(Layouts.read(path)).at(new Venue.CopiesOf(database.url()));
        assertThatThrownBy(() -> rehearsal.from("0001").run())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("every step up to 0001_expand_slug, so that 0001_expand_slug cannot be rehearsed")
                .hasMessageContaining("leave --from away");
        new Migrator(database.url(), folder.read()).up();
        assertThatThrownBy(() -> rehearse(new Venue.CopiesOf(database.url())))
                .hasMessageContaining("every step up to 0002_expand_stars, and there is none behind it");
    }

    @Test
    void aHistoryThatDoesNotFitTheFilesIsRefusedWithTheReason() throws Exception {
        TestFolder folder = ours();
        new Migrator(database.url(), folder.read()).up(1);
        Venue venue = new Venue.CopiesOf(database.url());
        folder.write("0001_expand_slug.sql", "ALTER TABLE posts ADD slug varchar;");
        assertThatThrownBy(() -> rehearse(venue))
                .hasMessageContaining("0001_expand_slug is not what was applied there");
        folder.write("0001_expand_slug.sql", "ALTER TABLE posts ADD slug text;");
        database.run("UPDATE migrate.history SET state = 'applying' WHERE number = 1");
        assertThatThrownBy(() -> rehearse(venue)).hasMessageContaining("says of 1 that it is applying");
        database.run("UPDATE migrate.history SET state = 'applied', number = 5 WHERE number = 1");
        assertThatThrownBy(() -> rehearse(venue)).hasMessageContaining("has applied 5, and there is no such file");
        database.run("UPDATE migrate.history SET number = 2 WHERE number = 5");
        assertThatThrownBy(() -> rehearse(venue))
                .hasMessageContaining("has applied 0002_expand_stars, but not 0001_expand_slug");
    }

    static Stream<Arguments> foreign() {
        return Stream.of(
                Arguments.of(Layout.GOLANG_MIGRATE, new String[] {"1_a.up.sql", "2_b.up.sql", "10_c.up.sql"}, """
                        INSERT INTO schema_migrations VALUES (2, false)""", 2),
                Arguments.of(
                        Layout.DIESEL,
                        new String[] {"2019-01-01-000000_a/up.sql", "2020-01-01-000000_b/up.sql"},
                        """
                        INSERT INTO __diesel_schema_migrations VALUES ('20190101000000', now())""",
                        1),
                Arguments.of(Layout.GOOSE, new String[] {"00001_a.sql", "00002_b.sql", "00003_c.sql"}, """
                        INSERT INTO goose_db_version (version_id, is_applied)
                        VALUES (1, true), (2, true), (3, true), (3, false)""", 2),
                Arguments.of(Layout.DBMATE, new String[] {"20190101_a.sql", "20200101_b.sql"}, """
                        INSERT INTO schema_migrations VALUES ('20190101')""", 1),
                Arguments.of(
                        Layout.FLYWAY, new String[] {"V1__a.sql", "V1_2__b.sql", "V1.10__c.sql", "V2__d.sql"}, """
                        INSERT INTO flyway_schema_history VALUES
                          (1, '1', 'a', 'BASELINE', 'x', NULL, 'me', now(), 1, true),
                          (2, '1.2', 'b', 'SQL', 'x', NULL, 'me', now(), 1, true),
                          (3, '1.10', 'c', 'SQL', 'x', NULL, 'me', now(), 1, true),
                          (4, NULL, 'r', 'SQL', 'x', NULL, 'me', now(), 1, true),
                          (5, '2', 'd', 'SQL', 'x', NULL, 'me', now(), 1, true),
                          (6, '2', 'd', 'UNDO_SQL', 'x', NULL, 'me', now(), 1, true)""", 3));
    }

    private Chain chain(Layout layout, String[] files) throws IOException {
        for (String file : files) {
            Path written = path.resolve(file);
            Files.createDirectories(written.getParent());
            String mark = switch (layout) {
                case GOOSE -> "-- +goose Up\n";
                case DBMATE -> "-- migrate:up\n";
                case IMPRIMATUR, GOLANG_MIGRATE, DIESEL, FLYWAY -> "";
            };
            Files.writeString(written, mark + "SELECT 1;\n");
        }
        return Layouts.read(path, layout);
    }

    @ParameterizedTest
    @MethodSource("foreign")
    void theTablesOfOtherRunnersAreRead(Layout layout, String[] files, String history, int expected) throws Exception {
        Chain chain = chain(layout, files);
        assertThat(applied(chain)).isZero();
        database.run(layout.bookkeeping());
        assertThat(applied(chain)).isZero();
        database.run(history);
        assertThat(applied(chain)).isEqualTo(expected);
    }

    @Test
    void whatOtherRunnersDidNotEndIsRefused() throws Exception {
        Chain chain = chain(Layout.GOLANG_MIGRATE, new String[] {"1_a.up.sql", "2_b.up.sql"});
        database.run(Layout.GOLANG_MIGRATE.bookkeeping());
        database.run("INSERT INTO schema_migrations VALUES (2, true)");
        assertThatThrownBy(() -> applied(chain)).hasMessageContaining("says of 2 that it is dirty");
        database.run("UPDATE schema_migrations SET version = 3, dirty = false");
        assertThatThrownBy(() -> applied(chain)).hasMessageContaining("has applied 3, and there is no such file");
    }
}
