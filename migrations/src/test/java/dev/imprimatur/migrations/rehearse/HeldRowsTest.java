package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.rows.GeneratedRows;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever changes rows behind a rehearsal's back is seen at its end. */
class HeldRowsTest {

    private static void run(Connection connection, String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    @Test
    void aChangeThatNobodyHasToldOfIsNamed() throws SQLException {
        try (TestDatabase database = new TestDatabase();
                Connection connection = database.open()) {
            run(
                    connection,
                    "CREATE TABLE a (id int PRIMARY KEY, x text); CREATE TABLE b (LIKE a INCLUDING ALL);"
                            + "INSERT INTO a VALUES (1, 'a'), (2, 'b'); INSERT INTO b SELECT * FROM a");
            HeldRows held = new HeldRows();
            held.begin(connection);
            assertThat(held.unlike(connection)).isEmpty();
            run(connection, "UPDATE a SET x = 'c' WHERE id = 2; DELETE FROM b WHERE id = 1; SELECT lo_create(77)");
            held.applied(Rows.read(connection, Set.of("public.b")));
            assertThat(held.unlike(connection))
                    .containsExactly(
                            "large objects: 1 rows instead of 0, e.g. where the key is 77",
                            "table a: other values in x, e.g. where the key is 2");
            run(connection, "SELECT lo_unlink(77)");
        }
    }

    @Test
    void whatFillsTablesIsKnownDownToItsTriggers() throws SQLException {
        try (TestDatabase database = new TestDatabase();
                Connection connection = database.open()) {
            run(connection, """
                    CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
                    INSERT INTO a SELECT generate_series(1, 20);
                    CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a);
                    CREATE FUNCTION count_b() RETURNS trigger LANGUAGE plpgsql AS
                      'BEGIN UPDATE a SET n = n + 1 WHERE id = NEW.a; RETURN NULL; END';
                    CREATE TRIGGER count_b AFTER INSERT ON b FOR EACH ROW EXECUTE FUNCTION count_b()""");
            HeldRows held = new HeldRows();
            held.begin(connection);
            connection.setAutoCommit(false);
            new GeneratedRows(1, 10).fill(connection);
            held.filled(connection);
            connection.commit();
            connection.setAutoCommit(true);
            assertThat(database.value("SELECT sum(n) FROM a")).isEqualTo("10");
            assertThat(held.unlike(connection)).isEmpty();
        }
    }

    /** A label's new name changes what the rows say, and no lock on their table tells of it. */
    @Test
    void whatWasNotSeenInTimeIsRehearsedAgainOnCopies(@TempDir Path folder) throws Exception {
        Report report = Written.ours(folder, Written.BASE + """
                # 0001_contract_state
                ALTER TYPE state RENAME VALUE 'draft' TO 'idea';
                # down
                ALTER TYPE state RENAME VALUE 'idea' TO 'draft';
                """).rehearse();
        assertThat(report.notes())
                .anySatisfy(note -> assertThat(note)
                        .contains("changes that were not seen when they happened (table posts: other values in state"));
        assertThat(report.steps()).hasSize(2);
    }
}
