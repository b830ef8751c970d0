package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.layout.Layout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a file holds, it ends as a finding with its place, and nothing outside the copy has changed. */
class BadInputTest {

    @TempDir
    private Path folder;

    private List<String> shared = List.of();

    @BeforeEach
    void lookAtTheServer() {
        shared = OwnServer.shared();
    }

    @AfterEach
    void theServerIsAsItWas() {
        assertThat(OwnServer.shared()).isEqualTo(shared);
    }

    @ParameterizedTest(name = "{0} at line {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            timed-out            | 2 | SELECT pg_sleep(600)
            timed-out            | 2 | DO $$ BEGIN LOOP END LOOP; END $$
            timed-out            | 2 | WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i FROM n) SELECT max(i) FROM n
            missing-prerequisite | 2 | CREATE EXTENSION nowhere_to_be_had
            escapes-copy         | 2 | CREATE DATABASE escaped
            escapes-copy         | 2 | ALTER SYSTEM SET work_mem = '1MB'
            escapes-copy         | 2 | DROP DATABASE postgres
            escapes-copy         | 2 | CREATE TABLESPACE away LOCATION '/tmp'
            escapes-copy         | 2 | COPY posts TO '/tmp/escaped'
            escapes-copy         | 2 | COPY posts TO PROGRAM 'cat'
            escapes-copy         | 2 | COPY posts FROM PROGRAM 'echo'
            forward-fails        | 2 | SELECT pg_terminate_backend(pg_backend_pid())
            forward-fails        | 2 | DO $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); END $$
            forward-fails        | 2 | DO $$ BEGIN EXECUTE 'CREATE DATABASE escaped'; END $$
            forward-fails        | 2 | SELECT 1 / 0
            """)
    void whatAStatementDoesWrongIsToldWhereItStands(String code, int line, String statement) throws Exception {
        Report report = Written.ours(folder, Written.BASE + """
                # 0001_expand_bad
                CREATE TABLE before (id int);
                %s;
                # down
                DROP TABLE before;
                """.formatted(statement))
                .rehearse(rehearsal -> rehearsal.stepTimeout(Duration.ofMillis(300)));
        assertThat(Written.told(report))
                .as(Written.whole(report))
                .contains("0001_expand_bad: " + code + " 0001_expand_bad 0001_expand_bad.sql:" + line)
                .allMatch(told -> told.endsWith("0001_expand_bad.sql:" + line));
        assertThat(report.unwind().reached()).isEqualTo(1);
    }

    @Test
    void aFileThatIsNotUtf8IsUnreadableAndStopsTheChain() throws Exception {
        Written written = Written.ours(folder, Written.BASE);
        Files.write(
                folder.resolve("0001_expand_bad.sql"),
                "SELECT 1;\nSELECT 'caf\u00e9';\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(folder.resolve("0001_expand_bad.down.sql"), "SELECT 1;");
        Report report = written.rehearse();
        assertThat(Written.told(report))
                .as(Written.whole(report))
                .containsExactly("0001_expand_bad: unreadable 0001_expand_bad 0001_expand_bad.sql:2");
    }

    @ParameterizedTest(name = "{0} at line {1}")
    @CsvSource(delimiter = '|', textBlock = """
            \\copy posts FROM 'posts.csv' | 2
            SELECT 'never ending          | 2
            COMMIT;                       | 2
            BEGIN;                        | 2
            """)
    void whatOurRunnerWouldRefuseIsUnreadable(String text, int line) throws Exception {
        Report report = Written.ours(folder, Written.BASE + """
                # 0001_expand_bad
                CREATE TABLE before (id int);
                %s
                # down
                DROP TABLE before;
                """.formatted(text)).rehearse();
        assertThat(Written.told(report))
                .as(Written.whole(report))
                .containsExactly("0001_expand_bad: unreadable 0001_expand_bad 0001_expand_bad.sql:" + line);
    }

    @Test
    void aTransactionOfTheFilesOwnIsFineWhereItsRunnerAllowsIt() throws Exception {
        Report report = Written.golang(folder, """
                # 1_start
                BEGIN;
                CREATE TABLE posts (id int PRIMARY KEY);
                COMMIT;
                # down
                BEGIN;
                DROP TABLE posts;
                COMMIT;
                """).rehearse();
        assertThat(Written.told(report)).as(Written.whole(report)).isEmpty();
        assertThat(report.unwind().reached()).isEqualTo(1);
    }

    @Test
    void aFileThatIsOnlyNamedIsUnprovenAndInNobodysWay() throws Exception {
        Files.writeString(folder.resolve("V1__posts.sql"), "CREATE TABLE posts (id int);");
        Files.writeString(folder.resolve("U1__posts.sql"), "DROP TABLE posts;");
        Files.writeString(folder.resolve("R__report.sql"), "CREATE OR REPLACE VIEW report AS SELECT id FROM posts;");
        Report report = new Written(folder, Layout.FLYWAY).rehearse();
        assertThat(Written.told(report))
                .as(Written.whole(report))
                .containsExactly("R__report: unproven R__report R__report.sql:1");
        assertThat(report.verdict()).isEqualTo(Verdict.UNPROVEN);
        assertThat(report.unwind()).isEqualTo(new Report.Unwind(1, 1, List.of()));
    }

    @Test
    void aSchemaThatIsDroppedUnderUsIsAnEffectLikeAnyOther() throws Exception {
        Report report = Written.golang(folder, """
                # 1_start
                CREATE TABLE posts (id int PRIMARY KEY);
                # down
                DROP TABLE posts;
                # 2_gone
                DROP SCHEMA public CASCADE;
                # down
                CREATE SCHEMA public;
                """).rehearse();
        assertThat(Written.told(report))
                .as(Written.whole(report))
                .contains("2_gone: back-differs table posts 2_gone.down.sql:1")
                .anyMatch(line -> line.startsWith("unwind: unwind-fails 1_start 1_start.down.sql:1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE ROLE imprimatur_escaped",
                "CREATE USER imprimatur_escaped",
                "ALTER ROLE postgres CONNECTION LIMIT 7",
                "GRANT pg_monitor TO public_role",
                "DO $$ BEGIN CREATE ROLE imprimatur_escaped; END $$",
            })
    void onSomebodysServerNoRoleIsMadeOrChanged(String statement) throws Exception {
        try (TestDatabase database = new TestDatabase()) {
            String all = "SELECT string_agg(r::text, ',' ORDER BY rolname) FROM pg_roles r";
            String before = database.value(all);
            String databases = database.value("SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database");
            for (boolean copies : new boolean[] {false, true}) {
                Report report = Written.ours(folder, Written.BASE + """
                        # 0001_expand_bad
                        CREATE TABLE before (id int);
                        %s;
                        # down
                        DROP TABLE before;
                        """.formatted(statement))
                        .rehearse(rehearsal -> {
                            Rehearsal there = rehearsal.at(new Venue.CopiesOf(database.url()));
                            return copies ? there.alwaysOnCopies() : there;
                        });
                assertThat(Written.told(report))
                        .as(Written.whole(report))
                        .containsExactly("0001_expand_bad: escapes-copy 0001_expand_bad 0001_expand_bad.sql:2");
                assertThat(database.value(all)).isEqualTo(before);
            }
            assertThat(database.value("SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database"))
                    .isEqualTo(databases);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-- migrate: no-transaction"})
    void aRoleWhoseNameIsPutTogetherIsSeenInTheTransactionAndGoesWithIt(String directive) throws Exception {
        try (TestDatabase database = new TestDatabase()) {
            Report report = Written.ours(folder, Written.BASE + """
                    # 0001_expand_bad
                    %s
                    CREATE TABLE before (id int);
                    DO $$ BEGIN EXECUTE 'CREATE ' || 'ROLE imprimatur_escaped'; END $$;
                    # down
                    DROP TABLE before;
                    """.formatted(directive))
                    .rehearse(rehearsal -> rehearsal.at(new Venue.CopiesOf(database.url())));
            assertThat(Written.told(report))
                    .as(Written.whole(report))
                    .containsExactly("0001_expand_bad: escapes-copy 0001_expand_bad 0001_expand_bad.sql:3");
            assertThat(database.rows("SELECT rolname FROM pg_roles WHERE rolname LIKE 'imprimatur%'"))
                    .isEmpty();
        }
    }

    @Test
    void aRoleThatCommitsWithItsOwnBlockIsToldSinceItCannotBeTakenBack() throws Exception {
        try (TestDatabase database = new TestDatabase()) {
            Report report =
                    Written.golang(folder, """
                    # 1_bad
                    DO $$ BEGIN EXECUTE 'CREATE ' || 'ROLE imprimatur_escaped'; COMMIT; END $$;
                    # down
                    SELECT 1;
                    """).rehearse(rehearsal -> rehearsal.at(new Venue.CopiesOf(database.url())));
            assertThat(Written.told(report))
                    .as(Written.whole(report))
                    .containsExactly("1_bad: escapes-copy 1_bad 1_bad.up.sql:1");
            assertThat(report.steps().getFirst().findings().getFirst().detail())
                    .contains("new role imprimatur_escaped");
            database.run("DROP ROLE imprimatur_escaped");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatOthersDoToTheServersRolesMeanwhileIsNotTheChains(boolean copies) throws Exception {
        try (TestDatabase database = new TestDatabase()) {
            Watcher somebodyElse = new Watcher() {
                @Override
                public void begins(String step, int number, int of) {
                    run("CREATE ROLE imprimatur_theirs_" + number);
                }

                @Override
                public void doing(String what) {
                    if (what.contains("back")) {
                        run("ALTER ROLE imprimatur_theirs_1 CREATEDB");
                    }
                }

                private void run(String sql) {
                    OwnServer.run(database.url(), sql);
                }
            };
            try {
                Report report = Written.ours(folder, Written.BASE + """
                        # 0001_expand_more
                        ALTER TABLE posts ADD COLUMN more int;
                        # down
                        ALTER TABLE posts DROP COLUMN more;
                        """).rehearse(rehearsal -> {
                    Rehearsal there =
                            rehearsal.at(new Venue.CopiesOf(database.url())).watchedBy(somebodyElse);
                    return copies ? there.alwaysOnCopies() : there;
                });
                assertThat(report.verdict()).as(Written.whole(report)).isEqualTo(Verdict.PASSED);
                assertThat(database.rows("SELECT rolname FROM pg_roles WHERE rolname LIKE 'imprimatur%'"))
                        .hasSize(2);
            } finally {
                database.run("DROP ROLE imprimatur_theirs_1, imprimatur_theirs_2");
            }
        }
    }

    @Test
    void onAServerOfOurOwnRolesArePartOfTheRoundTrip() throws Exception {
        Report report = Written.golang(folder, """
                # 1_role
                CREATE ROLE imprimatur_writer;
                CREATE TABLE posts (id int PRIMARY KEY);
                GRANT INSERT ON posts TO imprimatur_writer;
                # down
                DROP TABLE posts;
                DROP ROLE imprimatur_writer;
                """).rehearse();
        assertThat(Written.told(report)).as(Written.whole(report)).isEmpty();
        Report left = new Written(Written.golang(folder, """
                # 1_role
                CREATE ROLE imprimatur_writer;
                CREATE TABLE posts (id int PRIMARY KEY);
                # down
                DROP TABLE posts;
                """).folder(), Layout.GOLANG_MIGRATE).rehearse();
        assertThat(Written.told(left))
                .as(Written.whole(left))
                .contains("1_role: back-differs role imprimatur_writer 1_role.up.sql:1")
                .contains("1_role: again-fails 1_role 1_role.up.sql:1");
    }

    @Test
    void aRoleThatAGrantTakesForGrantedIsMadeAndNoted() throws Exception {
        Report report = Written.ours(folder, Written.BASE + """
                # 0001_expand_grant
                GRANT SELECT ON posts TO imprimatur_reader;
                # down
                REVOKE SELECT ON posts FROM imprimatur_reader;
                """).rehearse();
        assertThat(Written.told(report)).as(Written.whole(report)).isEmpty();
        assertThat(report.notes()).anySatisfy(note -> assertThat(note).contains("imprimatur_reader"));
    }
}
