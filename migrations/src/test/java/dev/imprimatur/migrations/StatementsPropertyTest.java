package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StatementsPropertyTest {

    /** Tokens that can stand beside each other when a space parts them; none of them ends a statement. */
    @Provide
    Arbitrary<List<List<String>>> scripts() {
        Arbitrary<String> inner =
                Arbitraries.strings().withChars("ab;'\"\\$-/* \n(").ofMaxLength(8);
        Arbitrary<String> token = Arbitraries.oneOf(
                Arbitraries.of("select", "x$y", "42", "1.5e-3", "$1", "+", "<>", "::", "éß", "begin", "case", "end"),
                inner.map(text -> "'" + text.replace("'", "''") + "'"),
                inner.map(text -> "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"),
                inner.map(text -> "\"" + text.replace("\"", "\"\"") + "\""),
                inner.map(text -> "$q$" + text.replace("$", "") + "$q$"),
                inner.map(text -> "(" + "'" + text.replace("'", "''") + "'" + ";1)"));
        return token.list().ofMinSize(1).ofMaxSize(6).list().ofMinSize(1).ofMaxSize(5);
    }

    /** What may stand between two tokens; a line end never comes between two literals, which it would join. */
    @Provide
    Arbitrary<String> gaps() {
        return Arbitraries.of(" ", "\t ", " /* ; ' */ ", " /* a /* $q$ */ \" */ ");
    }

    @Property(tries = 500)
    void neverSplitsInsideAQuoteAndLosesNoToken(
            @ForAll("scripts") List<List<String>> script, @ForAll("gaps") String gap) {
        String sql =
                script.stream().map(tokens -> String.join(gap, tokens)).collect(Collectors.joining(";\n", "", ";"));
        Statements statements = Statements.of(sql);
        assertThat(statements.flaws()).isEmpty();
        assertThat(statements.list()).hasSize(script.size());
        for (int i = 0; i < script.size(); i++) {
            assertThat(statements.list().get(i).text()).isEqualTo(String.join(gap, script.get(i)));
        }
    }

    @Property(tries = 500)
    void joiningTheSplitStatementsKeepsTheTokens(@ForAll("scripts") List<List<String>> script) {
        String sql = script.stream().map(tokens -> String.join(" ", tokens)).collect(Collectors.joining(";"));
        List<Statement> once = Statements.of(sql).list();
        String joined = once.stream().map(Statement::text).collect(Collectors.joining(" ;\n -- ; \n"));
        assertThat(texts(Statements.of(joined).list())).isEqualTo(texts(once));
    }

    @Property(tries = 500)
    void whatStandsBetweenTokensDoesNotChangeTheChecksum(
            @ForAll("scripts") List<List<String>> script, @ForAll("gaps") String gap) {
        String plain = script.stream().map(tokens -> String.join(" ", tokens)).collect(Collectors.joining(";"));
        String other =
                script.stream().map(tokens -> String.join(gap, tokens)).collect(Collectors.joining(gap + ";" + gap));
        assertThat(Checksum.of(other)).isEqualTo(Checksum.of(plain));
    }

    @Property(tries = 1000)
    void everyTextIsReadToItsEndWithoutError(@ForAll("noise") String text) {
        Statements statements = Statements.of(text);
        for (Statement statement : statements.list()) {
            assertThat(text.substring(statement.offset())).startsWith(statement.text());
            for (Token token : statement.tokens()) {
                assertThat(text.substring(token.offset())).startsWith(token.text());
            }
        }
    }

    @Provide
    Arbitrary<String> noise() {
        return Arbitraries.strings()
                .withChars("aeuUE&x01.;'\"\\$-/*:<+@ \n\r()")
                .ofMaxLength(40);
    }

    private static List<List<String>> texts(List<Statement> statements) {
        return statements.stream()
                .map(each -> each.tokens().stream().map(Token::text).toList())
                .toList();
    }
}
