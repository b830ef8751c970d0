package dev.imprimatur.migrations.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.Chance;
import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.TestFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code migrate rehearse} as somebody calls it, from the files to the exit code. */
class RehearseEndToEndTest {

    private static final String DATABASES = "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database";

    private TestDatabase database;
    private String databases;
    private TestFolder folder;
    private String out = "";
    private String err = "";

    @BeforeEach
    void twoMigrations(@TempDir Path path) throws Exception {
        database = new TestDatabase();
        databases = database.value(DATABASES);
        folder = new TestFolder(path)
                .add(
                        "0000_initial_schema",
                        "CREATE TABLE posts (id int PRIMARY KEY, title text);",
                        "-- migrate: lossy all of it\nDROP TABLE posts;")
                .add("0001_expand_slug", "ALTER TABLE posts ADD slug text;", "ALTER TABLE posts DROP slug;");
    }

    @AfterEach
    void nothingIsLeft() throws SQLException {
        assertThat(database.value(DATABASES)).isEqualTo(databases);
        database.close();
    }

    private int rehearse(String... arguments) {
        StringWriter outText = new StringWriter();
        StringWriter errText = new StringWriter();
        List<String> all =
                new ArrayList<>(List.of("rehearse", "--dir", folder.path().toString(), "--url", url()));
        all.addAll(List.of(arguments));
        int code = MigrateCommand.run(
                new Surroundings(new PrintWriter(outText), new PrintWriter(errText), Map.of(), false),
                all.toArray(String[]::new));
        out = outText.toString();
        err = errText.toString();
        return code;
    }

    private String url() {
        return "postgres://postgres@localhost:" + database.url().port() + "/"
                + database.url().database();
    }

    @Test
    void aSoundChainExitsWithZeroAndSaysSoInEveryFormat() throws Exception {
        assertThat(rehearse()).as(out + err).isZero();
        assertThat(out).contains("0000_initial_schema", "0001_expand_slug");
        assertThat(rehearse("--format", "json")).isZero();
        assertThat(out).startsWith("{").contains("\"verdict\": \"passed\"", "\"reached\": 2");
        Path file = folder.path().resolve("report.xml");
        assertThat(rehearse("--format", "junit", "--out", file.toString())).isZero();
        assertThat(out).startsWith("Passed. 2 steps: 2 passed.");
        assertThat(file).content().contains("<testcase");
        assertThat(database.rows("SELECT relname FROM pg_class WHERE relname = 'posts'"))
                .isEmpty();
    }

    @Test
    void aFaultExitsWithOneAndIsToldWithItsPlace() throws Exception {
        folder.write("0001_expand_slug.down.sql", "-- not all of it\nALTER TABLE posts DROP title;\n");
        assertThat(rehearse("--format", "json")).isEqualTo(1);
        assertThat(out)
                .contains("\"verdict\": \"failed\"", "back-differs", "column posts.slug", "0001_expand_slug.down.sql");
        assertThat(rehearse("--format", "github")).isEqualTo(1);
        assertThat(out).contains("::error file=", "line=2");
        assertThat(rehearse("--format", "sarif")).isEqualTo(1);
        assertThat(out).contains("\"ruleId\": \"back-differs\"");
        assertThat(rehearse("--format", "markdown")).isEqualTo(1);
        assertThat(out).contains("0001_expand_slug");
    }

    @Test
    void whatOldCodeLosesByAContractIsRememberedForUp() throws Exception {
        folder.add("0002_contract_slug", "ALTER TABLE posts DROP title;", "ALTER TABLE posts ADD title text;");
        Path workload = Files.writeString(
                folder.path().resolve("workload.txt"),
                "SELECT id FROM posts;\nSELECT title FROM posts WHERE id = $1;\nUPDATE posts SET title = $1 WHERE id = $2;\n");
        assertThat(rehearse("--record", "--workload", workload.toString()))
                .as(out + err)
                .isEqualTo(1);
        assertThat(err).contains("no receipt was written");
        Path file = folder.path().resolve("receipts").resolve("0002_contract_slug.broken.sql");
        assertThat(out).contains("What old code loses by 0002_contract_slug stands in " + file);
        assertThat(file)
                .content()
                .contains("-- fails: 42703 column \"title\" does not exist\nSELECT title FROM posts WHERE id = $1;")
                .contains("UPDATE posts SET title = $1 WHERE id = $2;")
                .doesNotContain("SELECT id");
        assertThat(folder.path().resolve("receipts")).isDirectoryNotContaining("glob:**.json");
    }

    @Test
    void whatIsOnlyUnprovenExitsWithZero() throws Exception {
        folder.delete("0001_expand_slug.down.sql");
        assertThat(rehearse("--format", "json")).as(out + err).isZero();
        assertThat(out).contains("\"verdict\": \"unproven\"", "no-down");
    }

