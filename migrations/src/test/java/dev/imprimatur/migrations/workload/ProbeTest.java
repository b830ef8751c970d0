package dev.imprimatur.migrations.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProbeTest {

    private Stage stage;

    @BeforeEach
    void open() throws SQLException {
        stage = new Stage();
    }

    @AfterEach
    void close() throws SQLException {
        stage.close();
    }

    /** A text, and PLANNED or why not. */
    private static final Map<String, String> HARD = Map.ofEntries(
            Map.entry("SELECT * FROM posts WHERE due > now() - interval $1", "PLANNED"),
            Map.entry("SELECT * FROM posts WHERE due > now() - interval $1 * $2::int", "PLANNED"),
            Map.entry("SELECT * FROM posts WHERE due > date $1", "PLANNED"),
            Map.entry("SELECT * FROM posts WHERE due > timestamp with time zone $1", "PLANNED"),
            Map.entry("SELECT extract($1 FROM due) FROM posts", "PLANNED"),
            Map.entry("SELECT date_trunc($1, due), count(*) FROM posts GROUP BY date_trunc($2, due)", "42803"),
            Map.entry("SELECT $1*$2", "42725"),
            Map.entry("SELECT unnest($1)", "42725"),
            Map.entry("SELECT * FROM only_there_for_a_session", "42P01"),
            Map.entry("SELECT '{\"a\": 1}'::jsonb ? $1", "PLANNED"),
            Map.entry("SELECT '{\"a\": 1}'::jsonb ?| ARRAY[$1, '{fn now()}']", "PLANNED"),
            Map.entry("SELECT $$;?{ts '2026-01-01'}$$ || E'\\';' || $1", "PLANNED"),
            Map.entry("SELECT slug AS \";?$1\" FROM posts /* ; */ LIMIT $1", "PLANNED"),
            Map.entry("(SELECT 1) UNION (SELECT 2)", "PLANNED"),
            Map.entry("VALUES ($1)", "PLANNED"),
            Map.entry("TABLE posts", "PLANNED"),
            Map.entry("SELECT ;", "PLANNED"),
            Map.entry("SELEC 1", "a utility statement"),
            Map.entry("SELECT FROM FROM", "42601"),
            Map.entry("VACUUM posts", "a utility statement"),
            Map.entry("SELECT 1; DROP TABLE posts", "not a single statement"),
            Map.entry("SELECT 'x", "not a single statement"),
            Map.entry("SELECT 1 \\g", "not a single statement"),
            Map.entry("", "not a single statement"));

    @Test
    void hardTextsPlanOrSayWhyNot() throws SQLException {
        Workload workload = new Workload(HARD.keySet().stream()
                .map(text -> new Query(text, Optional.empty(), List.of()))
                .toList());
        try (Connection connection = stage.database.open()) {
            assertThat(workload.probe(connection).answers())
                    .allSatisfy(answer -> assertThat(word(answer.planning()))
                            .as(answer.query().text())
                            .isEqualTo(HARD.get(answer.query().text())));
            assertThat(stage.database.value("SELECT count(*) FROM posts")).isEqualTo("10");
        }
    }

    @Test
    void serversWithoutGenericPlansGiveTheSame() throws SQLException {
        try (Connection connection = stage.database.open();
                Sandbox sandbox = new Sandbox(connection)) {
            Planner ofOlderServers = new Planner(sandbox, false);
            for (Map.Entry<String, String> hard : HARD.entrySet()) {
                Planning planning = ofOlderServers
                        .plan(new Query(hard.getKey(), Optional.empty(), List.of()))
                        .planning();
                // PREPARE must know every type, EXPLAIN need not.
                assertThat(word(planning)).as(hard.getKey()).isIn(hard.getValue(), "42P18", "42725");
            }
            Query reader = new Query("SELECT body FROM posts WHERE slug = $1", Optional.empty(), List.of());
            assertThat(ofOlderServers.plan(reader))
                    .isEqualTo(Planner.of(sandbox).plan(reader));
        }
    }

    private static String word(Planning planning) {
        return switch (planning) {
            case Planning.Planned planned -> "PLANNED";
            case Refused refused -> refused.sqlState();
            case Untestable untestable -> untestable.reason();
        };
    }

    @Test
    void aRefusalPointsIntoTheQueriesText() throws SQLException {
        Answer answer = stage.probe("SELECT id, slog FROM posts").answers().getFirst();
        assertThat(answer.planning()).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.position()).isEqualTo(12);
            assertThat(refused.sqlState()).isEqualTo("42703");
        });
    }

    private static final String WRITES = """
            INSERT INTO posts (slug, author) VALUES ($1, $2);
            DELETE FROM posts WHERE id = $1;
            UPDATE people SET name = $1 WHERE id = $2;
            SELECT slug FROM posts WHERE slug = $1;
            SELECT nothing FROM posts;
            INSERT INTO people VALUES (1, 'taken')
            """;

    private static final String STATE = """
            SELECT concat_ws(' ', current_setting('search_path'), current_user, current_setting('statement_timeout'),
                             current_setting('lock_timeout'), current_setting('plan_cache_mode'),
                             (SELECT count(*) FROM pg_prepared_statements WHERE from_sql), (SELECT count(*) FROM posts),
                             (SELECT md5(string_agg(p::text, '' ORDER BY id)) FROM people p),
                             (SELECT string_agg(reltuples || '/' || relpages, ',' ORDER BY relname) FROM pg_class
                               WHERE relname IN ('posts', 'people', 'posts_slug')),
                             (SELECT count(*) FROM pg_stats WHERE tablename = 'posts'))""";

    @Test
    void nothingIsLeftBehindInTheCallersTransaction() throws SQLException {
        stage.database.run("ANALYZE");
        stage.database.run("CREATE SCHEMA other; GRANT ALL ON ALL TABLES IN SCHEMA public TO pg_monitor");
        try (Connection connection = stage.database.open()) {
            connection.setAutoCommit(false);
            Stage.run(
                    connection,
                    "SET LOCAL search_path = public, other; SET LOCAL lock_timeout = '77s'; "
                            + "INSERT INTO people VALUES (77, 'not yet there for others')");
            String before = state(connection);
            Probe probe = Stage.workload(WRITES).probe(connection);
            assertThat(probe.coverage()).hasToString("5 of 6 queries plan, 3 of 4 writes run; not tested: 1 × 42703");
            assertThat(state(connection)).isEqualTo(before);
            Stage.run(connection, "SET LOCAL ROLE pg_monitor");
            String asMonitor = state(connection);
            assertThat(Stage.workload(WRITES).probe(connection).coverage().ran())
                    .isEqualTo(3);
            assertThat(state(connection)).isEqualTo(asMonitor);
            connection.rollback();
        }
    }

    @Test
    void nothingIsLeftBehindOutsideATransaction() throws SQLException {
        try (Connection connection = stage.database.open()) {
            String before = state(connection);
            Stage.workload(WRITES).probe(connection);
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(state(connection)).isEqualTo(before);
        }
    }

    private static String state(Connection connection) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement();
                java.sql.ResultSet row = statement.executeQuery(STATE)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void theSameStateGivesTheSameParameters() throws SQLException {
        assertThat(stage.probe(WRITES)).isEqualTo(stage.probe(WRITES));
    }

    @Test
    void aTableThatStaysLockedIsNoRefusal() throws SQLException {
        String query = "SELECT slug FROM posts";
        Workload workload = Stage.workload(query);
        try (Connection connection = stage.database.open();
                Connection other = stage.database.open()) {
            Probe before = workload.probe(connection);
            other.setAutoCommit(false);
            Stage.run(other, "LOCK TABLE posts");
            Probe after = workload.probe(connection, before);
            assertThat(after.answers().getFirst().planning())
                    .isInstanceOfSatisfying(
                            Untestable.class,
                            untestable -> assertThat(untestable.reason()).startsWith("55P03"));
            assertThat(after.brokenSince(before)).isEmpty();
            other.rollback();
            assertThat(workload.probe(connection, before).coverage().planned()).isEqualTo(1);
        }
    }

    @Test
    void whatARollbackDoesNotTakeBackIsNotRun() throws SQLException {
        String write = "INSERT INTO people SELECT 99, 'x' WHERE pg_try_advisory_lock(7)";
        assertThat(stage.probe(write).answers().getFirst().execution())
                .isEqualTo(new Untestable("not run, since a rollback does not take back pg_try_advisory_lock"));
    }

    @Test
    void manyQueriesAreProbedInOneGo() throws SQLException {
        String queries = IntStream.range(0, 500)
                .mapToObj(i -> "SELECT slug FROM posts WHERE rank = %d AND slug = $1".formatted(i))
                .collect(Collectors.joining("; "));
        assertThat(stage.broken(queries, "ALTER TABLE posts DROP rank")).hasSize(500);
    }

    @Test
    void everyKindOfParameterIsMadeUp() throws SQLException {
        try (Stage kinds = new Stage("""
                CREATE TYPE mood AS ENUM ('sad', 'ok');
                CREATE DOMAIN percent AS int CHECK (VALUE BETWEEN 0 AND 100);
                CREATE TABLE "Odd Kinds" (id uuid PRIMARY KEY, m mood NOT NULL, p percent NOT NULL, j jsonb, a text[],
                    r int4range, b bytea, "When" timestamptz, n numeric(6, 2), CHECK (n > 10 AND n < 12));
                CREATE TABLE parted (id int NOT NULL, kind text NOT NULL) PARTITION BY LIST (kind);
                CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('alpha');
                CREATE VIEW seen AS SELECT id, m FROM "Odd Kinds";
                INSERT INTO "Odd Kinds" VALUES (gen_random_uuid(), 'ok', 3, '{}', '{a}', '[1,2)', 'x', now(), 11);
                """)) {
            Probe probe = kinds.probe("""
                    INSERT INTO "Odd Kinds" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);
                    INSERT INTO "Odd Kinds" (id, m, p, n) SELECT $1, CAST($2 AS mood), coalesce($3, 5), $4::numeric WHERE true;
                    UPDATE "Odd Kinds" AS o SET "When" = $1, n = $2 WHERE o.id = $3 AND o.m = $4;
                    INSERT INTO parted (id, kind) VALUES ($1, $2);
                    UPDATE seen SET m = $1;
                    DELETE FROM public."Odd Kinds" WHERE $1 = id
                    """);
            assertThat(probe.coverage()).hasToString("6 of 6 queries plan, 6 of 6 writes run");
        }
    }
}
