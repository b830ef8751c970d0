package dev.imprimatur.migrations.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.TestFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {

    private TestDatabase database;
    private TestFolder folder;
    private Map<String, String> environment;
    private String out = "";
    private String err = "";

    @BeforeEach
    void twoMigrations(@TempDir Path path) throws Exception {
        database = new TestDatabase();
        folder = new TestFolder(path)
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
