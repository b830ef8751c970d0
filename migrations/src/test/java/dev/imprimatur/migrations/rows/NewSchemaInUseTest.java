package dev.imprimatur.migrations.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewSchemaInUseTest {

    private static final String SCHEMA = """
            CREATE TYPE mood AS ENUM ('sad', 'glad');
            CREATE DOMAIN small AS int NOT NULL CHECK (VALUE < 10);
            CREATE DOMAIN moody AS mood;
            CREATE TYPE feeling AS (m mood, since date);
            CREATE TABLE owners (id int PRIMARY KEY);
            CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood NOT NULL DEFAULT 'sad', ms mood[],
              word text NOT NULL, code varchar(5) CONSTRAINT t_code UNIQUE, n int CONSTRAINT t_n CHECK (n > 0), price numeric(4,1),
              owner int CONSTRAINT t_owner REFERENCES owners, s small, at timestamp(0), flag bool, dm moody, f feeling);
            CREATE UNIQUE INDEX t_word ON t (word);
            CREATE TABLE parted (k text NOT NULL) PARTITION BY LIST (k);
            CREATE TABLE part_a PARTITION OF parted FOR VALUES IN ('a');
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "CREATE TABLE fresh (a int NOT NULL, o int NOT NULL REFERENCES t) ! true ! SELECT count(*) = 3 FROM fresh",
                "ALTER TABLE t ADD COLUMN extra text ! true ! SELECT bool_or(extra IS NULL) AND bool_or(extra IS NOT NULL) FROM t WHERE id > 10",
                "ALTER TYPE mood ADD VALUE 'calm' ! false ! SELECT count(*) FILTER (WHERE m = 'calm') > 0 AND count(*) FILTER (WHERE ms @> '{calm}') > 0 FROM t",
                "ALTER TYPE mood ADD VALUE 'calm' ! false ! SELECT count(*) FILTER (WHERE dm::text = 'calm') > 0 AND count(*) FILTER (WHERE (f).m = 'calm') > 0 FROM t",
                "ALTER TABLE t ALTER word DROP NOT NULL ! true ! SELECT bool_or(word IS NULL) FROM t",
                "ALTER TABLE t ALTER n TYPE bigint ! true ! SELECT max(n) >= 3000000000 FROM t",
                "ALTER TABLE t ALTER code TYPE varchar(9) ! true ! SELECT max(length(code)) >= 6 FROM t",
                "ALTER TABLE t ALTER code TYPE text ! true ! SELECT max(length(code)) >= 6 FROM t",
                "ALTER TABLE t ALTER price TYPE numeric(6,1) ! true ! SELECT max(price) >= 1000 FROM t",
                "ALTER TABLE t ALTER price TYPE numeric(6,3) ! true ! SELECT count(*) > 0 FROM t WHERE scale(trim_scale(price)) > 1",
                "ALTER TABLE t ALTER at TYPE timestamp ! true ! SELECT count(*) > 0 FROM t WHERE at <> date_trunc('second', at)",
                "ALTER TABLE t DROP CONSTRAINT t_n ! true ! SELECT min(n) <= 0 FROM t",
                "ALTER TABLE t DROP CONSTRAINT t_n, ADD CONSTRAINT t_n CHECK (n > -5) ! true ! SELECT min(n) BETWEEN -4 AND 0 FROM t",
                "ALTER TABLE t DROP CONSTRAINT t_code ! true ! SELECT count(code) > count(DISTINCT code) FROM t",
                "DROP INDEX t_word ! true ! SELECT count(word) > count(DISTINCT word) FROM t",
                "ALTER TABLE t DROP CONSTRAINT t_owner ! true ! SELECT count(*) > 0 FROM t WHERE owner NOT IN (SELECT id FROM owners)",
                "ALTER DOMAIN small DROP CONSTRAINT small_check ! true ! SELECT max(s::int) >= 10 FROM t",
                "ALTER DOMAIN small DROP NOT NULL ! true ! SELECT bool_or(s IS NULL) FROM t",
                "CREATE TABLE part_b PARTITION OF parted FOR VALUES IN ('b') ! true ! SELECT count(*) > 0 FROM part_b",
                "CREATE INDEX ON t (flag) ! true ! SELECT count(*) > 10 FROM t"
            })
    void whatOnlyTheNewSchemaTakesIsWritten(String step, boolean inTransaction, String proof) throws SQLException {
        try (TestDatabase database = new TestDatabase();
                Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            database.run(SCHEMA);
            GeneratedRows.DEFAULT.fill(connection);
            Snapshot before = Snapshot.read(connection);
            connection.setAutoCommit(!inTransaction);
            statement.execute(step);
            UsedTables used =
                    GeneratedRows.DEFAULT.fillForUse(connection, before, Snapshot.read(connection), List.of());
            assertThat(used.written()).isNotEmpty();
            assertThat(used.refused()).isEmpty();
            try (var row = statement.executeQuery(proof)) {
                row.next();
                assertThat(row.getBoolean(1)).as(used.toString()).isTrue();
            }
            if (inTransaction) {
                connection.rollback();
                assertThat(database.value("SELECT count(*) FROM t")).isEqualTo("10");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {"ALTER TABLE t ADD CONSTRAINT never CHECK (false) NOT VALID ! never"})
    void whatCouldNotBeWrittenIsToldWithItsReason(String step, String reason) throws SQLException {
        try (TestDatabase database = new TestDatabase();
                Connection connection = database.open()) {
            database.run(SCHEMA);
            GeneratedRows.DEFAULT.fill(connection);
            Snapshot before = Snapshot.read(connection);
            database.run(step);
            UsedTables used = GeneratedRows.DEFAULT.fillForUse(
                    connection, before, Snapshot.read(connection), List.of("public.owners"));
            assertThat(used.written()).extracting(UsedTables.Row::table).containsExactly("public.owners");
            assertThat(used.refused()).singleElement().satisfies(row -> {
                assertThat(row.table()).isEqualTo("public.t");
                assertThat(row.why()).contains("touched", reason);
            });
        }
    }
}
