package dev.imprimatur.migrations.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UsedTablesTest {

    private static final String BEFORE = """
            CREATE TYPE mood AS ENUM ('sad', 'ok');
            CREATE DOMAIN percent AS int CHECK (VALUE BETWEEN 0 AND 100);
            CREATE TABLE people (id int PRIMARY KEY, mood mood NOT NULL, age int NOT NULL CHECK (age > 17),
                name varchar(5) NOT NULL, mail text UNIQUE, score numeric(4,1), share percent);
            CREATE TABLE calm (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood, moods mood[]);
            CREATE TABLE notes (id bigint PRIMARY KEY, person int REFERENCES people, number int NOT NULL);
            CREATE TABLE untouched (id int PRIMARY KEY);
            """;

    private static UsedTables use(TestDatabase database, String step, Set<String> touched) throws SQLException {
        try (Connection connection = database.open()) {
            GeneratedRows.DEFAULT.fill(connection);
            Snapshot before = Snapshot.read(connection);
            database.run(step);
            return GeneratedRows.DEFAULT.fillForUse(connection, before, Snapshot.read(connection), touched);
        }
    }

    private static String found(TestDatabase database, String from) throws SQLException {
        return database.value("SELECT count(*) > 0 FROM " + from);
    }

    @Test
    void eachThingThatOnlyTheNewSchemaTakesIsWritten() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run(BEFORE);
            UsedTables used = use(database, """
                    ALTER TYPE mood ADD VALUE 'calm';
                    ALTER TABLE people ADD nick text, ALTER name DROP NOT NULL, ALTER name TYPE varchar(9),
                      DROP CONSTRAINT people_age_check, DROP CONSTRAINT people_mail_key, ALTER score TYPE numeric(6,2);
                    ALTER TABLE notes DROP CONSTRAINT notes_person_fkey, ALTER number TYPE bigint;
                    ALTER DOMAIN percent DROP CONSTRAINT percent_check;
                    CREATE TABLE fresh (id int PRIMARY KEY, person int NOT NULL REFERENCES people);
                    """, Set.of());
            assertThat(used.refused()).isEmpty();
            for (String seen : List.of(
                    "people WHERE mood = 'calm'",
                    "calm WHERE mood = 'calm'",
                    "calm WHERE 'calm' = ANY (moods)",
                    "people WHERE nick IS NULL",
                    "people WHERE nick IS NOT NULL",
                    "people WHERE name IS NULL",
                    "people WHERE length(name) = 9",
                    "people WHERE age <= 17",
                    "people GROUP BY mail HAVING count(mail) > 1",
                    "people WHERE score > 1000",
                    "people WHERE share NOT BETWEEN 0 AND 100",
                    "notes WHERE number = 3000000000",
                    "notes WHERE person NOT IN (SELECT id FROM people)",
                    "fresh")) {
                assertThat(found(database, seen)).as(seen).isEqualTo("t");
            }
            assertThat(used.written())
                    .contains(new UsedTables.Row("public.calm", "the new label 'calm' in column calm.mood"));
            assertThat(database.value("SELECT count(*) FROM untouched")).isEqualTo("10");
        }
    }

    @Test
    void tablesThatWereTouchedGetRowsEvenWhenTheirCatalogIsTheSame() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run(BEFORE);
            UsedTables used = use(database, "UPDATE untouched SET id = id", Set.of("public.untouched"));
            assertThat(used.written()).extracting(UsedTables.Row::table).containsExactly("public.untouched");
            assertThat(database.value("SELECT count(*) FROM untouched")).isEqualTo("12");
        }
    }

    @Test
    void whatNoRowCanBeMadeForIsToldWithTheServersReason() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run(BEFORE);
            UsedTables used = use(
                    database,
                    "ALTER TABLE people ADD nick text; ALTER TABLE people ADD CHECK (nick IS NULL) NOT VALID",
                    Set.of());
            assertThat(used.refused()).singleElement().satisfies(row -> {
                assertThat(row.table()).isEqualTo("public.people");
                assertThat(row.why()).contains("a value in the new column people.nick", "23514");
            });
        }
    }

    @Test
    void inTheTransactionOfTheStepTheRowsVanishWithItAndANewLabelMustWait() throws SQLException {
        try (TestDatabase database = new TestDatabase();
                Connection connection = database.open()) {
            database.run(BEFORE);
            connection.setAutoCommit(false);
            Snapshot before = Snapshot.read(connection);
            try (java.sql.Statement statement = connection.createStatement()) {
                statement.execute("ALTER TYPE mood ADD VALUE 'calm'; CREATE TABLE fresh (id int)");
            }
            UsedTables used = GeneratedRows.DEFAULT.fillForUse(connection, before, Snapshot.read(connection), Set.of());
            assertThat(used.needsCommit()).isTrue();
            assertThat(used.written()).contains(new UsedTables.Row("public.fresh", "the new table fresh"));
            connection.rollback();
            assertThat(database.value("SELECT to_regclass('fresh') IS NULL")).isEqualTo("t");
        }
    }

    @Test
    void aNewPartitionGetsARowOfItsOwn() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run("CREATE TABLE p (id int, kind text) PARTITION BY LIST (kind);"
                    + " CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a')");
            UsedTables used = use(database, "CREATE TABLE p_b PARTITION OF p FOR VALUES IN ('b')", Set.of());
            assertThat(used.refused()).isEmpty();
            assertThat(found(database, "p_b")).isEqualTo("t");
        }
    }
}
