package dev.imprimatur.migrations.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.TestFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {

    private TestDatabase database;
    private TestFolder folder;
    private Path incidents;
    private Map<String, String> environment;
    private String out = "";
    private String err = "";

    @BeforeEach
    void twoMigrations(@TempDir Path project) throws Exception {
        database = new TestDatabase();
        incidents = Files.createDirectories(project.resolve("docs/incidents"));
        folder = new TestFolder(Files.createDirectories(project.resolve("db/migrations")))
                .add(
                        "0000_initial_schema",
                        "CREATE TABLE posts (id int);",
                        "-- migrate: lossy all of it\nDROP TABLE posts;")
                .add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slug;");
        environment = Map.of(
                "DATABASE_URL",
                "postgres://postgres:ignored@localhost:" + database.url().port() + "/"
                        + database.url().database());
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private int migrate(String... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--dir", folder.path().toString()));
        int code = MigrateCommand.run(
                new Surroundings(new PrintWriter(outText), new PrintWriter(errText), environment, false),
                all.toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return code;
    }

    @Test
    void upAndStatusTellWhatHappenedInPlainLines() {
        assertThat(migrate("status")).isZero();
        assertThat(out).contains("0001_expand_slug", "pending", "2 migrations pending");
        assertThat(migrate("up")).isZero();
        assertThat(out)
                .contains("applied 0000_initial_schema in ", "Done: 2 applied.")
                .doesNotContain("\u001b", "\r");
        assertThat(migrate("up")).isZero();
        assertThat(out).isEqualTo("Nothing to do.\n");
        assertThat(migrate("status")).isZero();
        assertThat(out).contains("The database is current: 2 migrations applied.");
    }

    @Test
    void numbersMayBeWrittenAsInTheFileNames() {
        assertThat(migrate("up", "--to", "0000")).isZero();
        assertThat(out).contains("Done: 1 applied.");
        assertThat(migrate("up")).isZero();
        assertThat(migrate("down", "--to", "0000")).isZero();
        assertThat(out).contains("took back 0001_expand_slug");
        assertThat(migrate("up", "--to", "0009")).isEqualTo(2);
        assertThat(err).contains("There is no migration 0009");
    }

    @Test
    void downAsksForYesWhenRowsAreLost() {
        migrate("up");
        assertThat(migrate("down", "--all")).isEqualTo(1);
        assertThat(err).contains("all of it", "--yes");
        assertThat(migrate("down", "--all", "--yes")).isZero();
        assertThat(out).contains("Done: 2 taken back.");
    }

    @Test
    void statusAndLintSpeakJson() {
        migrate("up", "--to", "0");
        assertThat(migrate("status", "--json")).isZero();
        assertThat(out).contains("\"standing\": \"behind\"", "\"name\": \"0001_expand_slug\"", "\"refusal\": null");
        assertThat(migrate("lint", "--json")).isZero();
        assertThat(out).contains("\"findings\": []");
    }

    @Test
    void lintShowsFileLineProblemAndRemedy() throws Exception {
        folder.write("0001_expand_slug.sql", "SELECT 1;\nCOMMIT;\n");
        assertThat(migrate("lint")).isEqualTo(1);
        assertThat(out).contains("0001_expand_slug.sql:2: `COMMIT`", "[transaction-control]", "1 finding.");
    }

    @Test
    void aFailureGoesToStandardErrorWithoutAStackTrace() throws Exception {
        folder.write("0001_expand_slug.sql", "ALTER TABLE nowhere ADD slug text;");
        assertThat(migrate("up")).isEqualTo(1);
        assertThat(err)
                .startsWith("migrate: 0001_expand_slug stopped at ")
                .contains("42P01")
                .doesNotContain("\tat ");
    }

    private List<String> written() throws IOException {
        try (Stream<Path> files = Files.list(incidents)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("^\\d{4}-\\d\\d-\\d\\d-", ""))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aStepThatStopsIsWrittenDownAndARefusalIsNot() throws Exception {
        folder.write("0001_expand_slug.sql", "ALTER TABLE nowhere ADD slug text;");
        assertThat(migrate("up")).isEqualTo(1);
        assertThat(err).contains("  Written down: " + incidents);
        assertThat(migrate("up")).isEqualTo(1);
        assertThat(written()).containsExactly("migration-0001_expand_slug-2.md", "migration-0001_expand_slug.md");
        folder.write("0001_expand_slug.sql", "ALTER TABLE posts ADD slug text;");
        assertThat(migrate("down", "--all")).isEqualTo(1);
        folder.write("0000_initial_schema.sql", "CREATE TABLE posts ();");
        assertThat(migrate("up")).isEqualTo(1);
        assertThat(err).doesNotContain("Written down");
        assertThat(written()).hasSize(2);
    }

    @Test
    void aWayBackThatStopsIsWrittenDownToo() throws Exception {
        folder.write("0001_expand_slug.down.sql", "ALTER TABLE posts DROP nothing;");
        migrate("up");
        assertThat(migrate("down")).isEqualTo(1);
        assertThat(written()).containsExactly("migration-0001_expand_slug.md");
    }

    @Test
    void whatCannotBeWrittenDownIsSaidBesideTheError() throws Exception {
        folder.write("0001_expand_slug.sql", "ALTER TABLE nowhere ADD slug text;");
        String file = folder.path().resolve("README.md").toString();
        assertThat(migrate("up", "--incidents", file)).isEqualTo(1);
        assertThat(err).contains("42P01", "could not be written down").doesNotContain("\tat ");
        assertThat(written()).isEmpty();
    }

    @Test
    void aContractThatWaitsIsOneLineAndNoFailure() throws Exception {
        migrate("up");
        folder.add("0002_contract_slug", "ALTER TABLE posts DROP slug;", "ALTER TABLE posts ADD slug text;");
        assertThat(migrate("up")).isZero();
        assertThat(out)
                .startsWith("Nothing to do.\n0002_contract_slug waits for a deploy")
                .hasLineCount(2);
        assertThat(migrate("status")).isZero();
        assertThat(out).contains("0002_contract_slug waits for a deploy");
        assertThat(migrate("deployed", "1.4.0")).isZero();
        assertThat(out).startsWith("Recorded: 1.4.0 runs on 0001 since ");
        assertThat(migrate("status")).isZero();
        assertThat(out).contains("Deploys:", "1.4.0 on 0001, by postgres").doesNotContain("waits");
        assertThat(migrate("status", "--json")).isZero();
        assertThat(out).contains("\"version\": \"1.4.0\"", "\"waiting\": null");
        assertThat(migrate("up")).isZero();
        assertThat(out).contains("applied 0002_contract_slug");
        assertThat(migrate("deployed")).isEqualTo(2);
    }

    @Test
    void whatWasNotRehearsedNeedsAReason() throws Exception {
        migrate("up", "--to", "0");
        Files.createDirectory(folder.path().resolve("receipts"));
        assertThat(migrate("up")).isEqualTo(1);
        assertThat(err).contains("migrate rehearse --record", "--unrehearsed");
        assertThat(migrate("up", "--unrehearsed", " ")).isEqualTo(2);
        assertThat(migrate("up", "--unrehearsed", "urgent")).isZero();
        assertThat(migrate("status", "--json")).isZero();
        assertThat(out).contains("\"unrehearsed\": \"urgent\"");
    }

    @Test
    void wrongUsageExitsWithTwo() {
        assertThat(migrate("sideways")).isEqualTo(2);
        assertThat(migrate("down", "--to", "0", "--all")).isEqualTo(2);
        environment = Map.of();
        assertThat(migrate("up")).isEqualTo(2);
        assertThat(err).contains("DATABASE_URL");
        assertThat(migrate("up", "--url", "postgres://me:geheim@localhost/x")).isEqualTo(2);
        assertThat(err).contains("password").doesNotContain("geheim");
    }

    @Test
    void newWritesBothFilesAndTheRegistryRowAndLintAsksForTheRest() throws Exception {
        assertThat(migrate("new", "backfill", "slug")).isZero();
        assertThat(out).contains("0002_backfill_slug.sql", "0002_backfill_slug.down.sql", "README.md");
        assertThat(Files.readString(folder.path().resolve("README.md"))).contains("| backfill_slug |");
        assertThat(migrate("lint")).isEqualTo(1);
        assertThat(out).contains("[empty]", "[registry-plan]", "[registry-cost]", "[registry-notes]");
        folder.delete("0002_backfill_slug.down.sql");
        assertThat(migrate("new", "constrain", "slug")).isZero();
        assertThat(out).contains("0003_constrain_slug.sql");
        assertThat(migrate("new", "sideways", "x")).isEqualTo(2);
        assertThat(migrate("new", "expand", "Not So")).isEqualTo(2);
    }
}
