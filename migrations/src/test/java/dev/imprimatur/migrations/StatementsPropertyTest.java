package dev.imprimatur.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StatementsPropertyTest {

    /** Tokens that can stand beside each other when a space parts them; none of them ends a statement. */
    private static List<List<String>> script(Chance chance) {
        return chance.list(1, 5, () -> chance.list(1, 6, () -> token(chance)));
    }

    private static String token(Chance chance) {
        String inner = text(chance, "ab;'\"\\$-/* \n(", 8);
        return switch ((int) chance.between(1, 6)) {
            case 1 -> chance.of("select", "x$y", "42", "1.5e-3", "$1", "+", "<>", "::", "éß", "begin", "case", "end");
            case 2 -> "'" + inner.replace("'", "''") + "'";
            case 3 -> "E'" + inner.replace("\\", "\\\\").replace("'", "\\'") + "'";
            case 4 -> "\"" + inner.replace("\"", "\"\"") + "\"";
            case 5 -> "$q$" + inner.replace("$", "") + "$q$";
            default -> "(" + "'" + inner.replace("'", "''") + "'" + ";1)";
        };
    }

    private static String text(Chance chance, String characters, int longest) {
        List<String> parts = chance.list(0, longest, () -> {
            int at = (int) chance.between(0, characters.length() - 1);
            return characters.substring(at, at + 1);
        });
        return String.join("", parts);
    }

    /** What may stand between two tokens; a line end never comes between two literals, which it would join. */
    private static String gap(Chance chance) {
        return chance.of(" ", "\t ", " /* ; ' */ ", " /* a /* $q$ */ \" */ ");
    }

    @Test
    void neverSplitsInsideAQuoteAndLosesNoToken() {
        Chance.tries(500, chance -> {
            List<List<String>> script = script(chance);
            String gap = gap(chance);
            String sql =
                    script.stream().map(tokens -> String.join(gap, tokens)).collect(Collectors.joining(";\n", "", ";"));
            Statements statements = Statements.of(sql);
            assertThat(statements.flaws()).isEmpty();
            assertThat(statements.list()).hasSize(script.size());
            for (int i = 0; i < script.size(); i++) {
                assertThat(statements.list().get(i).text()).isEqualTo(String.join(gap, script.get(i)));
            }
        });
    }

    @Test
    void joiningTheSplitStatementsKeepsTheTokens() {
        Chance.tries(500, chance -> {
            String sql = script(chance).stream()
                    .map(tokens -> String.join(" ", tokens))
                    .collect(Collectors.joining(";"));
            List<Statement> once = Statements.of(sql).list();
            String joined = once.stream().map(Statement::text).collect(Collectors.joining(" ;\n -- ; \n"));
            assertThat(texts(Statements.of(joined).list())).isEqualTo(texts(once));
        });
    }

    @Test
    void whatStandsBetweenTokensDoesNotChangeTheChecksum() {
        Chance.tries(500, chance -> {
            List<List<String>> script = script(chance);
            String gap = gap(chance);
            String plain =
                    script.stream().map(tokens -> String.join(" ", tokens)).collect(Collectors.joining(";"));
            String other = script.stream()
                    .map(tokens -> String.join(gap, tokens))
                    .collect(Collectors.joining(gap + ";" + gap));
            assertThat(Checksum.of(other)).isEqualTo(Checksum.of(plain));
        });
    }

    @Test
    void everyTextIsReadToItsEndWithoutError() {
        Chance.tries(1_000, chance -> {
            String text = text(chance, "aeuUE&x01.;'\"\\$-/*:<+@ \n\r()", 40);
            for (Statement statement : Statements.of(text).list()) {
                assertThat(text.substring(statement.offset())).startsWith(statement.text());
                for (Token token : statement.tokens()) {
                    assertThat(text.substring(token.offset())).startsWith(token.text());
                }
            }
        });
    }

    private static List<List<String>> texts(List<Statement> statements) {
        return statements.stream()
                .map(each -> each.tokens().stream().map(Token::text).toList())
                .toList();
    }
}
