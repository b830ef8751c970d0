package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.Migrator.Loss;
import dev.imprimatur.migrations.Status.Standing;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploysTest {

    private static final String OLDER_FORM = "DROP TABLE migrate.deploys; ALTER TABLE migrate.history DROP unrehearsed";

    private TestDatabase database;
    private TestFolder folder;

    @BeforeEach
    void aChangeThatEndsInAContract(@TempDir Path path) throws Exception {
        database = new TestDatabase();
        folder = new TestFolder(path)
                .add("0000_initial_schema", "CREATE TABLE posts (id int, slug text);", "DROP TABLE posts;")
                .add("0001_expand_name", "ALTER TABLE posts ADD name text;", "ALTER TABLE posts DROP name;")
                .add("0002_contract_name", "ALTER TABLE posts DROP slug;", "ALTER TABLE posts ADD slug text;");
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Migrator migrator() {
        return new Migrator(database.url(), folder.read());
    }

    private String applied() throws SQLException {
        return String.join(" ", database.rows("SELECT number FROM migrate.history WHERE state = 'applied' ORDER BY 1"));
    }

    private String deploys() throws SQLException {
        return String.join(", ", database.rows("""
                SELECT version || ' on ' || newest || ' by ' || deployed_by FROM migrate.deploys ORDER BY deployed_at"""));
    }

    @Test
    void anEmptyHistoryGoesStraightThrough() throws SQLException {
        Plan plan = migrator().up();
        assertThat(plan.waiting()).isEmpty();
        assertThat(applied()).isEqualTo("0 1 2");
    }

    @Test
    void aContractWaitsUntilADeployIsRecordedSinceThePhaseBeforeIt() throws SQLException {
        migrator().up(0);
        migrator().deployed("1.0");
        Plan plan = migrator().up();
        assertThat(plan.steps()).extracting(Step::title).containsExactly("0001_expand_name");
        assertThat(plan.waiting()).get().satisfies(waiting -> {
            assertThat(waiting.migration().name()).isEqualTo("0002_contract_name");
            assertThat(waiting.why())
                    .contains("0002_contract_name", "since 0001_expand_name", "migrate deployed <version>")
                    .doesNotContain("\n");
        });
        assertThat(applied()).isEqualTo("0 1");
        assertThat(migrator().up(2).waiting())
                .get()
                .satisfies(waiting -> assertThat(waiting.why()).contains("UTC)"));
        migrator().deployed("1.1");
        assertThat(migrator().up().waiting()).isEmpty();
        assertThat(applied()).isEqualTo("0 1 2");
    }

    @Test
    void aDeployFromBeforeThePhaseWasAppliedAgainIsTooOld() throws SQLException {
        migrator().up(1);
        migrator().deployed("1.1");
        migrator().downOne(Loss.REFUSED);
        assertThat(migrator().up().waiting()).isPresent();
        migrator().deployed("1.1");
        assertThat(migrator().up().waiting()).isEmpty();
        assertThat(deploys()).isEqualTo("1.1 on 1 by postgres, 1.1 on 1 by postgres");
    }

    @Test
    void aDeployOnAnOlderSchemaDoesNotCountHoweverLateItIsRecorded() throws SQLException {
        migrator().up(1);
        migrator().deployed("1.1");
        database.run("UPDATE migrate.deploys SET newest = 0");
        assertThat(migrator().up().waiting()).isPresent();
    }

    @Test
    void contractsInARowNeedOneDeploy() throws Exception {
        folder.add("0003_contract_posts", "DROP TABLE posts;", "CREATE TABLE posts (id int, name text);");
        migrator().up(1);
        assertThat(migrator().status().standing()).isEqualTo(Standing.WAITING);
        migrator().deployed("1.1");
        assertThat(migrator().up().steps()).hasSize(2);
        assertThat(applied()).isEqualTo("0 1 2 3");
    }

    @Test
    void aStepOfAnotherChangeInBetweenAsksForNoOtherDeploy() throws Exception {
        folder.delete("0002_contract_name.sql").delete("0002_contract_name.down.sql");
        folder.add("0002_expand_more", "CREATE TABLE more ();", "DROP TABLE more;")
                .add("0003_contract_name", "ALTER TABLE posts DROP slug;", "ALTER TABLE posts ADD slug text;");
        migrator().up(1);
        migrator().deployed("1.1");
        assertThat(migrator().up().waiting()).isEmpty();
        assertThat(applied()).isEqualTo("0 1 2 3");
    }

    @Test
    void whoIsAloneWithTheDatabaseIsTheDeployThatContractsWaitFor() throws Exception {
        folder.add("0003_expand_tags", "CREATE TABLE tags (a int, b int);", "DROP TABLE tags;")
                .add("0004_contract_tags", "ALTER TABLE tags DROP a;", "ALTER TABLE tags ADD a int;");
        migrator().up(0);
        assertThat(migrator().upAlone("1.1").waiting()).isEmpty();
        assertThat(applied()).isEqualTo("0 1 2 3 4");
        assertThat(deploys()).isEqualTo("1.1 on 1 by postgres, 1.1 on 3 by postgres");
    }

    @Test
    void aClockThatHasGoneBackMakesNobodyTryForEver() throws SQLException {
        migrator().up(1);
        database.run("UPDATE migrate.history SET applied_at = applied_at + interval '1 day'");
        assertThat(migrator().upAlone("1.1").waiting()).isPresent();
        assertThat(applied()).isEqualTo("0 1");
    }

    @Test
    void whatComesBehindAWaitingContractWaitsTooAndIsBehind() throws Exception {
        folder.add("0003_expand_more", "CREATE TABLE more ();", "DROP TABLE more;");
        migrator().up(1);
        assertThat(migrator().up().steps()).isEmpty();
        assertThat(migrator().status().standing()).isEqualTo(Standing.BEHIND);
        assertThat(migrator().status().waiting()).isPresent();
    }

    @Test
    void theSameReleaseOnTheSameSchemaIsOneRow() throws SQLException {
        migrator().up(1);
        Deploy first = migrator().deployed("1.1");
        assertThat(migrator().deployed(" 1.1 ")).isEqualTo(first);
        migrator().deployed("1.2");
        assertThat(deploys()).isEqualTo("1.1 on 1 by postgres, 1.2 on 1 by postgres");
        assertThat(migrator().status().deploys()).hasSize(2).contains(first);
    }

    @Test
    void aDeployNeedsAVersionAndAMigratedDatabase() {
        for (String version : new String[] {" ", "1.0"}) {
            MigrationException refused = catchThrowableOfType(
                    MigrationException.class, () -> migrator().deployed(version));
            assertThat(refused.reason()).isEqualTo(Reason.USAGE);
        }
    }

    @Test
    void aContractThatWasBegunGoesOnWithoutAnotherDeploy() throws Exception {
        folder.write(
                "0002_contract_name.sql",
                "-- migrate: no-transaction\nALTER TABLE posts DROP slug;\nALTER TABLE posts DROP nothing;");
        migrator().up(1);
        migrator().deployed("1.1");
        assertThat(catchThrowableOfType(
                        MigrationException.class, () -> migrator().up()))
                .isNotNull();
        database.run("DELETE FROM migrate.deploys");
        folder.write("0002_contract_name.sql", "-- migrate: no-transaction\nALTER TABLE posts DROP slug;");
        assertThat(migrator().up().waiting()).isEmpty();
        assertThat(applied()).isEqualTo("0 1 2");
    }

    @Test
    void aHistoryOfAnEarlierReleaseIsReadAsItIsAndRenewedByTheNextUp() throws SQLException {
        migrator().up();
        database.run(OLDER_FORM);
        assertThat(migrator().status().standing()).isEqualTo(Standing.CURRENT);
        assertThat(migrator().status().deploys()).isEmpty();
        assertThat(migrator().up().steps()).isEmpty();
        assertThat(database.value("SELECT to_regclass('migrate.deploys')")).isEqualTo("migrate.deploys");
    }

    @Test
    void aHistoryOfAnEarlierReleaseIsRenewedByDownAndByADeploy() throws SQLException {
        migrator().up();
        database.run(OLDER_FORM);
        migrator().downOne(Loss.REFUSED);
        database.run(OLDER_FORM);
        migrator().deployed("1.1");
        assertThat(migrator().up().waiting()).isEmpty();
        assertThat(applied()).isEqualTo("0 1 2");
    }

    @Test
    void aRoleThatMayOnlyReadTheHistoryStillGetsTheStatusAndHasNothingToDo() throws SQLException {
        migrator().up();
        database.run(OLDER_FORM);
        String role = "reader_" + database.url().database();
        database.run(
                "CREATE ROLE %1$s LOGIN; GRANT USAGE ON SCHEMA migrate TO %1$s; GRANT SELECT ON migrate.history TO %1$s"
                        .formatted(role));
        DatabaseUrl url = DatabaseUrl.parse("postgres://%s@localhost:%d/%s"
                .formatted(role, database.url().port(), database.url().database()));
        Migrator reader = new Migrator(url, folder.read());
        assertThat(reader.status().standing()).isEqualTo(Standing.CURRENT);
        assertThat(reader.up().steps()).isEmpty();
        MigrationException refused = catchThrowableOfType(MigrationException.class, () -> reader.deployed("1.1"));
        assertThat(refused.reason()).isEqualTo(Reason.STATEMENT_FAILED);
        migrator().up();
        assertThat(reader.status().deploys()).isEmpty();
        database.run("DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(role));
    }
}
