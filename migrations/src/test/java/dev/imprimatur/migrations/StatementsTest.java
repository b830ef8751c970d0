package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.Statements.Flaw;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementsTest {

    private static List<String> texts(String sql) {
        return Statements.of(sql).list().stream().map(Statement::text).toList();
    }

    /** Each of these is one statement however many semicolons it holds. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT ';'",
                "SELECT 'it''s; fine'",
                "SELECT E'a\\';b'",
                "SELECT e'a\\\\' || ';'",
                "SELECT E'a\\\\\\';b'",
                "SELECT 'a\\' || ';'",
                "SELECT E'a'\n  'b\\';c'",
                "SELECT E'a' -- note ' here\n  'b\\';c'",
                "SELECT B'1' || X'1F' || N';'",
                "SELECT U&'\\0441;' , U&\"a;b\" FROM t",
                "SELECT \"a;b\"\"c;\"",
                "SELECT $$a;b$$",
                "SELECT $tag$ a; $$ ; $other$ ; $tag$",
                "SELECT $тег$ ; $тег$",
                "SELECT a$b$c, $1 FROM t WHERE x = $tag$;$tag$",
                "SELECT 1 /* ; /* ; */ ; */ + 2",
                "SELECT 1 -- ; '\n + 2",
                "SELECT 1 +/* ; */ 2",
                "SELECT 1 --; \"\r + 2",
                "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); INSERT INTO b VALUES (2);)",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END",
                "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN"
                        + " CASE 1 WHEN 1 THEN 2 END ELSE 3 END; SELECT 2; END",
                "CREATE PROCEDURE p(begin int) BEGIN ATOMIC INSERT INTO t SELECT (CASE WHEN b THEN 1 END) AS end;"
                        + " DELETE FROM t; END",
                "CREATE FUNCTION f() RETURNS int begin atomic SELECT t.end, t.case FROM t; SELECT 1 AS case; end",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC END",
                "CREATE FUNCTION f() RETURNS int AS $$ BEGIN; END; $$ LANGUAGE plpgsql",
                "DO $do$ BEGIN EXECUTE $q$ SELECT ';' $q$; END; $do$"
            })
    void keepsOneStatementWhole(String sql) {
        assertThat(texts(sql + ";")).containsExactly(sql);
        assertThat(texts(sql)).containsExactly(sql);
        assertThat(Statements.of(sql).flaws()).isEmpty();
    }

    @Test
    void splitsAtSemicolonsAndLeavesEmptyStatementsOut() {
        assertThat(texts(";; SELECT 1;\n;\n -- only a comment\n; SELECT 2 ;;")).containsExactly("SELECT 1", "SELECT 2");
    }

    @Test
    void aBodyInBeginAtomicEndsWithItsOwnEndOnly() {
        assertThat(texts("""
                CREATE FUNCTION f(x int) RETURNS int BEGIN ATOMIC
                  SELECT CASE x WHEN 1 THEN 2 END;
                END;
                SELECT 3;
                """)).hasSize(2).last().isEqualTo("SELECT 3");
    }

    @Test
    void beginAtomicMeansNothingOutsideARoutine() {
        assertThat(texts("SELECT begin atomic FROM t; SELECT 2")).hasSize(2);
    }

    @Test
    void aCaseOutsideARoutineDoesNotHoldTheStatementOpen() {
        assertThat(texts("SELECT 1 AS case; SELECT 2")).hasSize(2);
    }

    @Test
    void dollarsInsideAnIdentifierOpenNoQuote() {
        assertThat(texts("SELECT a$$ FROM t; SELECT b$$ FROM t")).hasSize(2);
    }

    @Test
    void aLiteralOnTheSameLineContinuesNothing() {
        // The second literal is a plain one, so its backslash escapes nothing.
        assertThat(texts("SELECT E'a' 'b\\'; SELECT 2")).hasSize(2);
    }

    @Test
    void knowsLineAndOffsetOfEachStatement() {
        Statements statements = Statements.of("-- head\n\nSELECT 1;\n/* two\nlines */ SELECT\n 2;");
        assertThat(statements.list()).extracting(Statement::line).containsExactly(3, 5);
        assertThat(statements.list()).extracting(Statement::offset).containsExactly(9, 35);
        assertThat(statements.list().get(1).lineAt(9)).isEqualTo(6);
    }

    @Test
    void countsPositionsAsTheServerDoesInCharacters() {
        Statement statement = Statements.of("SELECT '😀😀',\n x").list().getFirst();
        assertThat(statement.lineAt(13)).isEqualTo(1);
        assertThat(statement.lineAt(14)).isEqualTo(2);
    }

    @Test
    void separatesOperatorsAsTheServerDoes() {
        assertThat(tokens("2*-1")).containsExactly("2", "*", "-", "1");
        assertThat(tokens("a@-b")).containsExactly("a", "@-", "b");
        assertThat(tokens("x::text>=1.5e-3")).containsExactly("x", "::", "text", ">=", "1.5e-3");
        assertThat(tokens("1..10")).containsExactly("1", "..", "10");
    }

    private static List<String> tokens(String sql) {
        return Statements.of(sql).list().getFirst().tokens().stream()
                .map(Token::text)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'open",
                "SELECT E'open\\'",
                "SELECT \"open",
                "SELECT $x$ open $y$",
                "SELECT /* open /* */",
                "SELECT (1",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1"
            })
    void namesTheLineWhereSomethingBeganThatNeverEnds(String sql) {
        List<Flaw> flaws =
                Statements.of("SELECT 0;\n\n" + sql + ";\nSELECT 9;\n").flaws();
        assertThat(flaws).singleElement().satisfies(flaw -> {
            assertThat(flaw.fault()).isEqualTo(Flaw.Fault.UNTERMINATED);
            assertThat(flaw.line()).isEqualTo(3);
        });
    }

    @Test
    void namesEachPsqlCommandWithItsLine() {
        assertThat(Statements.of("\\set x 1\nSELECT 1;\n  \\copy t from 'x'\n").flaws())
                .extracting(Flaw::fault, Flaw::what, Flaw::line)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Flaw.Fault.PSQL_COMMAND, "\\set x 1", 1),
                        org.assertj.core.groups.Tuple.tuple(Flaw.Fault.PSQL_COMMAND, "\\copy t from 'x'", 3));
    }
}
