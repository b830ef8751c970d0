package dev.imprimatur.server.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.publishing.content.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PostFileTest {
    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");

    @TempDir
    Path folder;

    @Test
    void everyKeyIsRead() throws Exception {
        PostFile post = read("""
                ---
                title: "Hello: world"
                link: https://example.org/a
                outlets: [feed, webhook]
                publish_at: 2026-12-01T09:00 Europe/Berlin
                lang: de-AT
                variants:
                  feed:
                    title: For readers
                    body: |
                      Short.
                ---

                # A heading that stays

                Text.
                """);
        assertThat(post.manuscript().title()).isEqualTo("Hello: world");
        assertThat(post.manuscript().link()).isEqualTo("https://example.org/a");
        assertThat(post.manuscript().lang()).isEqualTo("de-AT");
        assertThat(post.manuscript().body()).isEqualTo("# A heading that stays\n\nText.\n");
        assertThat(post.manuscript().variants())
                .containsOnlyKeys("feed")
                .containsValue(new Variant("For readers", "Short.\n", null));
        assertThat(post.outlets()).containsExactly("feed", "webhook");
        assertThat(post.publishAt()).hasToString("2026-12-01T09:00 Europe/Berlin");
    }

    @Test
    void aHeadingThatOpensTheBodyIsTheTitleWhenNoneIsGiven() throws Exception {
        PostFile post = read("---\noutlets: [feed]\n---\n\n# Hello world ##\n\nText.\n");
        assertThat(post.manuscript().title()).isEqualTo("Hello world");
        assertThat(post.manuscript().body()).isEqualTo("Text.\n");
        assertThat(post.manuscript().lang()).isEqualTo("en");
        assertThat(post.lineOf("/title")).isEqualTo(5);
    }

    @Test
    void everyFieldKnowsItsLineAndAnUnknownOneTheLineOfItsParent() throws Exception {
        PostFile post =
                read("---\ntitle: T\noutlets:\n  - feed\n  - webhook\nvariants:\n  feed: {title: F}\n---\nText.\n");
        assertThat(List.of(
                        post.lineOf("/title"),
                        post.lineOf("/outlets/1"),
                        post.lineOf("/variants/feed/title"),
                        post.lineOf("/variants/feed/body"),
                        post.lineOf("/body"),
                        post.lineOf("/publish_at"),
                        post.lineOf("")))
                .containsExactly(2, 5, 7, 7, 9, 1, 1);
    }

    @Test
    void theIdempotencyKeyFollowsTheMeaningAndNotTheFile() throws Exception {
        String text = "---\ntitle: T\noutlets: [feed]\n---\nText.\n";
        String key = read(text).idempotencyKey();
        assertThat(key).matches("propose-[0-9a-f]{64}");
        assertThat(read("\uFEFF" + text.replace("\n", "\r\n") + "\r\n").idempotencyKey())
                .isEqualTo(key);
        assertThat(read(text.replace("Text.", "Text!")).idempotencyKey()).isNotEqualTo(key);
        assertThat(read(text.replace("[feed]", "[feed, webhook]")).idempotencyKey())
                .isNotEqualTo(key);
        assertThat(read(text.replace("---\nText", "publish_at: 2026-12-01T09:00Z\n---\nText"))
                        .idempotencyKey())
                .isNotEqualTo(key);
    }

    @Test
    void allFaultsOfAFileAreToldAtOnceAndInTheirOrder() throws IOException {
        assertThat(faults("""
                ---
                titel: Hello
                outlets: feed
                publish_at: tomorrow
                link: example.org
                ---
                """))
                .containsExactly(
                        "1: there is no title; write title: … into the front matter, or open the body with # …",
                        "2: there is no key \"titel\"; write title, link, outlets, publish_at, lang or variants",
                        "3: outlets must be a list with at least one name; write outlets: [feed]",
                        "4: publish_at: \"tomorrow\" is not a time; write it like 2026-12-01T09:00 Europe/Berlin,"
                                + " 2026-12-01T09:00+01:00 or 2026-12-01T08:00Z",
                        "5: the link must be absolute, like https://example.org/page",
                        "6: there is no body; write the post below this line");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faulty")
    void aFaultSaysWhereItIsAndWhatToWrite(String what, String text, String fault) throws IOException {
        assertThat(faults(text)).containsExactly(fault);
    }

    static Stream<Arguments> faulty() {
        return Stream.of(
                front(
                        "unknown key",
                        "title: T\nOutlets: [feed]\noutlets: [feed]",
                        "3: there is no key \"Outlets\"; write title, link, outlets, publish_at, lang or variants"),
                front(
                        "duplicate key",
                        "title: T\noutlets: [feed]\ntitle: U",
                        "4: title stands in line 2 already; keep one of them"),
                front(
                        "colon in a value",
                        "title: Hello: world\noutlets: [feed]",
                        "2: the front matter is not YAML (mapping values are not allowed here); put a value that holds a colon in double quotes"),
                front(
                        "unclosed bracket",
                        "title: T\noutlets: [feed",
                        "3: the front matter is not YAML (expected ',' or ']', but got <stream end>); check its quotes, brackets and indentation"),
                front(
                        "tab",
                        "title: T\noutlets:\n\t- feed",
                        "4: the front matter is not YAML (found character '\\t(TAB)' that cannot start any token); indent with blanks instead of tabs"),
                front("no keys", "- title", "2: the front matter holds no keys; write one a line, like title: Hello"),
                front(
                        "number as title",
                        "title: 2026\noutlets: [feed]",
                        "2: title must be text, and 2026 is none to YAML; write title: \"2026\""),
                front("list as title", "title: [a]\noutlets: [feed]", "2: title must be text; write title: Hello"),
                front(
                        "empty title",
                        "title:\noutlets: [feed]",
                        "2: title is empty; write title: Hello, or leave it out"),
                front(
                        "number as outlet",
                        "title: T\noutlets: [feed, 7]",
                        "3: an outlet must be text, and 7 is none to YAML; write outlet: \"7\""),
                front(
                        "outlet twice",
                        "title: T\noutlets: [feed, feed]",
                        "3: the outlet feed is named twice; keep one of them"),
                front(
                        "no outlet",
                        "title: T\noutlets: []",
                        "3: outlets must be a list with at least one name; write outlets: [feed]"),
                front(
                        "outlets missing",
                        "title: T",
                        "1: no outlets are named; write outlets: [feed] into the front matter"),
                front(
                        "language",
                        "title: T\noutlets: [feed]\nlang: not_a_tag",
                        "4: the language must be a BCP 47 tag, like en or de-AT"),
                front(
                        "relative link",
                        "title: T\noutlets: [feed]\nlink: /page",
                        "4: the link must be absolute, like https://example.org/page"),
                front(
                        "past",
                        "title: T\noutlets: [feed]\npublish_at: 2026-01-01T09:00 Europe/Berlin",
                        "4: publish_at: 2026-01-01T09:00 Europe/Berlin lies in the past: it is 2026-11-24T01:00 Europe/Berlin now; write a later time"),
                front(
                        "no zone",
                        "title: T\noutlets: [feed]\npublish_at: 2026-12-01T09:00",
                        "4: publish_at: 2026-12-01T09:00 has no time zone; write it like 2026-12-01T09:00 Europe/Berlin,"
                                + " 2026-12-01T09:00+01:00 or 2026-12-01T08:00Z"),
                front(
                        "gap",
                        "title: T\noutlets: [feed]\npublish_at: 2027-03-28T02:30 Europe/Berlin",
                        "4: publish_at: 2027-03-28T02:30 does not exist in Europe/Berlin: its clocks jump from 2027-03-28T02:00 to"
                                + " 2027-03-28T03:00. The nearest times are 2027-03-28T01:59 and 2027-03-28T03:00"),
                front(
                        "overlap",
                        "title: T\noutlets: [feed]\npublish_at: 2027-10-31T02:30 Europe/Berlin",
                        "4: publish_at: 2027-10-31T02:30 happens twice in Europe/Berlin: at 2027-10-31T00:30:00Z and at"
                                + " 2027-10-31T01:30:00Z. Write 2027-10-31T02:30+02:00[Europe/Berlin] or 2027-10-31T02:30+01:00[Europe/Berlin]"),
                front(
                        "variants as a list",
                        "title: T\noutlets: [feed]\nvariants: [feed]",
                        "4: variants must be keys by outlet; write variants: {feed: {title: Hello}}"),
                front(
                        "variant as a text",
                        "title: T\noutlets: [feed]\nvariants: {feed: Hello}",
                        "4: the variant of feed must hold title, body or link"),
                front(
                        "unknown key of a variant",
                        "title: T\noutlets: [feed]\nvariants:\n  feed:\n    lang: de",
                        "6: there is no key \"lang\"; write title, body or link"),
                front(
                        "idle variant",
                        "title: T\noutlets: [feed]\nvariants:\n  webhook: {title: W}",
                        "5: there is a variant for webhook, which is not among the outlets; write outlets: [feed, webhook] or remove it"),
                front(
                        "variant's title",
                        "title: T\noutlets: [feed]\nvariants:\n  feed: {title: 7}",
                        "5: the feed variant's title must be text, and 7 is none to YAML; write title: \"7\""),
                front("tag", "title: !!java.net.URL [x]\noutlets: [feed]", "2: title must be text; write title: Hello"),
                Arguments.of(
                        "unterminated",
                        "---\ntitle: T\n\nText.\n",
                        "1: the front matter that opens here never ends; close it with a line ---"),
                Arguments.of(
                        "no front matter",
                        "# T\n\nText.\n",
                        "1: there is no front matter; open the file with the lines ---, outlets: [feed] and ---"),
                Arguments.of(
                        "empty body",
                        "---\ntitle: T\noutlets: [feed]\n---\n \n\n",
                        "4: there is no body; write the post below this line"),
                Arguments.of(
                        "heading only",
                        "---\noutlets: [feed]\n---\n# T\n",
                        "3: there is no body; write the post below this line"),
                Arguments.of(
                        "large body",
                        "---\ntitle: T\noutlets: [feed]\n---\n" + "x".repeat(1 << 20),
                        "5: the body is larger than 1 MiB (1,048,576 bytes of UTF-8); shorten it, or split the post"),
                Arguments.of(
                        "NUL",
                        "---\ntitle: T\noutlets: [feed]\n---\nText\0\n",
                        "5: holds a NUL byte; a post is text, so remove it"),
                Arguments.of(
                        "escape",
                        "---\ntitle: \u001b[2J\noutlets: [feed]\n---\nText\n",
                        "2: holds the control character U+001B; remove it"),
                Arguments.of(
                        "old newline",
                        "---\ntitle: T\noutlets: [feed]\n---\nText\rText\n",
                        "5: holds a carriage return without a newline; save the file with Unix newlines"));
    }

    private static Arguments front(String what, String yaml, String fault) {
        return Arguments.of(what, "---\n" + yaml + "\n---\nText.\n", fault);
    }

    @Test
    void bytesThatAreNotUtf8AreNamedByOffsetAndLine() throws IOException {
        Path path = folder.resolve("latin.md");
        Files.write(path, "---\ntitle: Caf\u00e9\n---\n".getBytes(ISO_8859_1));
        assertThat(faults(path)).containsExactly("2: byte 14 (0xE9) is not UTF-8; save the file as UTF-8");
        Files.write(path, new byte[] {'a', '\n', (byte) 0xE2, (byte) 0x82});
        assertThat(faults(path)).containsExactly("2: byte 2 (0xE2) is not UTF-8; save the file as UTF-8");
    }

    @Test
    void aFileThatCannotBeReadIsNamedWithoutALine() {
        assertThat(catchThrowableOfType(FaultyFileException.class, () -> PostFile.read(folder, NOW)))
                .hasMessage(folder + ": is a folder; name the Markdown files in it");
        Path missing = folder.resolve("missing.md");
        assertThat(catchThrowableOfType(FaultyFileException.class, () -> PostFile.read(missing, NOW)))
                .hasMessage(missing + ": there is no such file; check the name");
    }

    private PostFile read(String text) throws Exception {
        return PostFile.read(Files.writeString(folder.resolve("post.md"), text), NOW);
    }

    private List<String> faults(String text) throws IOException {
        return faults(Files.writeString(folder.resolve("post.md"), text));
    }

    private static List<String> faults(Path path) {
        FaultyFileException faulty = catchThrowableOfType(FaultyFileException.class, () -> PostFile.read(path, NOW));
        String place = path + ":";
        assertThat(faulty.faults())
                .allSatisfy(fault -> assertThat(fault.toString()).startsWith(place));
        return faulty.faults().stream()
                .map(fault -> fault.toString().substring(place.length()))
                .toList();
    }
}
