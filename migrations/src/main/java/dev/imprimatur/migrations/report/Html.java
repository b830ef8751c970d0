package dev.imprimatur.migrations.report;

import java.util.regex.Pattern;

/** A page that grows from its beginning to its end. Only {@link #raw} writes markup; all else is escaped. */
final class Html {

    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    private final StringBuilder page = new StringBuilder();

    /** Markup of our own, never anything foreign. */
    Html raw(String markup) {
        page.append(markup);
        return this;
    }

    /** Foreign text, in an element or in an attribute between double quotes. */
    Html text(String foreign) {
        page.append(escaped(Plain.line(foreign)));
        return this;
    }

    /** Words of our own, in which backticks stand around code. */
    Html words(String own) {
        page.append(CODE.matcher(escaped(own)).replaceAll("<code>$1</code>"));
        return this;
    }

    Html count(long number) {
        page.append(Amount.count(number));
        return this;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
