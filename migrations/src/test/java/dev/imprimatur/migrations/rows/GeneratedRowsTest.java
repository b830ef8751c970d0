package dev.imprimatur.migrations.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.Migrator;
import dev.imprimatur.migrations.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class GeneratedRowsTest {

    private static FilledTables fill(TestDatabase database, GeneratedRows rows) throws SQLException {
        try (Connection connection = database.open()) {
            return rows.fill(connection);
        }
    }

    private static SortedMap<String, TableDigest> digests(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return TableDigest.readAll(connection);
        }
    }

    private static final String EVERYTHING = """
            CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
            CREATE TYPE pair AS (a int, b text);
            CREATE DOMAIN percent AS int CHECK (VALUE BETWEEN 0 AND 100);
            CREATE DOMAIN code AS text CHECK (VALUE ~ '^[A-Z]{2}-[0-9]{3}$');
            CREATE TABLE kinds (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                serial_number serial, b bool NOT NULL, i2 int2 NOT NULL, n numeric(5,2) NOT NULL, f4 real, f8 float8,
                t text NOT NULL, v varchar(3) NOT NULL, c char(4) NOT NULL, by bytea, u uuid, d date, ti time, tt timetz,
                ts timestamp, tz timestamptz, iv interval, j json, jb jsonb NOT NULL, ip inet, net cidr, mac macaddr,
                bi bit(5) NOT NULL, vb varbit(7), tv tsvector, x xml, po point, m mood NOT NULL, ms mood[] NOT NULL,
                pr pair NOT NULL, pc percent NOT NULL, co code NOT NULL, r int4range NOT NULL, dr daterange, mr int4multirange,
                ta text[][], mo money, "Odd Name" int NOT NULL, made int GENERATED ALWAYS AS (i2 + 1) STORED);
            CREATE TABLE owners (id int PRIMARY KEY, boss int NOT NULL REFERENCES owners, mail text UNIQUE NOT NULL
                CHECK (mail LIKE '%@%'), twice int, CHECK (length(mail) < 40), CHECK (twice > 7 AND twice < 12));
            CREATE TABLE parts (owner int NOT NULL REFERENCES owners, number int NOT NULL CHECK (number >= 1),
                PRIMARY KEY (owner, number), low int NOT NULL, high int NOT NULL, CHECK (low < high));
            CREATE TABLE uses (owner int, number int, how text CHECK (how = ANY (ARRAY['a', 'b'])),
                FOREIGN KEY (owner, number) REFERENCES parts);
            CREATE TABLE a_circle (id int PRIMARY KEY, other int);
            CREATE TABLE z_circle (id int PRIMARY KEY, other int NOT NULL REFERENCES a_circle);
            ALTER TABLE a_circle ADD FOREIGN KEY (other) REFERENCES z_circle;
            CREATE TABLE parted (id int NOT NULL, kind text NOT NULL) PARTITION BY LIST (kind);
            CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('alpha');
            CREATE TABLE only_one (one bool PRIMARY KEY CHECK (one));
            CREATE TABLE refused (id int, CHECK (false));
            CREATE TABLE guarded (word text NOT NULL, by text NOT NULL);
            CREATE FUNCTION guard() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN IF length(NEW.word) % 2 = 0 THEN RAISE 'even'; END IF; NEW.by := 'guard'; RETURN NEW; END $$;
            CREATE TRIGGER guard BEFORE INSERT ON guarded FOR EACH ROW EXECUTE FUNCTION guard();
            """;

    @Test
    void everyTableIsFilledAndWhatCannotBeIsListedWithItsReason() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run(EVERYTHING);
            FilledTables filled = fill(database, GeneratedRows.DEFAULT);
            assertThat(filled.empty()).singleElement().satisfies(empty -> {
                assertThat(empty.table()).isEqualTo("public.refused");
                assertThat(empty.reason()).contains("23514", "refused_check");
            });
            digests(database).forEach((table, digest) -> {
                long expected = table.equals("public.only_one") ? 1 : table.equals("public.refused") ? 0 : 10;
                assertThat(digest.rows()).as(table).isEqualTo(expected);
            });
            assertThat(database.value("SELECT count(*) FROM guarded WHERE by = 'guard'"))
                    .isEqualTo("10");
        }
    }

    @Test
    void theSameSeedGivesTheSameRowsAndAnotherGivesOthers() throws SQLException {
        List<SortedMap<String, TableDigest>> made = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            try (TestDatabase database = new TestDatabase()) {
                database.run(EVERYTHING);
                fill(database, new GeneratedRows(seed, 5));
                made.add(digests(database));
            }
        }
        assertThat(made.get(0)).isEqualTo(made.get(1));
        assertThat(made.get(0)).isNotEqualTo(made.get(2));
    }

    @Test
    void whatIsThereStaysAndIsToppedUp() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run("CREATE TABLE t (id int PRIMARY KEY, word text); INSERT INTO t VALUES (-77, 'mine')");
            fill(database, new GeneratedRows(1, 4));
            assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("4");
            fill(database, new GeneratedRows(1, 7));
            assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("7");
            assertThat(database.value("SELECT word FROM t WHERE id = -77")).isEqualTo("mine");
        }
    }

    @Test
    void ourOwnTablesAreFilledAsTheChainGrows() throws SQLException {
        MigrationFolder folder = MigrationFolder.read(Path.of("../db/migrations"));
        try (TestDatabase database = new TestDatabase()) {
            Migrator migrator = new Migrator(database.url(), folder);
            FilledTables filled = new FilledTables(List.of(), List.of(), List.of());
            for (int number = 0; number < 4; number++) {
                migrator.up(number);
                filled = fill(database, GeneratedRows.DEFAULT);
                assertThat(filled.empty()).as("after %d", number).isEmpty();
            }
            Map<String, Long> rows = new java.util.TreeMap<>();
            digests(database).forEach((table, digest) -> rows.put(table, digest.rows()));
            assertThat(rows).containsEntry("public.publications", 10L).containsEntry("public.approvals", 10L);
        }
    }
}
