package dev.imprimatur.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.rehearse.Report;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HtmlReportTest {

    private static String write(Report report) {
        return HtmlReport.write(report, Look.from(Samples.BASE));
    }

    static Stream<Report> reports() {
        return Stream.of(Samples.passing(), Samples.failing(), Samples.long200(), Samples.hostile());
    }

    @ParameterizedTest
    @MethodSource("reports")
    void thePageNeedsNothingFromOutsideAndRunsNothing(Report report) {
        assertThat(write(report))
                .doesNotContain("<script", "<link", "<img", "<iframe", "src=", "url(", "@import", "http:", "https:")
                .doesNotContainPattern("<[^>]* on[a-z]+=");
    }

    @ParameterizedTest
    @MethodSource("reports")
    void thePageHasItsLandmarksAndEachLinkAndLabelLeadsSomewhere(Report report) {
        String page = write(report);
        assertThat(page).contains("<html lang=\"en\">", "<title>", "<main>", "<header", "<footer>");
        assertThat(page.split("<h1", -1)).hasSize(2);
        Stream<String> targets = Pattern.compile("(?:href=\"#|aria-labelledby=\"|for=\")([^\"]+)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1));
        assertThat(targets).allSatisfy(target -> assertThat(page).contains("id=\"" + target + "\""));
        assertThat(Pattern.compile(" id=\"([^\"]+)\"").matcher(page).results().map(MatchResult::group))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("reports")
    void everyElementThatIsOpenedIsClosed(Report report) {
        String page = write(report);
        for (String element : new String[] {
            "section", "article", "details", "summary", "div", "ol", "ul", "li", "dl", "p", "h2", "h3", "h4", "pre",
            "span", "code", "table", "tr", "a", "b", "i"
        }) {
            assertThat(page.split("<" + element + "[ >]", -1))
                    .as(element)
                    .hasSameSizeAs(page.split("</" + element + ">", -1));
        }
    }

    @Test
    void theVerdictComesFirstAndWhatFailedIsOpenWithBothDefinitions() {
        String page = write(Samples.failing());
        assertThat(page)
                .contains(
                        "<title>Failed: rehearsal of db/migrations</title>",
                        "1 step must change before production.",
                        "<li id=\"step-2\" class=\"failed\"><details open>",
                        "<a href=\"#step-2\">0001_expand_post_slugs</a>",
                        "<span>before</span><pre tabindex=\"0\">text NOT NULL DEFAULT &#39;draft&#39;::text</pre>",
                        "<span>after</span><pre tabindex=\"0\">text NOT NULL</pre>",
                        "2 of 4 steps taken back, then stopped at <code>0001_expand_post_slugs</code>",
                        "new column posts.slug",
                        "public.drafts");
    }

    @Test
    void foreignTextIsNoMarkup() {
        assertThat(write(Samples.hostile()))
                .contains("&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; &amp;amp; &quot;&#39;`|")
                .doesNotContain("\u001b", "\u0000", "alert(1)</script");
    }

    @Test
    void aLongReportCanBeCutDownToWhatDidNotPass() {
        assertThat(write(Samples.long200())).contains("<label for=\"only\">");
        assertThat(write(Samples.passing())).doesNotContain("<label");
    }
}
