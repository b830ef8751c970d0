package dev.imprimatur.migrations.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedConstraintsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE t (a int CHECK (a IN (5, 7, 11)), b text NOT NULL CHECK (b IN ('x', 'y')))",
                "CREATE TABLE t (a int UNIQUE NOT NULL CHECK (a BETWEEN 1000 AND 1200), b numeric CHECK (b > 0 AND b <= 1))",
                "CREATE TABLE t (a text NOT NULL UNIQUE CHECK (length(a) = 26), b text NOT NULL CHECK (char_length(b) BETWEEN 2 AND 4))",
                "CREATE TABLE t (a text NOT NULL CHECK (a ~ '^[a-z0-9]+(-[a-z0-9]+)*$'), b text NOT NULL CHECK (b ~* '^https?://'))",
                "CREATE TABLE t (a text NOT NULL CHECK (a !~ '\\s'), b text NOT NULL CHECK (b SIMILAR TO '[A-Z]{3}%'))",
                "CREATE TABLE t (a text NOT NULL CHECK (a = upper(a) AND length(a) = 3), b text NOT NULL CHECK (position('@' in b) > 1))",
                "CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int NOT NULL, CHECK (a < b), CHECK (b < c), CHECK (a >= 0))",
                "CREATE TABLE t (f timestamptz NOT NULL, u timestamptz, CHECK (u IS NULL OR u > f), CHECK (f > '2024-01-01'))",
                "CREATE TABLE t (a int, b int, c int, d int, e int, f int, CHECK (num_nonnulls(a, b, c, d, e, f) = 1))",
                "CREATE TABLE t (a text, b text, c int, d int, CHECK ((a IS NULL) = (b IS NULL)),"
                        + " CHECK (c IS NULL AND d IS NULL OR c IS NOT NULL AND d IS NOT NULL))",
                "CREATE TABLE t (k text NOT NULL CHECK (k IN ('one', 'two')), a int, b int,"
                        + " CHECK ((k = 'one' AND a IS NOT NULL AND b IS NULL) OR (k = 'two' AND a IS NULL AND b IS NOT NULL)))",
                "CREATE TABLE t (a jsonb NOT NULL CHECK (jsonb_typeof(a) = 'array'), b jsonb NOT NULL"
                        + " CHECK (jsonb_typeof(b) = 'object' AND b ? 'name' AND b ? 'kind'))",
                "CREATE TABLE t (a int[] NOT NULL CHECK (array_length(a, 1) = 5), b text[] NOT NULL CHECK (cardinality(b) BETWEEN 6 AND 8),"
                        + " c text[] NOT NULL CHECK (c <@ ARRAY['r', 'w']))",
                "CREATE TABLE t (a bytea NOT NULL CHECK (octet_length(a) = 32), b interval NOT NULL CHECK (b > interval '0'))",
                "CREATE TABLE t (a int, b int, UNIQUE NULLS NOT DISTINCT (a, b)); CREATE UNIQUE INDEX ON t ((a + 1)) WHERE b IS NULL",
                "CREATE TABLE t (owner int NOT NULL, main bool NOT NULL); CREATE UNIQUE INDEX ON t (owner) WHERE main",
                "CREATE TABLE t (mail text NOT NULL); CREATE UNIQUE INDEX ON t (lower(mail))",
                "CREATE TABLE t (r int4range NOT NULL, EXCLUDE USING gist (r WITH &&))",
                "CREATE EXTENSION btree_gist; CREATE TABLE t (room int NOT NULL, f timestamptz NOT NULL, u timestamptz NOT NULL,"
                        + " CHECK (f < u), EXCLUDE USING gist (room WITH =, tstzrange(f, u) WITH &&))",
                "CREATE EXTENSION btree_gist; CREATE TABLE t (room text NOT NULL, during daterange NOT NULL,"
                        + " EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room <> ''))",
                "CREATE TABLE t (b box NOT NULL, EXCLUDE USING gist (b WITH &&))",
                "CREATE TABLE p (a int, b text, PRIMARY KEY (a, b)); CREATE TABLE t (a int, b text, n int NOT NULL,"
                        + " FOREIGN KEY (a, b) REFERENCES p MATCH FULL)",
                "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE p (o int REFERENCES o, n int, PRIMARY KEY (o, n));"
                        + " CREATE TABLE q (o int REFERENCES o, m int, PRIMARY KEY (o, m)); CREATE TABLE t (o int NOT NULL REFERENCES o,"
                        + " n int NOT NULL, m int, FOREIGN KEY (o, n) REFERENCES p, FOREIGN KEY (o, m) REFERENCES q)",
                "CREATE TABLE p (id uuid PRIMARY KEY); CREATE TABLE t (id uuid PRIMARY KEY REFERENCES p, w text)",
                "CREATE TABLE t (id int PRIMARY KEY, up int NOT NULL REFERENCES t, side int UNIQUE REFERENCES t)",
                "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, up bigint REFERENCES t, n serial UNIQUE)",
                "CREATE TABLE p (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t int NOT NULL);"
                        + " CREATE TABLE t (id serial PRIMARY KEY, p bigint NOT NULL REFERENCES p DEFERRABLE INITIALLY DEFERRED);"
                        + " ALTER TABLE p ADD FOREIGN KEY (t) REFERENCES t DEFERRABLE INITIALLY DEFERRED",
                "CREATE TABLE p (id uuid PRIMARY KEY, t int NOT NULL, x text NOT NULL UNIQUE); CREATE TABLE q (x text PRIMARY KEY REFERENCES p (x),"
                        + " p uuid NOT NULL REFERENCES p); CREATE TABLE t (id int PRIMARY KEY, q text NOT NULL REFERENCES q);"
                        + " ALTER TABLE p ADD FOREIGN KEY (t) REFERENCES t",
                "CREATE TABLE t (id int NOT NULL, at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE t1 PARTITION OF t"
                        + " FOR VALUES FROM ('1980-01-01') TO ('1980-02-01') PARTITION BY LIST (id);"
                        + " CREATE TABLE t11 PARTITION OF t1 FOR VALUES IN (7777); CREATE TABLE t12 PARTITION OF t1 DEFAULT;"
                        + " CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('1990-01-01') TO ('1990-01-02'); CREATE TABLE t3 PARTITION OF t DEFAULT",
                "CREATE TABLE t (id int PRIMARY KEY, w text) PARTITION BY HASH (id); CREATE TABLE t1 PARTITION OF t"
                        + " FOR VALUES WITH (MODULUS 3, REMAINDER 0); CREATE TABLE t2 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 1);"
                        + " CREATE TABLE t3 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 2)",
                "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE c (more text NOT NULL) INHERITS (t)",
                "CREATE TABLE t (a int); CREATE FUNCTION even(x int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT x % 2 = 0';"
                        + " ALTER TABLE t ADD CHECK (even(a)), ADD b int GENERATED ALWAYS AS (a * 2) STORED"
            })
    void tenRowsForEachForm(String schema) throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run(schema);
            try (Connection connection = database.open()) {
                FilledTables filled = GeneratedRows.DEFAULT.fill(connection);
                assertThat(filled.empty()).isEmpty();
                assertThat(filled.scarce()).isEmpty();
            }
            assertThat(Integer.parseInt(database.value("SELECT count(*) FROM t")))
                    .isBetween(10, 20);
        }
    }

    @Test
    void whatTakesNoRowSaysWhy() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run("""
                    CREATE TABLE never (a int, CONSTRAINT no_row CHECK (false));
                    ALTER TABLE never ADD PRIMARY KEY (a);
                    CREATE TABLE child (a int NOT NULL CONSTRAINT to_never REFERENCES never);
                    CREATE TABLE shell (a int) PARTITION BY LIST (a);
                    CREATE TABLE dropped (a int); CREATE RULE none AS ON INSERT TO dropped DO INSTEAD NOTHING;
                    CREATE TABLE watched (a int);
                    CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'read only'; END $$;
                    CREATE TRIGGER no BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION no();
                    CREATE VIEW seen AS SELECT 1 AS a; CREATE TABLE switch (one bool PRIMARY KEY CHECK (one));
                    CREATE FOREIGN DATA WRAPPER w; CREATE SERVER far FOREIGN DATA WRAPPER w;
                    CREATE FOREIGN TABLE distant (a int) SERVER far;
                    """);
            try (Connection connection = database.open()) {
                FilledTables filled = GeneratedRows.DEFAULT.fill(connection);
                assertThat(filled.empty())
                        .extracting(FilledTables.Empty::table)
                        .containsExactly(
                                "public.child", "public.dropped", "public.never", "public.shell", "public.watched");
                assertThat(filled.empty().get(0).reason())
                        .contains("needs a row of public.never", "to_never", "no_row");
                assertThat(filled.empty().get(1).reason()).contains("a trigger or rule kept it out");
                assertThat(filled.empty().get(2).reason())
                        .contains("violates check constraint \"no_row\"", "CHECK (false)");
                assertThat(filled.empty().get(3).reason()).contains("no partition");
                assertThat(filled.empty().get(4).reason()).contains("read only");
                assertThat(filled.scarce())
                        .extracting(FilledTables.Empty::table)
                        .containsExactly("public.switch");
            }
        }
    }

    @Test
    void onlyTheNamedTablesAreFilledAndACallersTransactionStaysOpen() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run("""
                    CREATE TABLE one (a int); CREATE TABLE "Two" (a int);
                    CREATE TABLE parted (a int) PARTITION BY LIST (a); CREATE TABLE part PARTITION OF parted FOR VALUES IN (3)
                    """);
            try (Connection connection = database.open()) {
                connection.setAutoCommit(false);
                FilledTables filled = GeneratedRows.DEFAULT.fill(
                        connection, List.of("public.\"Two\"", "public.part", "public.nothing"));
                assertThat(filled.filled()).containsExactly("public.\"Two\"", "public.parted");
                assertThat(connection.getAutoCommit()).isFalse();
                connection.rollback();
            }
            assertThat(database.value("SELECT (SELECT count(*) FROM one) + (SELECT count(*) FROM \"Two\")"))
                    .isEqualTo("0");
        }
    }

    @Test
    void modifiersDomainsAndPartsAreKeptTo() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run("""
                    CREATE DOMAIN small AS int CHECK (VALUE > 3);
                    CREATE DOMAIN smaller AS small NOT NULL CHECK (VALUE < 9);
                    CREATE TYPE mood AS ENUM ('a', 'b');
                    CREATE TYPE parts AS (v varchar(3), m mood[], s smaller, n numeric(4,2));
                    CREATE TABLE modified (b1 bit NOT NULL, b9 bit(9) NOT NULL, vb bit varying(3) NOT NULL,
                      thousands numeric(3,-3) NOT NULL, tiny numeric(2,5) NOT NULL, n numeric(3,0) NOT NULL,
                      tz timestamptz(0) NOT NULL, ti time(3) NOT NULL, iv interval year to month NOT NULL,
                      sec interval second(1) NOT NULL, c char(1) NOT NULL, v varchar(1) NOT NULL, "char" "char" NOT NULL,
                      dd smaller, many smaller[] NOT NULL, p parts NOT NULL, ps parts[] NOT NULL,
                      nn numeric(5,2)[] NOT NULL, vv varchar(2)[][] NOT NULL, bb bit(3)[] NOT NULL,
                      nm nummultirange NOT NULL, UNIQUE (v))""");
            try (Connection connection = database.open()) {
                FilledTables filled = GeneratedRows.DEFAULT.fill(connection);
                assertThat(filled.empty()).isEmpty();
                assertThat(filled.scarce()).isEmpty();
            }
            assertThat(database.value("SELECT count(*) FROM modified WHERE dd BETWEEN 4 AND 8"))
                    .isEqualTo("10");
        }
    }
}