    @Test
    void whereNoStepCouldStartItExitsWithTwo() throws Exception {
        assertThat(rehearse("--from", "0007")).isEqualTo(2);
        assertThat(err).contains("There is no step 0007");
        try (Connection other = database.open()) {
            assertThat(other.isValid(1)).isTrue();
            String pid;
            try (java.sql.Statement statement = other.createStatement();
                    java.sql.ResultSet row = statement.executeQuery(
                            "SELECT pg_backend_pid() FROM set_config('application_name', 'somebody''s shell', false)")) {
                row.next();
                pid = row.getString(1);
            }
            assertThat(rehearse()).isEqualTo(2);
            assertThat(err)
                    .contains("cannot be copied while others are connected", "pg_dump")
                    .contains("pid " + pid + " (somebody's shell, role postgres, from ")
                    .doesNotContain("\tat ");
            assertThat(other.isValid(1)).as("never ended").isTrue();
        }
        Path prelude = Files.writeString(folder.path().resolve("prelude.txt"), "SELECT 1;\nSELECT nothing;");
        assertThat(rehearse("--prelude", prelude.toString())).isEqualTo(2);
        assertThat(err).contains("prelude.txt:2", "42703");
    }

    /** Its second statement would take ten minutes, and is under way when the program is told to end. */
    @Test
    @Timeout(120)
    void toldToEndInTheMiddleOfAStepItLeavesNoCopy(@TempDir Path temporary) throws Exception {
        folder.write(
                "0001_expand_slug.sql",
                "ALTER TABLE posts ADD slug text;\nSELECT pg_advisory_lock(20), pg_sleep(600);");
        try (TestDatabase beside = new TestDatabase()) {
            Process process = start(temporary, "--url", url());
            while (beside.value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_advisory_lock(20)%'"
                            + " AND datname LIKE 'imprimatur_rehearsal%'")
                    .equals("0")) {
                assertThat(process.isAlive()).isTrue();
                Thread.onSpinWait();
            }
            interrupt(process);
            assertThat(beside.value("SELECT count(*) FROM pg_database WHERE datname LIKE 'imprimatur_rehearsal%'"))
                    .isEqualTo("0");
            assertThat(beside.value("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'imprimatur_rehearsal%'"))
                    .isEqualTo("0");
        }
        assertEmpty(temporary);
    }

    @Test
    @Timeout(240)
    void toldToEndWhileItsServerStartsItLeavesNoProcessAndNoFolder(@TempDir Path temporary) throws Exception {
        Process process = start(temporary);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.contains("starting a PostgreSQL of its own")) {
                line = lines.readLine();
            }
            assertThat(line).isNotNull();
            interrupt(process);
        }
        assertEmpty(temporary);
        assertThat(ProcessHandle.allProcesses()
                        .filter(each -> each.info().commandLine().orElse("").contains(temporary.toString())))
                .isEmpty();
    }

    /** Told while the JVM starts, while a server or a copy is made, in the middle of steps, or while all is cleared away. */
    @Test
    @Timeout(600)
    void toldToEndAtAnyMomentItLeavesNothing(@TempDir Path temporary) throws Exception {
        for (int number = 2; number < 12; number++) {
            folder.add(
                    "%04d_expand_more".formatted(number),
                    "CREATE TABLE t%d (id int PRIMARY KEY, x text);".formatted(number),
                    "DROP TABLE t%d;".formatted(number));
        }
        try (TestDatabase beside = new TestDatabase()) {
            Chance.tries(6, chance -> {
                try {
                    boolean embedded = chance.toss();
                    Process process = embedded ? start(temporary) : start(temporary, "--url", url());
                    boolean ended =
                            process.waitFor(chance.between(50, embedded ? 12_000 : 6_000), TimeUnit.MILLISECONDS);
                    if (!ended) {
                        assertThat(new ProcessBuilder("kill", chance.of("-INT", "-TERM"), String.valueOf(process.pid()))
                                        .start()
                                        .waitFor())
                                .isZero();
                    }
                    assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
                    assertThat(process.exitValue()).isIn(0, 130, 143);
                    assertThat(beside.value(DATABASES)).doesNotContain("imprimatur_rehearsal");
                    assertEmpty(temporary);
                    assertThat(ProcessHandle.allProcesses()
                                    .filter(each ->
                                            each.info().commandLine().orElse("").contains(temporary.toString())))
                            .isEmpty();
                } catch (IOException | InterruptedException | SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    private Process start(Path temporary, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                MigrateCommand.class.getName(),
                "rehearse",
                "--dir",
                folder.path().toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(temporary.toFile())
                .start();
    }

    private static void interrupt(Process process) throws Exception {
        Process kill = new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
        assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
    }

    private static void assertEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.getFileName().toString().startsWith("hsperfdata")))
                    .isEmpty();
        }
    }
}
