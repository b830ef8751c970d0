package dev.imprimatur.publishing.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CanonicalFormTest {
    /** Short texts over the characters that JSON itself is made of: near misses are likely, and so are forgeries. */
    @Provide
    Arbitrary<Manuscript> manuscripts() {
        Arbitrary<String> words = Arbitraries.of("a", "b", "\"", "\\", "{", "}", ":", ",", "body", "é", "😀", "\u2028x")
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(parts -> String.join("", parts));
        Arbitrary<String> titles = words.map(word -> "t" + word.replace("\u2028", ""));
        Arbitrary<String> bodies = Combinators.combine(words, Arbitraries.of("", "\n", "\r\n", "\t"))
                .as((word, end) -> "b" + word + end);
        Arbitrary<String> links = Arbitraries.of("http://a/", "http://b/", "http://a/?b");
        Arbitrary<Variant> variants = Combinators.combine(
                        titles.injectNull(0.5), bodies.injectNull(0.5), links.injectNull(0.5))
                .as(Variant::new);
        Arbitrary<Map<String, Variant>> byOutlet = Arbitraries.maps(
                        Arbitraries.of("feed", "body", "title", "\""), variants)
                .ofMaxSize(2);
        return Combinators.combine(titles, bodies, links.injectNull(0.5), Arbitraries.of("en", "de"), byOutlet)
                .as((title, body, link, lang, map) -> new Manuscript(title, body, link, lang, new TreeMap<>(map)));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void equalManuscriptsAndOnlyTheyHaveEqualCanonicalText(
            @ForAll("manuscripts") Manuscript one, @ForAll("manuscripts") Manuscript other) {
        assertThat(one.canonical().equals(other.canonical())).isEqualTo(one.equals(other));
        assertThat(one.sha256().equals(other.sha256())).isEqualTo(one.equals(other));
    }

    /** What can be read back without loss cannot be the same for two. */
    @Property(edgeCases = EdgeCasesMode.NONE)
    void anOrdinaryJsonParserReadsTheSameManuscriptBack(@ForAll("manuscripts") Manuscript manuscript) {
        Manuscript back = Manuscript.parse(manuscript.canonical());

        assertThat(back).isEqualTo(manuscript);
        assertThat(back.canonical()).isEqualTo(manuscript.canonical());
    }
}
