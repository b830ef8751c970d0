package dev.imprimatur.migrations.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of types and rules that rows must keep to. */
class HardTablesTest {

    /** Every type that a column can have, but for those whose input function refuses everything. */
    private static final String TYPES = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(t.typname)
              FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
             WHERE t.typtype IN ('b', 'd', 'r', 'm', 'e') AND n.nspname IN ('pg_catalog', 'public')
               AND t.typinput::text NOT IN ('shell_in', 'pg_node_tree_in', 'pg_ndistinct_in', 'pg_dependencies_in',
                 'pg_mcv_list_in', 'brin_bloom_summary_in', 'brin_minmax_multi_summary_in', 'gtsvectorin',
                 'pg_ddl_command_in', 'unknownin')
               AND t.typinput::text !~ '^(gtrgm|ghstore|ltree_gist|intbig_gkey|_intbig|gbtreekey).*_?in$'
               AND NOT (t.typcategory = 'A' AND t.typelem IN (SELECT e.oid FROM pg_type e WHERE e.typinput::text
                 ~ '^(gtrgm|ghstore|ltree_gist|_intbig|gbtreekey|gtsvector|pg_node_tree|shell)'))
               AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typtype IN ('p', 'c'))
               AND t.typname NOT LIKE 'pg\\_toast%'
             ORDER BY 1""";

    private static FilledTables fill(TestDatabase database) throws SQLException {
        try (Connection connection = database.open()) {
            return GeneratedRows.DEFAULT.fill(connection);
        }
    }

    @Test
    void everyTypeOfTheServerAndItsExtensionsGetsValuesThatAreNotNull() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            for (String extension : List.of(
                    "citext",
                    "hstore",
                    "ltree",
                    "cube",
                    "earthdistance",
                    "seg",
                    "isn",
                    "intarray",
                    "lo",
                    "btree_gist",
                    "pg_trgm")) {
                database.run("CREATE EXTENSION " + extension);
            }
            List<String> types = database.rows(TYPES);
            assertThat(types).contains("public.citext", "pg_catalog.int4", "public.isbn", "public.earth");
            StringBuilder tables = new StringBuilder();
            for (int i = 0; i < types.size(); i++) {
                tables.append("CREATE TABLE t%d (id int PRIMARY KEY, c %s NOT NULL);".formatted(i, types.get(i)));
            }
            database.run(tables.toString());
            FilledTables filled = fill(database);
            assertThat(filled.empty().stream()
                            .map(empty ->
                                    types.get(Integer.parseInt(empty.table().substring("public.t".length()))) + ": "
                                            + empty.reason())
                            .collect(Collectors.toList()))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE a (id int PRIMARY KEY, n int, t text, j jsonb, CHECK (num_nonnulls(n, t, j) = 1))",
                "CREATE TABLE a (x int, y int, CHECK ((x IS NULL) = (y IS NULL)), CHECK (x < y))",
                "CREATE TABLE a (j jsonb NOT NULL CHECK (jsonb_typeof(j) = 'object' AND j ? 'key'))",
                "CREATE TABLE a (t text NOT NULL CHECK (t IN ('one', 'two')), u text CHECK (length(u) BETWEEN 3 AND 5))",
                "CREATE TABLE a (t text NOT NULL CHECK (t ~ '^[a-z]{3}(-[0-9]+)?$' AND t <> 'abc'))",
                "CREATE TABLE a (t text NOT NULL CHECK (t = upper(t) AND char_length(t) = 3))",
                "CREATE TABLE a (from_day date NOT NULL, to_day date NOT NULL, CHECK (from_day < to_day), CHECK (from_day >= '2024-01-01'))",
                "CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY, n int, m int GENERATED ALWAYS AS (n * 2) STORED)",
                "CREATE TABLE a (n int UNIQUE NULLS NOT DISTINCT, t text); CREATE UNIQUE INDEX ON a (lower(t)) WHERE n > 3",
                "CREATE TABLE a (during daterange NOT NULL, EXCLUDE USING gist (during WITH &&))",
                "CREATE TABLE a (f timestamptz NOT NULL, t timestamptz NOT NULL, CHECK (f < t), EXCLUDE USING gist (tstzrange(f, t) WITH &&))",
                "CREATE TABLE a (id int PRIMARY KEY, boss int NOT NULL REFERENCES a)",
                "CREATE TABLE p (x int, y int, PRIMARY KEY (x, y)); CREATE TABLE a (x int, y int, FOREIGN KEY (x, y) REFERENCES p MATCH FULL)",
                "CREATE TABLE p (x int, y int, UNIQUE (x, y), PRIMARY KEY (x)); CREATE TABLE a (x int NOT NULL REFERENCES p, y int NOT NULL, FOREIGN KEY (x, y) REFERENCES p (x, y))",
                "CREATE TABLE a (id int PRIMARY KEY, o int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, o int NOT NULL REFERENCES a DEFERRABLE INITIALLY DEFERRED); ALTER TABLE a ADD FOREIGN KEY (o) REFERENCES b DEFERRABLE INITIALLY DEFERRED",
                "CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, o int NOT NULL); CREATE TABLE b (id serial PRIMARY KEY, o int NOT NULL REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (o) REFERENCES b",
                "CREATE TABLE a (d date NOT NULL, k text NOT NULL) PARTITION BY RANGE (d); CREATE TABLE a1 PARTITION OF a FOR VALUES FROM ('1990-01-01') TO ('1990-02-01') PARTITION BY LIST (k); CREATE TABLE a11 PARTITION OF a1 FOR VALUES IN ('x'); CREATE TABLE a12 PARTITION OF a1 FOR VALUES IN ('y', 'z'); CREATE TABLE a2 PARTITION OF a DEFAULT",
                "CREATE TABLE a (id uuid PRIMARY KEY) PARTITION BY HASH (id); CREATE TABLE a0 PARTITION OF a FOR VALUES WITH (MODULUS 3, REMAINDER 0); CREATE TABLE a1 PARTITION OF a FOR VALUES WITH (MODULUS 3, REMAINDER 1); CREATE TABLE a2 PARTITION OF a FOR VALUES WITH (MODULUS 3, REMAINDER 2)",
                "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c () INHERITS (p); CREATE TABLE a (p int NOT NULL REFERENCES p)",
                "CREATE TYPE pair AS (a numeric(4,1), b varchar(3)); CREATE DOMAIN d AS pair NOT NULL; CREATE TABLE a (d d, ds pair[] NOT NULL)",
                "CREATE TABLE a (n numeric(3,-2) NOT NULL, r numrange NOT NULL, m datemultirange NOT NULL, v varchar(1) NOT NULL, c char(2) NOT NULL)",
                "CREATE TABLE a (tags text[] NOT NULL CHECK (cardinality(tags) BETWEEN 1 AND 3), h bytea NOT NULL CHECK (octet_length(h) = 32))"
            })
    void aTableOfSuchRulesIsFilledTheSameWayEachTime(String schema) throws SQLException {
        String[] digests = new String[2];
        for (int i = 0; i < 2; i++) {
            try (TestDatabase database = new TestDatabase()) {
                database.run(schema);
                FilledTables filled = fill(database);
                assertThat(filled.empty()).isEmpty();
                assertThat(filled.scarce()).isEmpty();
                assertThat(database.value("SELECT count(*) >= 10 FROM ONLY a UNION SELECT true WHERE EXISTS"
                                + " (SELECT FROM pg_partitioned_table) ORDER BY 1 DESC"))
                        .isEqualTo("t");
                digests[i] = database.value("SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM a");
            }
        }
        assertThat(digests[0]).isEqualTo(digests[1]);
    }

    @Test
    void aTableThatStaysEmptySaysWhyInASentence() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            database.run(
                    "CREATE TABLE a (id int PRIMARY KEY, CHECK (false)); CREATE TABLE b (a int NOT NULL REFERENCES a);"
                            + " CREATE TABLE c (id int) PARTITION BY LIST (id)");
            assertThat(fill(database).empty())
                    .extracting(FilledTables.Empty::reason)
                    .satisfiesExactly(
                            first -> assertThat(first).contains("a_check", "CHECK (false)"),
                            second -> assertThat(second).startsWith("it needs a row of public.a"),
                            third -> assertThat(third).isEqualTo("it has no partition that takes rows"));
        }
    }

    @Test
    void aHundredTablesAreFilledInWellUnderASecondAndLookedOverInMilliseconds() throws SQLException {
        try (TestDatabase database = new TestDatabase()) {
            StringBuilder schema = new StringBuilder();
            for (int i = 0; i < 100; i++) {
                schema.append(
                        "CREATE TABLE t%d (id bigint PRIMARY KEY, name text UNIQUE NOT NULL, n int CHECK (n > 0), parent bigint %s);"
                                .formatted(i, i == 0 ? "" : "REFERENCES t" + (i - 1)));
            }
            database.run(schema.toString());
            try (Connection connection = database.open()) {
                long start = System.nanoTime();
                GeneratedRows.DEFAULT.fill(connection);
                long filled = System.nanoTime();
                for (int i = 0; i < 20; i++) {
                    GeneratedRows.DEFAULT.fill(connection);
                }
                long lookedOver = (System.nanoTime() - filled) / 20_000_000;
                // Generous: machines that build are busy.
                assertThat((filled - start) / 1_000_000).isLessThan(8_000);
                assertThat(lookedOver).isLessThan(100);
            }
            assertThat(database.value("SELECT count(*) FROM t99")).isEqualTo("10");
        }
    }
}
