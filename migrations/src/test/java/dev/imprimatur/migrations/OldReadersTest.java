package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.Objection.Lost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} before a contract of which a rehearsal has found that it breaks old code. */
class OldReadersTest {

    private static final Instant LONG_AGO = Instant.parse("2026-01-01T09:00:00Z");

    private TestDatabase database;
    private TestFolder folder;
    private String app;

    @BeforeEach
    void aContractThatBreaksAReader(@TempDir Path path) throws Exception {
        database = new TestDatabase();
        app = "app_of_" + database.url().database();
        database.run("CREATE ROLE " + app + " LOGIN");
        folder = new TestFolder(path)
                .add("0000_initial_schema", "CREATE TABLE posts (id int, slug text);", "DROP TABLE posts;")
                .add("0001_expand_name", "ALTER TABLE posts ADD name text;", "ALTER TABLE posts DROP name;")
                .add("0002_contract_name", "ALTER TABLE posts DROP slug;", "ALTER TABLE posts ADD slug text;");
        migrator().up(1);
        database.run("GRANT SELECT ON posts TO " + app);
    }

    @AfterEach
    void drop() throws SQLException {
        database.run("DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(app));
        database.close();
    }

    private Migrator migrator() {
        return new Migrator(database.url(), folder.read());
    }

    private void object(Instant at) {
        Migration contract = folder.read().migration(2).orElseThrow();
        Objections.of(folder.path())
                .write(new Objection(
                        contract.name(),
                        contract.forward().checksum(),
                        at,
                        List.of(new Lost(
                                "SELECT slug -- as it was\n  FROM posts\n WHERE id = 7",
                                "42703 column \"slug\" does not exist"))));
    }

    /** Receipts are kept from the first objection on; here they are not what is asked. */
    private Plan up() {
        return migrator().unrehearsed("it is not what is tested here").up();
    }

    private String waiting() {
        return up().waiting().map(Plan.Waiting::why).orElse("");
    }

    private void count() throws SQLException {
        database.run("CREATE SCHEMA watch; CREATE EXTENSION pg_stat_statements SCHEMA watch");
    }

    private void sendAs(String role, String query) throws SQLException {
        DatabaseUrl url = DatabaseUrl.parse("postgres://%s@localhost:%d/%s"
                .formatted(role, database.url().port(), database.url().database()));
        try (Connection connection = url.open();
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute(query);
        }
    }

    @Test
    void withoutStatisticsADeployBehindTheRehearsalIsAsked() throws SQLException {
        migrator().deployed("1.0");
        object(Instant.now().plusSeconds(1));
        assertThat(waiting())
                .startsWith("0002_contract_name waits for a deploy")
                .contains(
                        "`SELECT slug -- as it was FROM posts WHERE id = 7` would fail",
                        "42703 column \"slug\" does not exist",
                        "migrate deployed <version>")
                .doesNotContain("\n");
        assertThat(migrator().status().waiting()).isPresent();
        object(LONG_AGO);
        assertThat(waiting()).isEmpty();
        assertThat(database.value("SELECT max(number) FROM migrate.history")).isEqualTo("2");
    }

    @Test
    void whoeverStillSendsItIsNamedWithHowOftenAndSinceWhen() throws SQLException {
        count();
        object(LONG_AGO);
        sendAs(app, "SELECT slug FROM posts WHERE id = 1");
        migrator().deployedAlone("1.1");
        sendAs(app, "select slug from posts where id = 2");
        sendAs(app, "SELECT slug FROM posts WHERE id = 3");
        assertThat(waiting())
                .contains("`SELECT slug", "42703", "the role " + app + " has sent it 2 times since 1.1 was recorded (")
                .contains("UTC)", "migrate deployed <version>")
                .doesNotContain("\n");
        migrator().deployedAlone("1.1");
        assertThat(waiting()).isEmpty();
    }

    @Test
    void whatIsSentForTheFirstTimeAfterTheDeployCountsToo() throws SQLException {
        count();
        object(LONG_AGO);
        migrator().deployedAlone("1.1");
        sendAs(app, "SELECT slug FROM posts WHERE id = 2");
        assertThat(waiting()).contains("has sent it once since 1.1 was recorded");
        database.run("SELECT watch.pg_stat_statements_reset()");
        assertThat(waiting()).isEmpty();
    }

    @Test
    void countsThatNobodyHasMarkedProveNothing() throws SQLException {
        count();
        object(LONG_AGO);
        sendAs(app, "SELECT slug FROM posts WHERE id = 2");
        migrator().deployed("1.1");
        database.run("TRUNCATE migrate.sightings");
        assertThat(waiting())
                .contains("has sent it once since 2", "how often since 1.1 was recorded", "nobody has counted");
    }

    @Test
    void aServerThatStartsAgainDoesNotHideWhoRunsBesideIt() throws SQLException {
        count();
        object(LONG_AGO);
        migrator().deployed("1.1");
        sendAs(app, "SELECT slug FROM posts WHERE id = 2");
        migrator().deployed("1.1");
        assertThat(waiting()).contains("has sent it once");
    }

    @Test
    void otherQueriesAndWhatTheMigratorLooksAtDoNotCount() throws SQLException {
        count();
        object(LONG_AGO);
        database.run("GRANT USAGE ON SCHEMA migrate TO %1$s; GRANT SELECT ON migrate.history, migrate.deploys TO %1$s;"
                        .formatted(app)
                + "GRANT INSERT ON migrate.deploys TO " + app);
        new Migrator(
                        DatabaseUrl.parse("postgres://%s@localhost:%d/%s"
                                .formatted(
                                        app,
                                        database.url().port(),
                                        database.url().database())),
                        folder.read())
                .deployed("1.1");
        sendAs(app, "SELECT id FROM posts WHERE id = 2");
        database.run("SELECT slug FROM posts WHERE id = 2");
        assertThat(waiting()).isEmpty();
    }

    @Test
    void whoMayNotSeeWhatIsSentIsToldWhatToGrant() throws SQLException {
        count();
        object(LONG_AGO);
        migrator().deployed("1.1");
        String owner = "owner_of_" + database.url().database();
        database.run("CREATE ROLE %1$s LOGIN; GRANT USAGE ON SCHEMA migrate, watch TO %1$s;".formatted(owner)
                + "GRANT SELECT ON ALL TABLES IN SCHEMA migrate TO " + owner);
        DatabaseUrl url = DatabaseUrl.parse("postgres://%s@localhost:%d/%s"
                .formatted(owner, database.url().port(), database.url().database()));
        sendAs(app, "SELECT slug FROM posts WHERE id = 2");
        assertThat(new Migrator(url, folder.read()).status().waiting())
                .get()
                .satisfies(waiting -> assertThat(waiting.why()).contains("GRANT pg_read_all_stats TO " + owner));
        database.run("DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(owner));
    }

    @Test
    void anObjectionAgainstAnotherFileSaysNothingOfThisOne() throws Exception {
        object(Instant.now().plusSeconds(100));
        migrator().deployed("1.0");
        folder.write("0002_contract_name.sql", "ALTER TABLE posts DROP COLUMN slug;");
        assertThat(waiting()).isEmpty();
    }

    @Test
    void anObjectionIsSqlAndKeepsWhatAnEarlierRehearsalFound() throws Exception {
        object(LONG_AGO);
        Migration contract = folder.read().migration(2).orElseThrow();
        Path file = Objections.of(folder.path())
                .write(new Objection(
                        contract.name(),
                        contract.forward().checksum(),
                        Instant.parse("2026-02-01T09:00:00Z"),
                        List.of(
                                new Lost("SELECT slug FROM posts WHERE id = $1", "42703 other words"),
                                new Lost("DELETE FROM posts WHERE slug = ';'", "42703 column"))));
        assertThat(Files.readString(file)).contains("-- fails: 42703 column\nDELETE FROM posts WHERE slug = ';';\n");
        Objection read = Objections.of(folder.path()).read(contract).orElseThrow();
        assertThat(read.at()).isEqualTo("2026-02-01T09:00:00Z");
        assertThat(read.queries())
                .extracting(Lost::text)
                .containsExactly("SELECT slug FROM posts WHERE id = $1", "DELETE FROM posts WHERE slug = ';'");
        Files.writeString(file, "SELECT 1;");
        migrator().deployed("1.0");
        assertThat(migrator().status().refusal())
                .get()
                .asString()
                .contains("0002_contract_name.broken.sql", "lacks its head");
        assertThat(migrator().downOne(Migrator.Loss.REFUSED).steps()).hasSize(1);
    }

    @Test
    void theSameQueryIsKnownWhateverStandsForItsValues() {
        assertThat(Wording.of("SELECT a FROM t WHERE b = -1 AND c IN (1, 2, 'x') AND d IS TRUE -- why"))
                .isEqualTo(Wording.of("select a from t where b = $1 and c in ($2) and d is $3"));
        assertThat(Wording.of("SELECT \"A\" FROM t")).isNotEqualTo(Wording.of("SELECT \"a\" FROM t"));
        assertThat(Wording.of("SELECT a - 1")).isNotEqualTo(Wording.of("SELECT a"));
    }
}
