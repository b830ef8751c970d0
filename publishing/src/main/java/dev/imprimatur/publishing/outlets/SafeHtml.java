package dev.imprimatur.publishing.outlets;

import dev.imprimatur.publishing.RefusedException;
import java.util.regex.Pattern;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;

/**
 * CommonMark as HTML that a stranger's feed reader may show. HTML inside the Markdown is passed on by the renderer and
 * judged, with all the rest, by a list of what is allowed. No {@code id}, {@code name}, {@code style} or free
 * {@code class}: they reach into the page around it.
 */
final class SafeHtml {
    private static final int DEEPEST_NESTING = 100;
    private static final Pattern LANGUAGE_TAG = Pattern.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,5}");
    private static final Pattern SIZE = Pattern.compile("[0-9]{1,5}%?");
    private static final Pattern MOMENT = Pattern.compile("[0-9A-Z:+. -]{1,40}");
    private static final Pattern LANGUAGE_CLASS = Pattern.compile("language-[A-Za-z0-9_+#.-]{1,40}");

    // Nesting is bounded since parser and renderer descend by recursion and each line visits each open block; marks are
    // bounded since deeply nested ones cost the parser more than the square of their number (1 MiB: minutes).
    private static final int MOST_MARKS_IN_A_BLOCK = 4_000;
    private static final Parser MARK_COUNTER = Parser.builder()
            .maxOpenBlockParsers(DEEPEST_NESTING)
            .inlineParserFactory(context -> (lines, block) -> refuseCrowded(lines.getContent()))
            .build();
    private static final Parser PARSER = Parser.builder()
            .maxOpenBlockParsers(DEEPEST_NESTING)
            .maxInlineNesting(DEEPEST_NESTING)
            .build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder().build();
    private static final PolicyFactory POLICY = policy();

    private SafeHtml() {}

    /**
     * The same text gives the same HTML, each time.
     *
     * @throws RefusedException if nothing is left of it, or it is made to keep the parser busy
     */
    static String ofMarkdown(String markdown) {
        MARK_COUNTER.parse(markdown);
        String html = POLICY.sanitize(RENDERER.render(PARSER.parse(markdown)))
                .replace("\r\n", "\n")
                .replace('\r', '\n')
                .strip();
        if (html.isEmpty()) {
            throw RefusedException.field("/body", "nothing of the body is left once unsafe HTML is taken out");
        }
        return html;
    }

    private static void refuseCrowded(String block) {
        long marks = block.chars()
                .filter(c -> c == '*' || c == '_' || c == '[' || c == ']')
                .count();
        if (marks > MOST_MARKS_IN_A_BLOCK) {
            throw RefusedException.field(
                    "/body",
                    "one paragraph of the body has %,d marks (* _ [ ]), at most %,d are possible"
                            .formatted(marks, MOST_MARKS_IN_A_BLOCK));
        }
    }

    private static PolicyFactory policy() {
        return new HtmlPolicyBuilder()
                .allowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "div", "span", "blockquote", "pre")
                .allowElements("ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "details", "summary")
                .allowElements("a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd")
                .allowElements("mark", "q", "s", "samp", "small", "strong", "sub", "sup", "time", "u", "var", "wbr")
                .allowElements("ruby", "rt", "rp", "img")
                .allowElements("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td")
                .allowWithoutAttributes("span")
                .allowUrlProtocols("http", "https", "mailto")
                .allowAttributes("href")
                .onElements("a")
                .allowAttributes("src")
                .onElements("img")
                .allowAttributes("cite")
                .onElements("blockquote", "q", "del", "ins")
                .allowAttributes("alt")
                .onElements("img")
                .allowAttributes("width", "height")
                .matching(SIZE)
                .onElements("img")
                .allowAttributes("datetime")
                .matching(MOMENT)
                .onElements("time", "del", "ins")
                .allowAttributes("start", "value")
                .matching(NUMBER)
                .onElements("ol", "li")
                .allowAttributes("colspan", "rowspan", "span")
                .matching(NUMBER)
                .onElements("td", "th", "col", "colgroup")
                .allowAttributes("align")
                .matching(true, "left", "center", "right")
                .onElements("td", "th", "tr", "col", "p", "div")
                .allowAttributes("scope")
                .matching(true, "row", "col", "rowgroup", "colgroup")
                .onElements("th")
                .allowAttributes("class")
                .matching(LANGUAGE_CLASS)
                .onElements("code")
                .allowAttributes("title")
                .globally()
                .allowAttributes("lang")
                .matching(LANGUAGE_TAG)
                .globally()
                .allowAttributes("dir")
                .matching(true, "ltr", "rtl", "auto")
                .globally()
                .toFactory();
    }
}
