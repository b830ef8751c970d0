package dev.imprimatur.publishing.outlets;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A second opinion on HTML, written without a look at the sanitizer: it knows one dull way to write each thing, and
 * whatever is not written so is a fault. What it passes, every HTML parser reads alike.
 */
final class StrictHtml {
    private static final Pattern TEXT = Pattern.compile("[^<>&]++");
    private static final Pattern ENTITY = Pattern.compile("&(?:amp|lt|gt|#[0-9]{1,7}|#x[0-9a-f]{1,6});");
    private static final Pattern EMPTY_COMMENT = Pattern.compile("<!-- -->");
    private static final Pattern TAG = Pattern.compile("</?([a-z][a-z0-9]*)((?: [a-z]+=\"[^\"<>]*+\")*+)(?: /)?>");
    private static final Pattern ATTRIBUTE = Pattern.compile(" ([a-z]+)=\"([^\"<>]*+)\"");
    private static final Pattern NUMBERED = Pattern.compile("&#(x?)([0-9a-f]+);");
    private static final Set<String> TAGS = Set.of(
            ("p br hr h1 h2 h3 h4 h5 h6 div span blockquote pre ul ol li dl dt dd figure figcaption details summary a abbr b"
                            + " bdi bdo cite code del dfn em i ins kbd mark q s samp small strong sub sup time u var wbr"
                            + " ruby rt rp img table caption colgroup col thead tbody tfoot tr th td")
                    .split(" "));
    private static final Set<String> HARMLESS = Set.of(
            "title",
            "alt",
            "lang",
            "dir",
            "width",
            "height",
            "align",
            "colspan",
            "rowspan",
            "span",
            "scope",
            "start",
            "value",
            "datetime");
    private static final Map<String, String> ADDRESSES =
            Map.of("href", "a", "src", "img", "cite", "blockquote q del ins");

    private StrictHtml() {}

    /** The first fault, or null if there is none. */
    static @Nullable String faultOf(String html) {
        int at = 0;
        while (at < html.length()) {
            MatchResult piece = null;
            for (Pattern pattern : new Pattern[] {TEXT, ENTITY, TAG, EMPTY_COMMENT}) {
                Matcher matcher = pattern.matcher(html).region(at, html.length());
                if (matcher.lookingAt()) {
                    piece = matcher.toMatchResult();
                    String fault = pattern == TAG ? faultOfTag(matcher.group(1), matcher.group(2)) : null;
                    if (fault != null) {
                        return fault;
                    }
                    break;
                }
            }
            if (piece == null) {
                return "not written plainly: " + html.substring(at, Math.min(at + 60, html.length()));
            }
            at = piece.end();
        }
        return null;
    }

    private static @Nullable String faultOfTag(String tag, String attributes) {
        if (!TAGS.contains(tag)) {
            return "element " + tag;
        }
        Matcher attribute = ATTRIBUTE.matcher(attributes);
        while (attribute.find()) {
            String name = attribute.group(1);
            String value = decoded(attribute.group(2));
            boolean address = ADDRESSES.containsKey(name)
                    && Set.of(ADDRESSES.getOrDefault(name, "").split(" ")).contains(tag);
            boolean language =
                    name.equals("class") && value.matches("language-[A-Za-z0-9_+#.-]+") && tag.equals("code");
            if (!address && !language && !HARMLESS.contains(name)) {
                return "attribute " + name + " of " + tag;
            }
            if (address && !leadsToTheWeb(value)) {
                return "address " + value;
            }
        }
        return null;
    }

    private static boolean leadsToTheWeb(String address) {
        String bare = address.replaceAll("[\\p{Cntrl}\\p{Z}\\p{Cf}]", "").toLowerCase(Locale.ROOT);
        String beforePath = bare.split("[/?#]", 2)[0];
        return !beforePath.contains(":") || bare.matches("(?s)(https?|mailto):.*");
    }

    private static String decoded(String value) {
        String numbered = NUMBERED.matcher(value)
                .replaceAll(found -> Matcher.quoteReplacement(Character.toString(
                        Integer.parseInt(found.group(2), found.group(1).isEmpty() ? 10 : 16))));
        return numbered.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    }
}
