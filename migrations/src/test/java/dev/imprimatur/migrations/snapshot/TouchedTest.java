package dev.imprimatur.migrations.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TouchedTest {

    private static TestDatabase database;
    private Connection connection;

    @BeforeAll
    static void create() throws SQLException {
        database = new TestDatabase();
        database.run("""
                CREATE TABLE one (id int PRIMARY KEY, big text);
                CREATE TABLE "Two" (id int);
                CREATE TABLE idle (id int);
                CREATE MATERIALIZED VIEW seen AS SELECT 1 AS one;
                CREATE SEQUENCE counter;
                INSERT INTO one VALUES (1, 'x')
                """);
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    @BeforeEach
    void begin() throws SQLException {
        connection = database.open();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void rollBack() throws SQLException {
        connection.rollback();
        connection.close();
    }

    private void run(String sql) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void readingTouchesNothing() throws SQLException {
        run("SELECT * FROM one; SELECT * FROM idle FOR UPDATE; SELECT 1");
        Touched touched = Touched.read(connection);
        assertThat(touched.relations()).isEmpty();
        assertThat(touched.gone()).isEmpty();
        assertThat(Affected.read(connection).groups()).isEmpty();
    }

    @Test
    void tablesAreTouchedByWritingAndByChangingThem() throws SQLException {
        run("DELETE FROM one; ALTER TABLE \"Two\" ADD b int; CREATE TABLE fresh (id int)");
        Touched touched = Touched.read(connection);
        assertThat(touched.tables()).containsExactly("public.\"Two\"", "public.fresh", "public.one");
        assertThat(touched.relations().get("public.one"))
                .satisfies(one -> assertThat(one.modes()).containsExactly("RowExclusiveLock"));
        assertThat(Affected.read(connection).groups()).contains(Group.RELATIONS).doesNotContain(Group.ROUTINES);
    }

    @Test
    void aRowWrittenUnderASavepointIsOurs() throws SQLException {
        run("CREATE TABLE before (id int)");
        Savepoint savepoint = connection.setSavepoint();
        run("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        assertThat(Affected.read(connection).groups()).contains(Group.ROUTINES);
        connection.rollback(savepoint);
        assertThat(Affected.read(connection).groups()).contains(Group.RELATIONS).doesNotContain(Group.ROUTINES);
    }

    @Test
    void whatASavepointsRollbackUndidIsNotTouchedButASequenceThatMovedIs() throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        run("INSERT INTO one VALUES (2, 'y'); DROP TABLE idle; SELECT nextval('counter')");
        assertThat(Touched.read(connection).gone()).hasSize(1);
        connection.rollback(savepoint);
        Touched touched = Touched.read(connection);
        assertThat(touched.relations()).containsOnlyKeys("public.counter");
        assertThat(touched.gone()).isEmpty();
    }

    @Test
    void aTableStoredAnewIsToldFromOneThatWasChangedInPlaceOrMade() throws SQLException {
        Map<Long, Long> before = Touched.allFilenodes(connection);
        run("ALTER TABLE one ADD c int; CREATE TABLE fresh (id int)");
        assertThat(Touched.read(connection).rewritten(before)).isEmpty();
        run("ALTER TABLE one ALTER id TYPE bigint; REFRESH MATERIALIZED VIEW seen; TRUNCATE \"Two\"");
        assertThat(Touched.read(connection).rewritten(before))
                .containsExactly("public.\"Two\"", "public.one", "public.seen");
    }

    @Test
    void aCommitForgetsWhatWasTouched() throws SQLException {
        run("COMMENT ON TABLE one IS 'one'");
        assertThat(Affected.read(connection).groups()).isNotEmpty();
        connection.commit();
        assertThat(Affected.read(connection).groups()).isEmpty();
        assertThat(Touched.read(connection).relations()).isEmpty();
    }
}
