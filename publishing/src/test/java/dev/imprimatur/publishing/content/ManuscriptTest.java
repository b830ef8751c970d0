package dev.imprimatur.publishing.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.FieldError;
import dev.imprimatur.publishing.RefusedException;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManuscriptTest {
    private static final SortedMap<String, Variant> NONE = Collections.emptySortedMap();

    private static Manuscript titled(String title) {
        return new Manuscript(title, "Body", null, "en", NONE);
    }

    private static Manuscript reading(String body) {
        return new Manuscript("Title", body, null, "en", NONE);
    }

    private static Manuscript linking(@Nullable String link) {
        return new Manuscript("Title", "Body", link, "en", NONE);
    }

    private static Manuscript speaking(String lang) {
        return new Manuscript("Title", "Body", null, lang, NONE);
    }

    private static Manuscript with(String outlet, Variant variant) {
        return new Manuscript("Title", "Body", "https://example.org/", "en", new TreeMap<>(Map.of(outlet, variant)));
    }

    private static RefusedException refusalOf(ThrowingCallable attempt) {
        return catchThrowableOfType(RefusedException.class, attempt);
    }

    @Test
    void canonicalFormIsTheDocumentedOne() {
        Manuscript manuscript = new Manuscript(
                "A \"quote\" \\ 😀",
                "Line\r\n\tTab é </script> \u2028",
                "https://example.org/?a=1&b=2",
                "de-AT",
                new TreeMap<>(Map.of(
                        "feed", new Variant("B", null, null), "aged", new Variant(null, "x\r\ny", "http://h/"))));

        assertThat(manuscript.canonical())
                .isEqualTo(
                        "{\"body\":\"Line\\n\\tTab é </script> \u2028\",\"lang\":\"de-AT\","
                                + "\"link\":\"https://example.org/?a=1&b=2\",\"title\":\"A \\\"quote\\\" \\\\ 😀\","
                                + "\"variants\":{\"aged\":{\"body\":\"x\\ny\",\"link\":\"http://h/\"},\"feed\":{\"title\":\"B\"}}}");
    }

    @Test
    void hashesNeverChangeFromOneReleaseToTheNext() {
        assertThat(new Manuscript("Hello", "World", null, "en", NONE).sha256())
                .isEqualTo(Sha256.hex("{\"body\":\"World\",\"lang\":\"en\",\"title\":\"Hello\"}"))
                .isEqualTo("6385c0aba3f9928ab8a08ef382a0f1399a678388202d608cb114b0b5e1e9aefa");
    }

    @Test
    void windowsNewlinesAndEmptyVariantsMakeNoDifference() {
        Manuscript windows = new Manuscript(
                "Title", "a\r\nb", null, "en", new TreeMap<>(Map.of("feed", new Variant(null, null, null))));

        assertThat(windows).isEqualTo(reading("a\nb"));
        assertThat(windows.canonical()).isEqualTo(reading("a\nb").canonical());
    }

    @Test
    void theCallersMapOrderAndLaterChangesMakeNoDifference() {
        SortedMap<String, Variant> backwards = new TreeMap<>(Comparator.reverseOrder());
        backwards.put("a", new Variant("1", null, null));
        backwards.put("b", new Variant("2", null, null));
        Manuscript manuscript = new Manuscript("Title", "Body", null, "en", backwards);
        String before = manuscript.canonical();
        backwards.clear();

        assertThat(before).contains("{\"a\":{\"title\":\"1\"},\"b\":");
        assertThat(manuscript.canonical()).isEqualTo(before);
    }

    @Test
    void aVariantReplacesOnlyItsFieldsAndOnlyForItsOutlet() {
        Manuscript manuscript = with("feed", new Variant("For the feed", null, null));

        assertThat(manuscript.forOutlet("feed"))
                .isEqualTo(new Manuscript("For the feed", "Body", "https://example.org/", "en", NONE));
        assertThat(manuscript.forOutlet("other"))
                .isEqualTo(new Manuscript("Title", "Body", "https://example.org/", "en", NONE));
        assertThat(with("feed", new Variant(null, "b", "http://l/")).forOutlet("feed"))
                .isEqualTo(new Manuscript("Title", "b", "http://l/", "en", NONE));
    }

    @Test
    void allFaultsAreToldAtOnceEachWithItsPointer() {
        RefusedException refusal = refusalOf(() -> new Manuscript(
                "", " ", "ftp://x", "en_US", new TreeMap<>(Map.of("a/b~c", new Variant("two\nlines", "", "nowhere")))));

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.errors())
                .extracting(FieldError::pointer)
                .containsExactly(
                        "/title",
                        "/body",
                        "/link",
                        "/lang",
                        "/variants/a~1b~0c/title",
                        "/variants/a~1b~0c/body",
                        "/variants/a~1b~0c/link");
        assertThat(refusal.detail()).contains("the title is empty", "the body is empty", "BCP 47", "must be one line");
    }

    @Test
    void titleMayHaveThreeHundredCharactersCountedAsCodePoints() {
        assertThat(titled("😀".repeat(300)).title()).hasSize(600);
        assertThat(refusalOf(() -> titled("😀".repeat(301))).detail()).contains("301 characters, at most 300");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "two\rlines", "two\r\nlines", "two\u2028lines", "two\u0085lines"})
    void titleMustBeOneLine(String title) {
        assertThat(refusalOf(() -> titled(title)).detail()).isEqualTo("the title must be one line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nul\0", "tab\there", "\u001b[31m", "del\u007f", "c1\u009f"})
    void titleMustHoldNoControlCharacter(String title) {
        RefusedException refusal = refusalOf(() -> titled(title));

        assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_TEXT);
        assertThat(refusal.detail()).startsWith("the title holds the control character U+");
    }

    @Test
    void bodyMayHaveOneMebibyteOfUtf8() {
        assertThat(reading("é".repeat(1 << 19)).body()).hasSize(1 << 19);
        assertThat(refusalOf(() -> reading("é".repeat(1 << 19) + "a")).code()).isEqualTo(ErrorCode.TOO_LARGE);
        RefusedException twoMegabytes = refusalOf(() -> reading("a".repeat(2_000_000)));
        assertThat(twoMegabytes.code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(twoMegabytes.errors()).extracting(FieldError::pointer).containsExactly("/body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t\n", "\r\n"})
    void bodyMustNotBeEmpty(String body) {
        assertThat(refusalOf(() -> reading(body)).detail()).isEqualTo("the body is empty");
    }

    @Test
    void bodyMustHoldNoNulNorOtherControlCharacter() {
        for (char c = 0; c < ' '; c++) {
            String body = "one\ntwo" + c + "three";
            if (c == '\n' || c == '\t') {
                assertThat(reading(body).body()).isEqualTo(body);
            } else {
                RefusedException refusal = refusalOf(() -> reading(body));
                assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_TEXT);
                assertThat(refusal.detail())
                        .isEqualTo("the body holds the control character U+%04X in line 2".formatted((int) c));
            }
        }
    }

    @Test
    void halfCharactersAreRefusedEverywhere() {
        assertThat(refusalOf(() -> titled("half \ud83d")).code()).isEqualTo(ErrorCode.NOT_TEXT);
        assertThat(refusalOf(() -> reading("\ude00\ud83d")).code()).isEqualTo(ErrorCode.NOT_TEXT);
        assertThat(refusalOf(() -> with("feed", new Variant(null, "\udfff", null)))
                        .errors())
                .extracting(FieldError::pointer)
                .containsExactly("/variants/feed/body");
        assertThat(refusalOf(() -> with("\ud800", new Variant("t", null, null))).code())
                .isEqualTo(ErrorCode.NOT_TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://a",
                "https://example.org:8443/a?b=c#d",
                "HTTPS://[::1]/",
                "https://xn--mnchen-3ya.de/%C3%A9"
            })
    void linkMayBeAnyAbsoluteWebAddress(String link) {
        assertThat(linking(link).link()).isEqualTo(link);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " https://example.org",
                "/relative",
                "//example.org/",
                "example.org",
                "https:",
                "https:///path",
                "http:opaque",
                "javascript:alert(1)",
                "data:text/html,x",
                "ftp://example.org/",
                "mailto:a@example.org",
                "https://exa mple.org/",
                "https://example.org/\u0000",
                "https://münchen.de/",
                "https://example.org:70000/",
                "https://bank.example@evil.example/",
                "https://example.org/%zz"
            })
    void linkMustBeAnAbsoluteWebAddress(String link) {
        RefusedException refusal = refusalOf(() -> linking(link));

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_FIELD);
        assertThat(refusal.errors()).extracting(FieldError::pointer).containsExactly("/link");
        assertThat(refusal.detail()).startsWith("the link ");
    }

    @Test
    void linkMustNotBeEndless() {
        assertThat(refusalOf(() -> linking("https://example.org/" + "a".repeat(2_048)))
                        .detail())
                .contains("at most 2,048");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de-AT", "zh-Hant-TW", "sr-Latn", "x-klingon", "de-CH-1996", "es-419", "i-klingon"})
    void langMayBeAnyWellFormedTag(String lang) {
        assertThat(speaking(lang).lang()).isEqualTo(lang);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "e",
                "en_US",
                "germanlanguage",
                "en-overlongsubtag",
                "en-",
                "-en",
                "en us",
                "en\0",
                "én",
                "\"en\"",
                "en-a"
            })
    void langMustBeAWellFormedTag(String lang) {
        assertThatThrownBy(() -> speaking(lang))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("BCP 47");
    }
}
