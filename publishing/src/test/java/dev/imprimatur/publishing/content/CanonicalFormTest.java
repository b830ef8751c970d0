package dev.imprimatur.publishing.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.Chance;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Short texts over the characters that JSON itself is made of: near misses are likely, and so are forgeries. */
class CanonicalFormTest {
    private static Manuscript manuscript(Chance chance) {
        return new Manuscript(
                title(chance),
                body(chance),
                chance.toss() ? link(chance) : null,
                chance.of("en", "de"),
                variants(chance));
    }

    private static SortedMap<String, Variant> variants(Chance chance) {
        SortedMap<String, Variant> variants = new TreeMap<>();
        chance.list(0, 2, () -> chance.of("feed", "body", "title", "\""))
                .forEach(outlet -> variants.put(
                        outlet,
                        new Variant(
                                chance.toss() ? title(chance) : null,
                                chance.toss() ? body(chance) : null,
                                chance.toss() ? link(chance) : null)));
        return variants;
    }

    private static String words(Chance chance) {
        return String.join(
                "",
                chance.list(
                        1, 3, () -> chance.of("a", "b", "\"", "\\", "{", "}", ":", ",", "body", "é", "😀", "\u2028x")));
    }

    private static String title(Chance chance) {
        return "t" + words(chance).replace("\u2028", "");
    }

    private static String body(Chance chance) {
        return "b" + words(chance) + chance.of("", "\n", "\r\n", "\t");
    }

    private static String link(Chance chance) {
        return chance.of("http://a/", "http://b/", "http://a/?b");
    }

    /** Another one altogether, or one that differs in a single field, or not at all. */
    private static Manuscript beside(Manuscript one, Chance chance) {
        @Nullable String link = chance.toss() ? link(chance) : null;
        return switch ((int) chance.between(0, 6)) {
            case 0 -> manuscript(chance);
            case 1 -> new Manuscript(title(chance), one.body(), one.link(), one.lang(), one.variants());
            case 2 -> new Manuscript(one.title(), body(chance), one.link(), one.lang(), one.variants());
            case 3 -> new Manuscript(one.title(), one.body(), link, one.lang(), one.variants());
            case 4 -> new Manuscript(one.title(), one.body(), one.link(), chance.of("en", "de"), one.variants());
            case 5 -> new Manuscript(one.title(), one.body(), one.link(), one.lang(), variants(chance));
            default -> new Manuscript(one.title(), one.body(), one.link(), one.lang(), new TreeMap<>(one.variants()));
        };
    }

    @Test
    void equalManuscriptsAndOnlyTheyHaveEqualCanonicalText() {
        Chance.tries(2_000, chance -> {
            Manuscript one = manuscript(chance);
            Manuscript other = beside(one, chance);

            assertThat(one.canonical().equals(other.canonical())).isEqualTo(one.equals(other));
            assertThat(one.sha256().equals(other.sha256())).isEqualTo(one.equals(other));
        });
    }

    /** What can be read back without loss cannot be the same for two. */
    @Test
    void anOrdinaryJsonParserReadsTheSameManuscriptBack() {
        Chance.tries(1_000, chance -> {
            Manuscript manuscript = manuscript(chance);
            Manuscript back = Manuscript.parse(manuscript.canonical());

            assertThat(back).isEqualTo(manuscript);
            assertThat(back.canonical()).isEqualTo(manuscript.canonical());
        });
    }
}
