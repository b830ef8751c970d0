package dev.imprimatur.migrations.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.workload.Broken.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokenTest {

    private Stage stage;

    @BeforeEach
    void open() throws SQLException {
        stage = new Stage();
    }

    @AfterEach
    void close() throws SQLException {
        stage.close();
    }

    private static final String READER = "SELECT slug FROM posts WHERE slug = $1";
    private static final String WRITER = "INSERT INTO posts (slug, body, author) VALUES ($1, $2, $3)";

    @Test
    void aReaderOfADroppedColumnIsBrokenAndNamedWithItsError() throws SQLException {
        assertThat(stage.broken(READER, "ALTER TABLE posts DROP slug"))
                .singleElement()
                .satisfies(broken -> {
                    assertThat(broken.kind()).isEqualTo(Kind.READER);
                    assertThat(broken.detail())
                            .isEqualTo("`" + READER + "` fails: 42703 column \"slug\" does not exist");
                });
    }

    @Test
    void aReaderOfOtherColumnsIsNot() throws SQLException {
        assertThat(stage.broken(READER, "ALTER TABLE posts DROP body")).isEmpty();
    }

    @Test
    void aWriterThatLeavesOutANewObligationIsBrokenThoughItPlans() throws SQLException {
        assertThat(stage.broken(
                        WRITER,
                        "ALTER TABLE posts ADD kind text NOT NULL DEFAULT ''; "
                                + "ALTER TABLE posts ALTER kind DROP DEFAULT"))
                .singleElement()
                .satisfies(broken -> {
                    assertThat(broken.kind()).isEqualTo(Kind.WRITER);
                    assertThat(broken.detail()).contains("23502").contains("\"kind\"");
                });
    }

    @Test
    void aWriterIsNotBrokenByWhatHasADefault() throws SQLException {
        assertThat(stage.broken(WRITER, "ALTER TABLE posts ADD kind text NOT NULL DEFAULT ''"))
                .isEmpty();
    }

    @Test
    void aCheckThatRefusesWhatRanBeforeIsABrokenWriter() throws SQLException {
        assertThat(stage.broken(WRITER, "ALTER TABLE posts ADD CHECK (slug ~ '^[0-9]+$') NOT VALID"))
                .singleElement()
                .satisfies(broken -> assertThat(broken.detail()).contains("23514"));
    }

    @Test
    void aCheckThatAcceptsItIsNot() throws SQLException {
        assertThat(stage.broken(WRITER, "ALTER TABLE posts ADD CHECK (length(slug) < 500)"))
                .isEmpty();
    }

    private static String triggerThatReads(String column) {
        return """
                CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS
                  $$ BEGIN IF NEW.%s IS NULL THEN RETURN NULL; END IF; RETURN NEW; END $$;
                CREATE TRIGGER look BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION look()""".formatted(column);
    }

    @Test
    void aTriggerThatFailsIsABrokenWriter() throws SQLException {
        assertThat(stage.broken(WRITER, triggerThatReads("gone")))
                .singleElement()
                .satisfies(broken -> assertThat(broken.detail()).contains("42703", "gone"));
    }

    @Test
    void aTriggerThatRunsIsNot() throws SQLException {
        assertThat(stage.broken(WRITER, triggerThatReads("slug"))).isEmpty();
    }

    @Test
    void aWriterOfADroppedColumnHasOneEntry() throws SQLException {
        assertThat(stage.broken(WRITER, "ALTER TABLE posts DROP body"))
                .singleElement()
                .satisfies(broken -> assertThat(broken.kind()).isEqualTo(Kind.WRITER));
    }

    @Test
    void aRuleThatWaitsForTheCommitSpeaks() throws SQLException {
        String change = """
                CREATE TABLE kinds (slug text PRIMARY KEY);
                ALTER TABLE posts ADD FOREIGN KEY (slug) REFERENCES kinds DEFERRABLE INITIALLY DEFERRED NOT VALID""";
        assertThat(stage.broken(WRITER, change))
                .singleElement()
                .satisfies(broken -> assertThat(broken.detail()).contains("23503"));
    }

    @Test
    void aKeyThatIsTakenMeanwhileIsNoFindingButANewKeyIs() throws SQLException {
        String insert = "INSERT INTO people (id, name) VALUES ($1, 'Zoe')";
        assertThat(stage.broken(insert, "UPDATE people SET id = id" + "; INSERT INTO people VALUES (-5, 'Zoe')"))
                .isEmpty();
        String same = "INSERT INTO posts (slug, author) SELECT slug, author FROM posts WHERE id = $1";
        assertThat(stage.broken(same, "CREATE UNIQUE INDEX one_slug ON posts (slug)"))
                .singleElement()
                .satisfies(broken -> assertThat(broken.detail()).contains("23505"));
    }

    @Test
    void writesInSubstatementsRunToo() throws SQLException {
        String write =
                "WITH moved AS (UPDATE posts SET rank = rank + 1 WHERE id = $1 RETURNING id) SELECT id FROM moved";
        assertThat(stage.broken(write, "ALTER TABLE posts ADD CHECK (rank < 1)"))
                .singleElement()
                .satisfies(broken -> assertThat(broken.kind()).isEqualTo(Kind.WRITER));
    }

    @Test
    void deletesAndMergesRunOnRowsThatExist() throws SQLException {
        String writes = """
                DELETE FROM posts WHERE id = $1;
                UPDATE posts p SET slug = $2 WHERE p.id = $1;
                UPDATE posts SET author = $1 WHERE slug = ANY($2);
                DELETE FROM posts WHERE slug IN ($1, $2);
                MERGE INTO people p USING posts q ON p.id = q.author AND q.id = $1 WHEN MATCHED THEN UPDATE SET name = $2;
                INSERT INTO people VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = $2;
                """;
        assertThat(stage.probe(writes).answers())
                .allSatisfy(answer -> assertThat(answer.execution())
                        .as(answer.query().text())
                        .isInstanceOfSatisfying(
                                Execution.Ran.class,
                                ran -> assertThat(ran.rows()).isGreaterThanOrEqualTo(1)));
    }

    @Test
    void anIndexLostIsARegressionAtAMillionRows() throws SQLException {
        assertThat(stage.broken(READER, "DROP INDEX posts_slug"))
                .singleElement()
                .satisfies(broken -> {
                    assertThat(broken.kind()).isEqualTo(Kind.REGRESSION);
                    assertThat(broken.detail()).contains("Seq Scan on posts", "posts_slug");
                });
    }

    @Test
    void anIndexInItsPlaceIsNone() throws SQLException {
        assertThat(stage.broken(READER, "DROP INDEX posts_slug; CREATE INDEX other ON posts (slug, id); ANALYZE posts"))
                .isEmpty();
    }

    @Test
    void anEmptyTableThatIsFilledIsNoRegression() throws SQLException {
        try (Stage empty = new Stage("CREATE TABLE t (a int)")) {
            assertThat(empty.broken("SELECT * FROM t WHERE a = $1", "INSERT INTO t VALUES (1)"))
                    .isEmpty();
        }
    }

    @Test
    void whoMayNotRaiseTheRowsIsToldSo() throws SQLException {
        stage.database.run("GRANT SELECT ON posts TO pg_read_all_data");
        try (Connection connection = stage.database.open()) {
            connection.setAutoCommit(false);
            Stage.run(connection, "SET LOCAL ROLE pg_read_all_data");
            Probe probe = Stage.workload(READER).probe(connection);
            assertThat(probe.costsUnchecked())
                    .hasValueSatisfying(why -> assertThat(why).contains("superuser"));
            assertThat(probe.coverage().planned()).isEqualTo(1);
            assertThat(List.of(connection.getAutoCommit())).containsExactly(false);
        }
    }
}
