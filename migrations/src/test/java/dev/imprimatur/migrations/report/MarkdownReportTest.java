package dev.imprimatur.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.rehearse.Report;
import java.util.List;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {

    private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

    private static String write(Report report) {
        return Format.MARKDOWN.write(report, Look.from(Samples.BASE));
    }

    /** As GitHub would show it. */
    private static String html(Report report) {
        return HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .build()
                .render(Parser.builder().extensions(EXTENSIONS).build().parse(write(report)));
    }

    @Test
    void theCommentBeginsWithWhatCameOfItAndShowsBothDefinitions() {
        assertThat(html(Samples.failing()))
                .startsWith("<h3>❌ Rehearsal of <code>db/migrations</code></h3>\n<p>FAILED. 6 steps")
                .contains(
                        "<strong>back-differs</strong> in <code>0001_expand_post_slugs</code>",
                        "- text NOT NULL DEFAULT 'draft'::text\n+ text NOT NULL\n",
                        "<td><code>0002_backfill_post_slugs</code></td>\n<td>backfill</td>\n<td>⚠️ unproven</td>");
    }

    @Test
    void aLongReportIsFoldedAndFitsIntoAComment() {
        assertThat(write(Samples.long200()))
                .contains("<details><summary>All steps</summary>", "| `0199_expand_change_of_some_table_199` |")
                .hasSizeLessThan(65_536);
    }

    @Test
    void foreignTextIsNoMarkup() {
        String html = html(Samples.hostile());
        assertThat(html).doesNotContain("<script").contains("&lt;script&gt;");
        // Nothing foreign stands outside code, where an @ would call somebody.
        String outside =
                Pattern.compile("<code.*?</code>", Pattern.DOTALL).matcher(html).replaceAll("");
        assertThat(outside).doesNotContain("@all", "alert", "::");
    }
}
