package dev.imprimatur.publishing.outlets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.publishing.Chance;
import dev.imprimatur.publishing.RefusedException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeHtmlTest {

    /** Something harmless leads, since a body of which nothing is left is refused. */
    private static String htmlOf(String attack) {
        return SafeHtml.ofMarkdown("harmless\n\n" + attack + "\n\nand on");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            **bold** and *soft*         | <p><strong>bold</strong> and <em>soft</em></p>
            # Head                      | <h1>Head</h1>
            [x](https://a.example "t")  | <p><a href="https://a.example" title="t">x</a></p>
            <mailto:me@a.example>       | <p><a href="mailto:me&#64;a.example">mailto:me&#64;a.example</a></p>
            [x](/about#us)              | <p><a href="/about#us">x</a></p>
            ![x](https://a.example/b.png) | <p><img src="https://a.example/b.png" alt="x" /></p>
            `a < b && "c"`              | <p><code>a &lt; b &amp;&amp; &#34;c&#34;</code></p>
            press <kbd>Q</kbd>          | <p>press <kbd>Q</kbd></p>
            H<sub>2</sub>O              | <p>H<sub>2</sub>O</p>
            <p lang="ar" dir="rtl">سلام</p> | <p lang="ar" dir="rtl">سلام</p>
            שלום 1 < 2 &copy; é          | <p>שלום 1 &lt; 2 © é</p>
            <table><tr><td>x</td></tr></table> | <table><tbody><tr><td>x</td></tr></tbody></table>
            """)
    void ordinaryMarkupSurvives(String markdown, String html) {
        assertThat(SafeHtml.ofMarkdown(markdown)).isEqualTo(html);
        assertThat(StrictHtml.faultOf(html)).isNull();
    }

    @Test
    void blocksSurvive() {
        assertThat(SafeHtml.ofMarkdown("- a\n- b\n\n3. c\n\n> q\n\n```java\nint x;\n```\n\n---\n"))
                .isEqualTo("""
                        <ul><li>a</li><li>b</li></ul>
                        <ol start="3"><li>c</li></ol>
                        <blockquote>
                        <p>q</p>
                        </blockquote>
                        <pre><code class="language-java">int x;
                        </code></pre>
                        <hr />""");
    }

    @ParameterizedTest
    @MethodSource("dev.imprimatur.publishing.outlets.Attacks#all")
    void noAttackSurvives(String attack) {
        for (String form :
                List.of(attack, "text " + attack + " text", "> - " + attack, attack.toUpperCase(Locale.ROOT))) {
            String html = htmlOf(form);
            assertThat(StrictHtml.faultOf(html)).as(html).isNull();
            assertThat(html).startsWith("<p>harmless</p>");
        }
    }

    /** The second opinion would mean nothing if it liked everything. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>",
                "<b onclick=\"x\">",
                "<b title=x>",
                "<a href=\"javascript:x\">",
                "<a href=\"java&#9;script:x\">",
                "<a href=\"&#106;avascript:x\">",
                "<img src=\"data:x\" />",
                "<b href=\"/x\">",
                "<p style=\"x\">",
                "<p id=\"x\">",
                "<code class=\"x\">",
                "a > b",
                "a & b",
                "<!-- x -->",
                "<B>",
                "<svg>"
            })
    void theSecondOpinionSeesFaults(String html) {
        assertThat(StrictHtml.faultOf(html)).isNotNull();
    }

    private static final String[] SHARDS =
            ("<|>|</|/>|\"|'|`|=| |\n|\n\n|\t|&|;|&#|&#x|&lt;|&colon;|--|<!--|-->|<![CDATA[|]]>|<?|\\|[|](|)|![|*|_|> |- |    |```\n"
                            + "|a|b|p|x|script|style|svg|math|img|iframe|title|textarea|noscript|table|td|select|template"
                            + "|href=|src=|onclick=|onerror=|title=|class=|style=|xlink:href=|alert(1)"
                            + "|javascript:|JaVa|vbscript:|data:text/html,|https://a.example|mailto:|:|//|\u00a0|\u2028|\ufeff|😀|{{|\u0000|\r|\u000c")
                    .split("\\|");

    @Test
    void nothingThatCanBePutTogetherIsUnsafeAndTheSameTextGivesTheSameHtml() {
        Chance.tries(2_000, chance -> {
            String markdown = String.join("", chance.list(0, 25, () -> chance.of(SHARDS)));
            String html = htmlOf(markdown);

            assertThat(StrictHtml.faultOf(html)).as(html).isNull();
            assertThat(htmlOf(markdown)).isEqualTo(html);
        });
    }

    @Test
    void whatHoldsNothingButDangerIsRefused() {
        RefusedException refusal =
                catchThrowableOfType(RefusedException.class, () -> SafeHtml.ofMarkdown("<script>alert(1)</script>"));

        assertThat(refusal.detail()).isEqualTo("nothing of the body is left once unsafe HTML is taken out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "> ",
                "- ",
                "1. ",
                "[",
                "![",
                "](",
                "*a ",
                "*a **a ",
                "_(",
                "***",
                "a**b",
                "`",
                "``` ",
                "<b>",
                "<div>\n\n",
                "<",
                "<!--",
                "&",
                "[a](",
                "[a]: <",
                "[x]: /u\n",
                "<table><tr><td>",
                "<a href=\"",
                "\\",
                "# ",
                "\n",
                "(",
                "~~~\n"
            })
    @Timeout(20)
    void aBodyMadeToOverwhelmIsRenderedOrRefusedInTime(String shard) {
        String attack = shard.repeat((1 << 18) / shard.length());
        try {
            assertThat(StrictHtml.faultOf(SafeHtml.ofMarkdown(attack))).isNull();
        } catch (RefusedException e) {
            assertThat(e.detail()).containsAnyOf("marks (* _ [ ])", "nothing of the body is left");
        }
    }

    @ParameterizedTest
    @CsvSource({"'![',](u)", "'[x ',](u)", "'*a **a ',b** b*", "'_(',)_", "'![[',](u)](u)", "'**a',b**"})
    @Timeout(20)
    void nestingThatIsJustAllowedIsRenderedInTime(String open, String close) {
        String block = open.repeat(600) + "x" + close.repeat(600) + "\n\n";
        String nested = block.repeat((1 << 17) / block.length());

        assertThat(StrictHtml.faultOf(SafeHtml.ofMarkdown(nested))).isNull();
        assertThat(catchThrowableOfType(
                                RefusedException.class,
                                () -> SafeHtml.ofMarkdown(open.repeat(9_000) + "x" + close.repeat(9_000)))
                        .detail())
                .contains("at most 4,000 are possible");
    }

    @Test
    void deepBlocksWithBlankLinesAreRenderedInTime() {
        assertThat(SafeHtml.ofMarkdown("- ".repeat(1 << 16) + "\n".repeat(1 << 17) + "end"))
                .endsWith("<p>end</p>");
    }
}
