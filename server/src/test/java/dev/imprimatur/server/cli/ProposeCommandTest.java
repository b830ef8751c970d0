package dev.imprimatur.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProposeCommandTest {
    private static final String ID = "3f2a91c4-1111-4000-8000-000000000000";

    @TempDir
    Path folder;

    private FakeServer server;
    private Terminal terminal;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        terminal = new Terminal(server.url(), folder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void proposingCreatesAndSubmits() throws IOException {
        assertThat(terminal.run("propose", terminal.post("a.md", "Hello"))).isZero();
        assertThat(terminal.out())
                .isEqualTo(folder.resolve("a.md")
                        + ": proposed as a0000000, revision 1, in review for feed\n"
                        + "somebody else can now: imprimatur approve a0000000\n");
        assertThat(server.requests)
                .containsExactly(
                        "GET /api/feature-flags",
                        "POST /api/content {\"title\":\"Hello\",\"body\":\"Text.\\n\",\"lang\":\"en\",\"outlets\":[\"feed\"]}",
                        "POST /api/content/a0000000-0000-4000-8000-000000000000/submission");
    }

    @Test
    void proposingAgainDoublesNothingAndSaysSo() throws IOException {
        String file = terminal.post("a.md", "Hello");
        assertThat(terminal.run("propose", file)).isZero();
        assertThat(terminal.run("propose", file)).isZero();
        assertThat(terminal.out()).contains("already proposed as a0000000, revision 1, in review for feed");
        assertThat(server.ids()).hasSize(1);
    }

    @Test
    void whatDiedBeforeItsSubmissionIsSubmittedTheNextTime() throws IOException {
        String file = terminal.post("a.md", "Hello");
        server.refuseOnce("POST /api/content/a0000000-0000-4000-8000-000000000000/submission", ErrorCode.BUSY, "later");
        assertThat(terminal.run("propose", file)).isEqualTo(3);
        assertThat(terminal.run("propose", file)).isZero();
        assertThat(server.content(server.ids().getFirst()).path("state").asString())
                .isEqualTo("in_review");
        assertThat(server.ids()).hasSize(1);
    }

    @Test
    void anotherOnesEditIsNotSubmittedByProposingTheOldTextAgain() throws IOException {
        String file = terminal.post("a.md", "Hello");
        assertThat(terminal.run("propose", file, "--draft")).isZero();
        server.content(server.ids().getFirst()).put("sha256", "0".repeat(64)).put("revision", 2);
        assertThat(terminal.run("propose", file)).isZero();
        assertThat(terminal.out()).contains("already proposed as a0000000, revision 2, draft");
    }

    @Test
    void aDraftStaysADraft() throws IOException {
        assertThat(terminal.run("propose", "--draft", terminal.post("a.md", "Hello")))
                .isZero();
        assertThat(terminal.out()).endsWith("a.md: kept as a0000000, revision 1, draft for feed\n");
    }

    @Test
    void aNewRevisionReplacesTheTextAndGoesIntoReview() throws IOException {
        server.put(ID, "Old", "changes_requested");
        assertThat(terminal.run("propose", terminal.post("a.md", "New"), "--content", "3f2a"))
                .isZero();
        assertThat(terminal.out()).contains("proposed as 3f2a91c4, revision 2, in review");
        assertThat(server.content(ID).path("title").asString()).isEqualTo("New");
    }

    @Test
    void contentHasOneTextOnly() throws IOException {
        assertThat(terminal.run("propose", terminal.post("a.md", "A"), terminal.post("b.md", "B"), "--content", ID))
                .isEqualTo(2);
        assertThat(terminal.err()).isEqualTo("""
                imprimatur propose: --content takes one file: content has one text.
                see: imprimatur propose --help
                """);
    }

    @Test
    void nothingIsSentWhileOneFileIsFaulty() throws IOException {
        String good = terminal.post("a.md", "Hello");
        Path bad = Files.writeString(folder.resolve("b.md"), "---\ntitel: T\noutlets: [feed]\n---\n# T\nText.\n");
        assertThat(terminal.run("propose", good, bad.toString())).isEqualTo(2);
        assertThat(terminal.err())
                .isEqualTo(bad
                        + ":2: there is no key \"titel\"; write title, link, outlets, publish_at, lang or variants\n"
                        + "imprimatur propose: nothing was sent; mend this first\n");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void anUnknownOutletIsToldWithItsLineBeforeAnythingIsSent() throws IOException {
        Path bad = Files.writeString(folder.resolve("b.md"), "---\ntitle: T\noutlets: [feed, fed]\n---\nText.\n");
        assertThat(terminal.run("propose", terminal.post("a.md", "Hello"), bad.toString()))
                .isEqualTo(2);
        assertThat(terminal.err()).startsWith(bad + ":3: there is no outlet fed; write one of: feed\n");
        assertThat(server.ids()).isEmpty();
    }

    @Test
    void whatTheServerHasAgainstAFieldIsToldWithItsLineAndTheOtherFilesGoOn() throws IOException {
        Path due = Files.writeString(
                folder.resolve("due.md"),
                "---\ntitle: T\noutlets: [feed]\npublish_at: 2126-12-01T09:00Z\n---\nText.\n");
        server.refuseOnce(
                "POST /api/content", ErrorCode.DUE_IN_THE_PAST, "it is too late", "/publish_at", "it is too late");
        assertThat(terminal.run("propose", due.toString(), terminal.post("a.md", "Hello")))
                .isEqualTo(2);
        assertThat(terminal.err()).isEqualTo(due + ":4: IM105 due in the past: it is too late\n");
        assertThat(terminal.out()).contains("a.md: proposed as a0000000");
    }
}
