package dev.imprimatur.migrations.rows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableDigestTest {

    private TestDatabase database;

    @BeforeEach
    void create() throws SQLException {
        database = new TestDatabase();
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private TableDigest digest(String table) throws SQLException {
        try (Connection connection = database.open()) {
            return digest(connection, table);
        }
    }

    private static TableDigest digest(Connection connection, String table) throws SQLException {
        return Objects.requireNonNull(TableDigest.readAll(connection).get(table));
    }

    private static TableShape shape(Connection connection) throws SQLException {
        return Objects.requireNonNull(TableShape.readAll(connection).get("public.t"));
    }

    /** Values that equality, casts or hashes of PostgreSQL take for the same, or nearly so. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "numeric          | 1.0                  | 1.00",
                "float8           | 0                    | -0",
                "float4           | 0                    | -0",
                "float8           | 0.1                  | 0.10000000000000002",
                "bpchar           | `x`                  | `x `",
                "text             | `x`                  | `x `",
                "text             | `a`                  | `A`",
                "varchar(9)       | ``                   | NULL",
                "interval         | 1 mon                | 30 days",
                "interval         | 1 day                | 24:00",
                "int[]            | {1,2}                | [2:3]={1,2}",
                "int[]            | {{1,2},{3,4}}        | {1,2,3,4}",
                "int[]            | {}                   | {NULL}",
                "mood             | sad                  | ok",
                "mood[]           | {sad}                | {ok}",
                "pair             | (1,)                 | (,1)",
                "pair             | (,)                  | NULL",
                "price            | 1.0                  | 1.00",
                "json             | {\"a\":1}            | {\"a\": 1}",
                "jsonb            | {\"a\":1}            | {\"a\": 1.0}",
                "bit varying      | 1                    | 10",
                "money            | 1.00                 | 1.01",
                "inet             | 10.0.0.1/8           | 10.0.0.1/32",
                "timetz           | 12:00+00             | 13:00+01",
                "int4range        | empty                | [1,2)",
                "numrange         | [1.0,2]              | [1.00,2]",
                "regclass         | pg_class             | pg_type",
                "\"char\"         | a                    | b",
                "point            | (0,0)                | (0,-0)",
                "tsvector         | a:1                  | a:2",
                "bool             | f                    | NULL",
                "int              | 0                    | NULL",
                "xml              | <a/>                 | <a></a>"
            })
    void noChangeOfAValueGoesUnseen(String type, String one, String other) throws SQLException {
        database.run("""
                CREATE TYPE mood AS ENUM ('sad', 'ok');
                CREATE TYPE pair AS (a int, b int);
                CREATE DOMAIN price AS numeric;
                CREATE TABLE t (id int PRIMARY KEY, value %s)
                """.formatted(type));
        database.run("INSERT INTO t VALUES (1, %s)".formatted(literal(one)));
        TableDigest before = digest("public.t");
        database.run("UPDATE t SET value = value");
        assertThat(before.differenceTo(digest("public.t"))).isEmpty();
        database.run("UPDATE t SET value = %s".formatted(literal(other)));
        assertThat(before.differenceTo(digest("public.t"))).hasValueSatisfying(difference -> {
            assertThat(difference.columns()).containsExactly("value");
            assertThat(difference.keys()).containsExactly("1");
        });
    }

    private static String literal(String value) {
        return value.equals("NULL") ? "NULL" : "'" + value + "'";
    }

    @Test
    void valuesSwappedPermutedOrDuplicatedBetweenRowsAreSeenAndTheOrderOfRowsIsNot() throws SQLException {
        Random random = new Random(20261124);
        database.run("CREATE TABLE t (a int, b text, c uuid, d numeric, e int[])");
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            rows.add(new ArrayList<>(List.of(
                    String.valueOf(i),
                    "'word " + i + "'",
                    "'00000000-0000-0000-0000-00000000000" + i + "'",
                    i + ".50",
                    "'{" + i + "}'")));
        }
        TableDigest before = fill(rows);
        Set<List<String>> original = Set.copyOf(rows);
        for (int round = 0; round < 150; round++) {
            List<List<String>> changed = new ArrayList<>();
            rows.forEach(row -> changed.add(new ArrayList<>(row)));
            Collections.shuffle(changed, random);
            int column = random.nextInt(5);
            switch (round % 3) {
                case 0 -> {}
                case 1 -> {
                    int at = random.nextInt(7);
                    String kept = changed.get(at).get(column);
                    changed.get(at).set(column, changed.get(at + 1).get(column));
                    changed.get(at + 1).set(column, kept);
                }
                default -> {
                    changed.set(0, changed.get(1));
                    changed.set(2, changed.get(3));
                }
            }
            boolean same = Set.copyOf(changed).equals(original);
            assertThat(before.differenceTo(fill(changed)).isEmpty())
                    .as("round %d: %s", round, changed)
                    .isEqualTo(same);
        }
    }

    private TableDigest fill(List<List<String>> rows) throws SQLException {
        StringBuilder sql = new StringBuilder("TRUNCATE t;");
        rows.forEach(row -> sql.append("INSERT INTO t VALUES (")
                .append(String.join(", ", row))
                .append(");"));
        database.run(sql.toString());
        return digest("public.t");
    }

    @Test
    void duplicatesDoNotCancel() throws SQLException {
        database.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1), (2)");
        TableDigest before = digest("public.t");
        database.run("TRUNCATE t; INSERT INTO t VALUES (1), (2), (2)");
        assertThat(before.differenceTo(digest("public.t"))).isPresent();
        database.run("TRUNCATE t; INSERT INTO t VALUES (2), (2), (2)");
        assertThat(before.differenceTo(digest("public.t"))).isPresent();
    }

    @Test
    void theSettingsOfTheSessionAndTheOrderOfColumnsChangeNothing() throws SQLException {
        database.run("""
                CREATE TABLE t (a timestamptz, b float8, c interval, d bytea, e money, f timestamptz[]);
                INSERT INTO t VALUES ('2026-01-01 12:00+00', 0.1, '1 day 2 hours', '\\x01', 12.5, '{2026-01-01 12:00+00}')
                """);
        TableDigest before = digest("public.t");
        try (Connection connection = database.open();
                java.sql.Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'ISO, DMY'; SET IntervalStyle = 'iso_8601';"
                    + " SET extra_float_digits = -5; SET bytea_output = 'escape'; SET search_path = pg_temp");
            assertThat(before.differenceTo(digest(connection, "public.t"))).isEmpty();
            connection.setAutoCommit(false);
            statement.execute("ALTER TABLE public.t DROP a; ALTER TABLE public.t ADD a timestamptz;"
                    + "UPDATE public.t SET a = '2026-01-01 12:00+00'");
            assertThat(before.differenceTo(digest(connection, "public.t"))).isEmpty();
            try (java.sql.ResultSet row = statement.executeQuery("SHOW TimeZone")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("Asia/Tokyo");
            }
            connection.rollback();
        }
    }

    @Test
    void aChildTablesRowsAreNotItsParents() throws SQLException {
        database.run("""
                CREATE TABLE parent (a int); CREATE TABLE child () INHERITS (parent);
                CREATE TABLE parted (a int) PARTITION BY LIST (a);
                CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
                CREATE MATERIALIZED VIEW seen AS SELECT 1 AS one;
                CREATE TABLE nothing ();
                INSERT INTO child VALUES (1), (2); INSERT INTO parted VALUES (1); INSERT INTO nothing DEFAULT VALUES
                """);
        assertThat(digest("public.parent").rows()).isZero();
        assertThat(digest("public.child").rows()).isEqualTo(2);
        assertThat(digest("public.parted_1").rows()).isEqualTo(1);
        assertThat(digest("public.seen").rows()).isEqualTo(1);
        assertThat(digest("public.nothing").rows()).isEqualTo(1);
        try (Connection connection = database.open()) {
            assertThat(TableShape.readAll(connection)).doesNotContainKey("public.parted");
        }
    }

    @Test
    void rowsCompareOverSharedColumnsAsTheNewType() throws SQLException {
        database.run("CREATE TABLE t (id int PRIMARY KEY, old int, gone int);"
                + "INSERT INTO t SELECT n, n, n FROM generate_series(1, 9) n");
        TableShape before;
        try (Connection connection = database.open()) {
            before = shape(connection);
            connection.setAutoCommit(false);
            try (java.sql.Statement statement = connection.createStatement()) {
                statement.execute("ALTER TABLE t ALTER old TYPE numeric(9,2), DROP gone, ADD fresh text");
            }
            TableShape after = shape(connection);
            TableDigest is = TableDigest.read(connection, after, after.commonWith(before));
            connection.rollback();
            TableDigest was = TableDigest.read(connection, before, before.becoming(after));
            assertThat(was.byColumn()).containsOnlyKeys("id", "old");
            assertThat(was.differenceTo(is)).isEmpty();
        }
    }

    @Test
    void whatMayDifferIsIgnoredAndNothingElse() throws SQLException {
        database.run("CREATE TABLE t (id int PRIMARY KEY, at timestamptz DEFAULT clock_timestamp(), word text);"
                + "INSERT INTO t (id, word) VALUES (1, 'a'), (2, 'b')");
        TableDigest before = digest("public.t");
        database.run("UPDATE t SET at = clock_timestamp()");
        assertThat(before.differenceTo(digest("public.t"), Set.of("at"))).isEmpty();
        database.run("UPDATE t SET word = CASE word WHEN 'a' THEN 'b' ELSE 'a' END");
        assertThat(before.differenceTo(digest("public.t"), Set.of("at")))
                .hasValueSatisfying(difference -> assertThat(difference.keys()).containsExactly("1", "2"));
    }

    @Test
    void rowByRowAndInOneSumAreTheSameDigest() throws SQLException {
        database.run("CREATE TABLE t (id int PRIMARY KEY, word text, n numeric, at timestamptz);"
                + "INSERT INTO t SELECT n, 'w' || n, n / 3.0, now() FROM generate_series(1, 999) n");
        try (Connection connection = database.open()) {
            TableShape shape = shape(connection);
            TableDigest small = TableDigest.read(connection, shape, shape.allColumns());
            TableDigest totals = TableDigest.readTotals(connection, shape, shape.allColumns());
            assertThat(small.byKey()).hasSize(999);
            assertThat(totals.byColumn()).isEmpty();
            assertThat(totals.sum()).isEqualTo(small.sum());
            assertThat(small.differenceTo(totals)).isEmpty();
        }
    }

    @Test
    void aTableOfMiddlingSizeNamesItsColumnsAndALargeOneOnlyThatItDiffers() throws SQLException {
        database.run("CREATE TABLE t (id int PRIMARY KEY, word text);"
                + "INSERT INTO t SELECT n, 'w' FROM generate_series(1, 1001) n");
        TableDigest middling = digest("public.t");
        assertThat(middling.byKey()).isEmpty();
        database.run("UPDATE t SET word = 'x' WHERE id = 7");
        assertThat(middling.differenceTo(digest("public.t")))
                .hasValueSatisfying(difference -> assertThat(difference.line()).isEqualTo("other values in word"));
        database.run("INSERT INTO t SELECT n, 'w' FROM generate_series(1002, %d) n".formatted(TableDigest.NAMED + 1));
        TableDigest large = digest("public.t");
        assertThat(large.byColumn()).isEmpty();
        assertThat(large.differenceTo(digest("public.t"))).isEmpty();
        database.run("UPDATE t SET word = 'y' WHERE id = 7");
        TableDigest after = digest("public.t");
        assertThat(large.differenceTo(after))
                .hasValueSatisfying(difference -> assertThat(difference.line()).isEqualTo("other rows"));
        // What cannot be told apart any more is not taken for the same.
        assertThat(large.differenceTo(after, Set.of("word"))).isPresent();
    }

    @Test
    void ofAVolatileColumnOnlyThePresenceOfItsValuesCounts() throws SQLException {
        database.run("CREATE TYPE pair AS (a int, b int);"
                + "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, p pair, word text);"
                + "INSERT INTO t VALUES (1, now(), '(,)', 'a'), (2, NULL, NULL, 'b')");
        TableDigest before = present("at", "p");
        database.run("UPDATE t SET at = clock_timestamp() + interval '1 day', p = '(1,2)' WHERE id = 1");
        assertThat(before.differenceTo(present("at", "p"))).isEmpty();
        database.run("UPDATE t SET p = NULL WHERE id = 1");
        assertThat(before.differenceTo(present("at", "p")))
                .hasValueSatisfying(difference ->
                        assertThat(difference.line()).isEqualTo("other values in p, e.g. where the key is 1"));
    }

    private TableDigest present(String... columns) throws SQLException {
        try (Connection connection = database.open()) {
            TableShape shape = shape(connection);
            SortedMap<String, ComparedColumn> compared = shape.allColumns();
            for (String column : columns) {
                compared.put(column, new ComparedColumn.Presence());
            }
            return TableDigest.read(connection, shape, compared);
        }
    }

    @Test
    void theShapesOfSomeTablesAreThoseOfAll() throws SQLException {
        database.run("CREATE SCHEMA \"Odd One\"; CREATE TABLE \"Odd One\".\"T 1\" (a int PRIMARY KEY);"
                + "CREATE TABLE t (id int); CREATE TABLE other (id int); CREATE VIEW seen AS SELECT 1 AS one");
        try (Connection connection = database.open()) {
            Set<String> names = Set.of("\"Odd One\".\"T 1\"", "public.t", "public.seen", "public.gone");
            SortedMap<String, TableShape> some = TableShape.read(connection, names);
            assertThat(some).containsOnlyKeys("\"Odd One\".\"T 1\"", "public.t");
            assertThat(TableShape.readAll(connection)).containsAllEntriesOf(some);
        }
    }

    @Test
    void rowsThatWereThereAreFoundAmongNewOnesAsOftenAsTheyWereThere() throws SQLException {
        database.run("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (1, 'x'), (2, NULL)");
        RowHashes before = hashes();
        assertThat(before.size()).isEqualTo(3);
        database.run("INSERT INTO t SELECT n, 'new' FROM generate_series(1, 50000) n");
        assertThat(hashes().containsAll(before)).isTrue();
        assertThat(before.containsAll(hashes())).isFalse();
        database.run("DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t WHERE b = 'x')");
        assertThat(hashes().missing(before)).isEqualTo(1);
        database.run("UPDATE t SET b = '' WHERE b IS NULL");
        assertThat(hashes().missing(before)).isEqualTo(2);
        database.run("TRUNCATE t");
        assertThat(hashes().missing(before)).isEqualTo(3);
    }

    private RowHashes hashes() throws SQLException {
        try (Connection connection = database.open()) {
            TableShape shape = shape(connection);
            return RowHashes.read(connection, shape, shape.allColumns());
        }
    }
}
