package dev.imprimatur.migrations.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotTest {

    private static TestDatabase database;
    private Connection connection;

    @BeforeAll
    static void objectsOfEveryKind() throws Exception {
        database = new TestDatabase();
        database.run(new String(
                SnapshotTest.class
                        .getResourceAsStream("/snapshot/every-kind.sql")
                        .readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8));
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

    private List<Effect> effectsOf(String sql) throws SQLException {
        Snapshot before = Snapshot.read(connection);
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
        return before.effectsTo(Snapshot.read(connection));
    }

    @Test
    void knowsEveryKindOfObject() throws SQLException {
        assertThat(Snapshot.read(connection).counts()).containsOnlyKeys(Kind.values());
    }

    @Test
    void twoSnapshotsOfTheSameStateAreEqual() throws SQLException {
        Snapshot one = Snapshot.read(connection);
        try (Connection other = database.open()) {
            Snapshot two = Snapshot.read(other);
            assertThat(two).isEqualTo(one);
            assertThat(one.effectsTo(two)).isEmpty();
            assertThat(other.getAutoCommit()).isTrue();
        }
    }

    @Test
    void leavesTheCallersSearchPathAndTransactionAlone() throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE mine ()");
            statement.execute("SET LOCAL search_path = app");
            assertThat(Snapshot.read(connection).object(Kind.TABLE, "public.mine"))
                    .isPresent();
            try (java.sql.ResultSet row = statement.executeQuery("SHOW search_path")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("app");
            }
        }
    }

    @Test
    void seesNeitherOurOwnHistoryNorMembersOfExtensions() throws SQLException {
        Snapshot snapshot = Snapshot.read(connection);
        assertThat(snapshot.objects().keySet())
                .extracting(ObjectId::name)
                .noneMatch(
                        name -> name.contains("migrate") || name.contains("pg_trgm.") || name.contains("similarity"));
        assertThat(snapshot.object(Kind.EXTENSION, "pg_trgm")).get().satisfies(extension -> {
            assertThat(extension.fact(Fact.SCHEMA)).contains("ext");
        });
    }

    /** Each change, its class, and the one line that tells it. */
    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', textBlock = """
            CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE CHECK (a > 0)) ! ADDITIVE ! new table t
            DROP TABLE guarded ! DESTRUCTIVE ! table guarded is gone
            ALTER TABLE posts ADD n text ! ADDITIVE ! new column posts.n
            ALTER TABLE posts ADD n text NOT NULL DEFAULT '' ! ADDITIVE ! new column posts.n
            ALTER TABLE empty_table ADD n text NOT NULL ! RESTRICTIVE ! new column empty_table.n
            ALTER TABLE posts DROP note ! DESTRUCTIVE ! column posts.note is gone
            ALTER TABLE posts ALTER note SET DEFAULT 'x' ! ADDITIVE ! column posts.note gained the default 'x'::text
            ALTER TABLE posts ALTER slug DROP DEFAULT ! RESTRICTIVE ! column posts.slug lost its default 'none'::text
            ALTER TABLE posts ALTER slug SET DEFAULT 'y' ! ADDITIVE ! column posts.slug has the default 'y'::text instead of 'none'::text
            ALTER TABLE empty_table ALTER id SET NOT NULL ! RESTRICTIVE ! column empty_table.id is now NOT NULL
            ALTER TABLE posts ALTER slug DROP NOT NULL ! ADDITIVE ! column posts.slug is no longer NOT NULL
            ALTER TABLE posts ALTER stars TYPE bigint ! ADDITIVE ! column posts.stars has the type bigint instead of integer
            ALTER TABLE posts ALTER stars TYPE smallint ! RESTRICTIVE ! column posts.stars has the type smallint instead of integer
            ALTER TABLE posts ALTER stars TYPE text ! DESTRUCTIVE ! column posts.stars has the type text instead of integer
            ALTER TABLE posts ALTER code TYPE varchar(20) ! ADDITIVE ! column posts.code has the type character varying(20) instead of character varying(10)
            ALTER TABLE posts ALTER code TYPE varchar(5) ! RESTRICTIVE ! column posts.code has the type character varying(5) instead of character varying(10)
            ALTER TABLE posts ALTER note SET STORAGE external ! ADDITIVE ! column posts.note gained the storage external
            ALTER TABLE posts ADD CHECK (stars > 0) ! RESTRICTIVE ! new constraint posts.posts_stars_check
            ALTER TABLE posts ADD CHECK (stars > 0) NOT VALID ! RESTRICTIVE ! new constraint posts.posts_stars_check
            ALTER TABLE posts VALIDATE CONSTRAINT late ! RESTRICTIVE ! constraint posts.late is no longer not valid
            ALTER TABLE posts DROP CONSTRAINT late ! ADDITIVE ! constraint posts.late is gone
            ALTER TABLE posts DROP CONSTRAINT posts_code_key ! DESTRUCTIVE ! constraint posts.posts_code_key is gone
            ALTER TABLE refs ALTER CONSTRAINT refs_post_fkey DEFERRABLE ! RESTRICTIVE ! constraint refs.refs_post_fkey has another definition
            ALTER TABLE refs DISABLE TRIGGER ALL ! ADDITIVE ! constraint refs.refs_post_fkey is now not enforced
            CREATE INDEX i ON posts (stars) ! ADDITIVE ! new index i
            CREATE UNIQUE INDEX i ON posts (id, stars) ! RESTRICTIVE ! new index i
            DROP INDEX posts_note ! DESTRUCTIVE ! index posts_note is gone
            ALTER TABLE posts ENABLE ROW LEVEL SECURITY ! RESTRICTIVE ! table posts is now row security
            ALTER TABLE empty_table SET UNLOGGED ! RESTRICTIVE ! table empty_table gained the persistence unlogged
            ALTER TABLE posts RENAME note TO memo ! DESTRUCTIVE ! column posts.note is gone
            ALTER TABLE empty_table OWNER TO owner_of_tests ! RESTRICTIVE ! table empty_table has the owner owner_of_tests instead of postgres
            ALTER TABLE events DETACH PARTITION events_a ! DESTRUCTIVE ! table events_a lost its parents public.events
            COMMENT ON COLUMN posts.note IS 'n' ! ADDITIVE ! column posts.note gained a comment
            ALTER TYPE mood ADD VALUE 'calm' BEFORE 'sad' ! ADDITIVE ! enum mood has the labels 'glad', 'calm', 'sad' instead of 'glad', 'sad'
            ALTER TYPE mood RENAME VALUE 'sad' TO 'blue' ! DESTRUCTIVE ! enum mood has the labels 'glad', 'blue' instead of 'glad', 'sad'
            ALTER DOMAIN positive ADD CHECK (VALUE < 9) ! RESTRICTIVE ! new constraint positive.positive_check1
            ALTER DOMAIN positive SET DEFAULT 3 ! ADDITIVE ! domain positive gained the default 3
            ALTER TYPE pair ADD ATTRIBUTE c int ! RESTRICTIVE ! new column pair.c
            ALTER TYPE pair DROP ATTRIBUTE b ! DESTRUCTIVE ! column pair.b is gone
            ALTER SEQUENCE counter INCREMENT 5 ! RESTRICTIVE ! sequence counter has the increment 5 instead of 1
            ALTER SEQUENCE counter OWNED BY NONE ! ADDITIVE ! sequence counter lost its owned by public.numbered.label
            CREATE OR REPLACE VIEW titles AS SELECT id, slug FROM posts WHERE id > 0 ! ADDITIVE ! view titles has another definition
            DROP VIEW titles ! DESTRUCTIVE ! view titles is gone
            CREATE OR REPLACE FUNCTION twice(x int) RETURNS int LANGUAGE sql AS 'SELECT x + x' ! ADDITIVE ! function twice(integer) has another body
            ALTER FUNCTION twice(int) STABLE ! ADDITIVE ! function twice(integer) has the volatility stable instead of immutable
            DROP FUNCTION twice(int) ! DESTRUCTIVE ! function twice(integer) is gone
            DROP AGGREGATE total(int) ! DESTRUCTIVE ! aggregate total(integer) is gone
            ALTER TABLE posts DISABLE TRIGGER touch ! DESTRUCTIVE ! trigger posts.touch gained the firing disabled
            DROP TRIGGER touch ON posts ! DESTRUCTIVE ! trigger posts.touch is gone
            CREATE RULE no_delete AS ON DELETE TO posts DO INSTEAD NOTHING ! RESTRICTIVE ! new rule posts.no_delete
            CREATE POLICY p ON posts USING (true) ! ADDITIVE ! new policy posts.p
            CREATE POLICY p ON posts AS RESTRICTIVE USING (true) ! RESTRICTIVE ! new policy posts.p
            DROP POLICY own ON guarded ! RESTRICTIVE ! policy guarded.own is gone
            GRANT INSERT ON posts TO reader_of_tests ! ADDITIVE ! privileges of reader_of_tests on table posts has the privileges INSERT, SELECT instead of SELECT
            REVOKE SELECT ON posts FROM reader_of_tests ! DESTRUCTIVE ! privileges of reader_of_tests on table posts is gone
            GRANT UPDATE (note) ON posts TO reader_of_tests ! ADDITIVE ! new privileges of reader_of_tests on column posts.note: UPDATE
            REVOKE EXECUTE ON FUNCTION twice(int) FROM PUBLIC ! DESTRUCTIVE ! new privileges of PUBLIC on function twice(integer): none
            ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC ! ADDITIVE ! default privileges of postgres on tables in app has the privileges SELECT to reader_of_tests, SELECT to PUBLIC instead of SELECT to reader_of_tests
            ALTER EXTENSION pg_trgm SET SCHEMA app ! ADDITIVE ! extension pg_trgm has the schema app instead of ext
            ALTER PUBLICATION news DROP TABLE posts ! ADDITIVE ! publication news lost its tables public.posts (id, slug) where (id > 0)
            DROP STATISTICS related ! DESTRUCTIVE ! statistics related is gone
            DROP EVENT TRIGGER watch ! DESTRUCTIVE ! event trigger watch is gone
            DROP OPERATOR === (int, int) ! DESTRUCTIVE ! other operator ===(integer,integer) is gone
            DROP SCHEMA app CASCADE ! DESTRUCTIVE ! schema app is gone
            INSERT INTO posts (id) OVERRIDING SYSTEM VALUE VALUES (50) ! RESTRICTIVE ! sequence posts_id_seq is now behind its column
            """)
    void tellsTheEffectAndItsClass(String sql, EffectClass effectClass, String line) throws SQLException {
        List<Effect> effects = effectsOf(sql);
        assertThat(effects).extracting(Effect::line).contains(line);
        assertThat(effects)
                .filteredOn(effect -> effect.line().equals(line))
                .extracting(Effect::effectClass)
                .containsExactly(effectClass);
    }

    /** Neighbours of the above that change nothing that a snapshot holds. */
    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '`', textBlock = """
            GRANT UPDATE ON posts TO reader_of_tests; REVOKE UPDATE ON posts FROM reader_of_tests
            GRANT EXECUTE ON FUNCTION twice(int) TO reader_of_tests; REVOKE EXECUTE ON FUNCTION twice(int) FROM reader_of_tests
            INSERT INTO posts DEFAULT VALUES
            UPDATE posts SET note = 'x'
            SELECT nextval('counter')
            CREATE TEMP TABLE passing (id int)
            ALTER TABLE posts ADD z int; ALTER TABLE posts DROP z
            DROP INDEX posts_note; CREATE INDEX posts_note ON posts (note)
            ALTER TABLE posts ALTER note SET DATA TYPE text
            ALTER TABLE posts CLUSTER ON posts_note; ALTER TABLE posts SET WITHOUT CLUSTER
            CREATE TABLE migrate.extra (id int)
            DROP TRIGGER touch ON posts; CREATE TRIGGER touch BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch()
            """)
    void seesNoDifferenceWhereThereIsNone(String sql) throws SQLException {
        assertThat(effectsOf(sql)).isEmpty();
    }

    @Test
    void columnsInAnotherOrderAreToldApart() throws SQLException {
        List<Effect> effects = effectsOf("ALTER TABLE posts DROP stars; ALTER TABLE posts ADD stars int");
        assertThat(effects).singleElement().isInstanceOfSatisfying(Effect.Reordered.class, reordered -> {
            assertThat(reordered.after()).endsWith("stars");
            assertThat(reordered.line()).startsWith("table posts has its columns in the order ");
        });
    }

    @Test
    void anObjectComesAndGoesWithItsParentInOneEffect() throws SQLException {
        assertThat(effectsOf("CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE); GRANT SELECT ON t TO reader_of_tests"))
                .extracting(Effect::line)
                .containsExactly("new table t");
        assertThat(effectsOf("DROP TABLE t")).extracting(Effect::line).containsExactly("table t is gone");
    }

    @Test
    void aRuleOnNewColumnsAloneIsNoRestrictionToOldCode() throws SQLException {
        assertThat(effectsOf("ALTER TABLE posts ADD n int UNIQUE CHECK (n > 0)"))
                .allSatisfy(effect -> assertThat(effect.effectClass()).isEqualTo(EffectClass.ADDITIVE));
    }
}
