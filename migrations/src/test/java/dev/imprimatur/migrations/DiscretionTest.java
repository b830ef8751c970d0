package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiscretionTest {

    private static TestDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void oneRowWithANumberAndAWord() throws SQLException {
        database = new TestDatabase();
        database.run("""
                CREATE EXTENSION dblink;
                CREATE SEQUENCE s MAXVALUE 10;
                CREATE TABLE posts (id int PRIMARY KEY, title text NOT NULL);
                INSERT INTO posts VALUES (7741903, 'hunter2');
                CREATE FUNCTION named(t text) RETURNS regclass LANGUAGE sql AS 'SELECT t::regclass';
                CREATE VIEW here AS SELECT format('port=%s host=127.0.0.1 dbname=%s user=postgres',
                                                  current_setting('port'), current_database()) AS url;
                """);
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    /** What would be written down of the server's message when this file is run. */
    private String message(String sql) throws Exception {
        Path file = Files.writeString(folder.resolve("0001_expand_x.sql"), sql);
        Script script = new ScriptReader(file, Direction.FORWARD, new ArrayList<>())
                .read()
                .orElseThrow();
        Statement last = script.statements().list().getLast();
        return Discretion.message(
                new StepFailure(StepFailure.At.STATEMENT, Optional.of(last), error(script.statements())), script);
    }

    private static SQLException error(Statements statements) throws SQLException {
        try (Connection connection = database.open();
                java.sql.Statement run = connection.createStatement()) {
            connection.setAutoCommit(false);
            run.setEscapeProcessing(false);
            return catchThrowableOfType(SQLException.class, () -> {
                for (Statement statement : statements.list()) {
                    run.execute(statement.text());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT title::regclass FROM posts",
                "SELECT title::regtype FROM posts",
                "SELECT title::regrole FROM posts",
                "SELECT title::regproc FROM posts",
                "SELECT title::regoper FROM posts",
                "SELECT (title || '(int)')::regprocedure FROM posts",
                "SELECT title::regconfig FROM posts",
                "SELECT title::regcollation FROM posts",
                "SELECT title::regnamespace FROM posts",
                "SELECT (title || '.a.b.c.d')::regclass FROM posts",
                "SELECT (title || ' of')::tsquery FROM posts",
                "SELECT nextval(title) FROM posts",
                "SELECT named(title) FROM posts",
                "SELECT current_setting(title) FROM posts",
                "SELECT set_config(title, 'x', false) FROM posts",
                "SELECT has_table_privilege(title, 'posts', 'SELECT') FROM posts",
                "SELECT pg_get_serial_sequence('posts', title) FROM posts",
                "SELECT schema_to_xml(title::name, true, true, '') FROM posts",
                "SELECT query_to_xml('SELECT ' || title, true, true, '') FROM posts",
                "SELECT pg_read_file(title) FROM posts",
                "SELECT lo_import(title) FROM posts",
                "SELECT lo_get(id) FROM posts",
                "SELECT setval('s', id) FROM posts",
                "SELECT chr(id) FROM posts",
                "SELECT make_date(id, 1, 1) FROM posts",
                "SELECT make_timestamp(2000, id, 1, 1, 1, 1) FROM posts",
                "SELECT set_byte('a', id, 1) FROM posts",
                "SELECT format(title || '%' || title) FROM posts",
                "SELECT ('\"posts\" ' || title || ' \"posts')::int FROM posts",
                "SELECT jsonb_path_query('{}', ('strict $.' || title)::jsonpath) FROM posts",
                "SELECT dblink(url, 'SELECT ' || title) FROM posts, here",
                "SELECT dblink(url || ' options=-c' || title, 'SELECT 1') FROM posts, here",
                "SELECT * FROM posts WHERE title = 'hunter2' 'x' 'hunter2'",
                "SELECT 'hunter2'::int",
            })
    void aMessageKeepsNoValueWhateverItsSqlStateCallsIt(String sql) throws Exception {
        assertThat(message(sql)).isNotBlank().doesNotContain("hunter2").doesNotContain("7741903");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT slug FROM posts|column \"slug\" does not exist",
                "SELECT posts.slug FROM posts|column posts.slug does not exist",
                "SELECT Posts.\"Slug\" FROM Posts|column posts.Slug does not exist",
                "ALTER TABLE nowhere ADD x int|relation \"nowhere\" does not exist",
                "DO $$ BEGIN ALTER TABLE nowhere ADD x int; END $$|relation \"nowhere\" does not exist",
                "CREATE TABLE posts ()|relation \"posts\" already exists",
                "SELEC 1|syntax error at or near \"SELEC\"",
                "SELECT missing(1)|function missing(integer) does not exist",
                "INSERT INTO posts SELECT * FROM posts|duplicate key value violates unique constraint \"posts_pkey\"",
                "INSERT INTO posts VALUES (1)|null value in column \"title\" of relation \"posts\" violates not-null constraint",
                "ALTER TABLE posts ADD CHECK (id < 5)|check constraint \"posts_id_check\" of relation \"posts\" is violated by some row",
                "ALTER TABLE posts ALTER title TYPE varchar(3)|value too long for type character varying(3)",
                "SELECT title::int FROM posts|invalid input syntax for type integer: …",
                "SELECT setval('s', id) FROM posts|setval: value … is out of bounds for sequence … (…)",
            })
    void aMessageKeepsTheNamesThatTheFileOrTheCatalogGives(String sql, String kept) throws Exception {
        assertThat(message(sql)).isEqualTo(kept);
    }

    @Test
    void otherLanguagesQuoteOtherwise() throws Exception {
        Script script = new ScriptReader(
                        Files.writeString(folder.resolve("0001_expand_x.sql"), "SELECT title::regclass FROM posts;"),
                        Direction.FORWARD,
                        new ArrayList<>())
                .read()
                .orElseThrow();
        Known known = new Known(script, new org.postgresql.util.ServerErrorMessage("SFEHLER\0C42P01\0M?\0"));
        for (String message : List.of(
                "Relation »%s« existiert nicht",
                "la relation « %s » n'existe pas", "リレーション\"%s\"は存在しません", "отношение “%s” не существует")) {
            assertThat(known.in(message.formatted("hunter2"))).doesNotContain("hunter2");
            assertThat(known.in(message.formatted("posts"))).contains("posts");
        }
    }
}
