package dev.imprimatur.publishing.content;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a person wrote. It cannot exist in a form that could not be published: all faults are refused together, each
 * with the JSON pointer of its field. Windows newlines become Unix ones and a variant that changes nothing is dropped,
 * so that equal meaning is equal bytes.
 *
 * @param body CommonMark
 * @param link an absolute http or https URI
 * @param lang a BCP 47 language tag
 * @param variants by the outlet's name; whether there is such an outlet is not judged here
 */
public record Manuscript(
        String title, String body, @Nullable String link, String lang, SortedMap<String, Variant> variants) {

    public Manuscript {
        body = ManuscriptRules.withUnixNewlines(body);
        SortedMap<String, Variant> inNaturalOrder = new TreeMap<>();
        variants.forEach((outlet, variant) -> {
            if (!variant.changesNothing()) {
                inNaturalOrder.put(outlet, variant);
            }
        });
        variants = Collections.unmodifiableSortedMap(inNaturalOrder);
        ManuscriptRules.refuseFaults(title, body, link, lang, variants);
    }

    /** What this outlet is to render: its variant applied, and no variants left. */
    public Manuscript forOutlet(String outlet) {
        Variant variant = variants.get(outlet);
        if (variant == null) {
            return new Manuscript(title, body, link, lang, Collections.emptySortedMap());
        }
        return new Manuscript(
                variant.title() == null ? title : variant.title(),
                variant.body() == null ? body : variant.body(),
                variant.link() == null ? link : variant.link(),
                lang,
                Collections.emptySortedMap());
    }

    /**
     * The text whose SHA-256 names a revision: JSON in the form of RFC 8785 (no white space, keys sorted, only what must
     * be escaped is escaped). A link, a variant's field, or the variants as a whole that are absent are left out, so
     * that fields which later versions add will not change the hashes of what was written before them.
     *
     * <pre>{"body":"Hello","lang":"en","link":"https://example.org/","title":"A","variants":{"feed":{"title":"B"}}}</pre>
     */
    public String canonical() {
        return CanonicalJson.of(this);
    }

    /** Reads back what {@link #canonical()} wrote. */
    public static Manuscript parse(String canonical) {
        return CanonicalJson.read(canonical);
    }

    /** The revision's hash: SHA-256 over the UTF-8 bytes of {@link #canonical()}, in lower-case hexadecimal. */
    public String sha256() {
        return Sha256.hex(canonical());
    }
}
