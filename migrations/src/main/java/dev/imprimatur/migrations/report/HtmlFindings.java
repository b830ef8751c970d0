package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.report.Detail.Side;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A finding in the page: what it is, where, both definitions, and what to do. */
final class HtmlFindings {

    private final Html html;
    private final Look look;

    HtmlFindings(Html html, Look look) {
        this.html = html;
        this.look = look;
    }

    /**
     * Writes it.
     *
     * @param heading the element that comes next below the headings around it: {@code h3}
     */
    void write(Finding finding, String heading) {
        html.raw("<article class=\"finding ")
                .raw(kind(finding))
                .raw("\">\n<")
                .raw(heading)
                .raw("><span class=\"code\">");
        html.raw(finding.code().id())
                .raw("</span> <code>")
                .text(finding.object())
                .raw("</code></")
                .raw(heading)
                .raw(">\n<p>");
        html.words(sentence(finding.code().meaning()));
        finding.place()
                .ifPresent(place -> html.raw(" <span class=\"place\">")
                        .text(look.shown(place))
                        .raw("</span>"));
        html.raw("</p>\n");
        detail(Detail.of(finding.detail()).lines());
        finding.excused()
                .ifPresentOrElse(
                        why -> html.raw("<p class=\"advice\">Excused by what the file declares: ")
                                .text(why)
                                .raw("</p>\n"),
                        () -> html.raw("<p class=\"advice\">")
                                .words(Advice.on(finding.code()))
                                .raw("</p>\n"));
        html.raw("</article>\n");
    }

    private static String kind(Finding finding) {
        return switch (finding.weight()) {
            case FAILS -> "failed";
            case UNPROVEN -> "unproven";
            case NOTED -> "noted";
        };
    }

    private void detail(List<Detail.Line> lines) {
        @Nullable Side open = null;
        for (Detail.Line line : lines) {
            if (line.side() != open || line.first()) {
                close(open);
                html.raw(opening(line.side()));
                open = line.side();
            } else {
                html.raw("\n");
            }
            html.text(line.text());
        }
        close(open);
    }

    private static String opening(Side side) {
        return switch (side) {
            case BEFORE -> "<div class=\"before\"><span>before</span><pre tabindex=\"0\">";
            case AFTER -> "<div class=\"after\"><span>after</span><pre tabindex=\"0\">";
            case NEITHER -> "<div class=\"detail\"><pre tabindex=\"0\">";
        };
    }

    private void close(@Nullable Side open) {
        if (open != null) {
            html.raw("</pre></div>\n");
        }
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }
}
