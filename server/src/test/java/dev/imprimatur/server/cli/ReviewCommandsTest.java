package dev.imprimatur.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewCommandsTest {
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
    void approvingShowsTheBytesAndSendsTheirHashes() {
        server.put(ID, "Hello", "in_review");
        assertThat(terminal.run("approve", "3F2A", "--until", "2126-12-01T09:00 Europe/Berlin", "--comment", "Fine"))
                .isZero();
        String sha256 = FakeServer.rendition(server.content(ID)).path("sha256").asString();
        assertThat(terminal.out())
                .startsWith("3f2a91c4  Hello  (revision 1 by anna, in review)\n  feed  sha256 " + sha256
                        + "\n  │ <entry>Hello</entry>\napproved 3f2a91c4, revision 1, until 2126-12-01 ");
        assertThat(server.requests.getLast())
                .isEqualTo("POST /api/approvals {\"content_id\":\"" + ID
                        + "\",\"revision\":1,\"decision\":\"approved\",\"renditions\":[{\"outlet\":\"feed\",\"sha256\":\""
                        + sha256 + "\"}],\"comment\":\"Fine\",\"not_after\":\"2126-12-01T08:00:00Z\"}");
    }

    @Test
    void whatTheApproverSeesCannotDeceiveTheTerminal() {
        server.put(ID, "Hello", "in_review").put("title", "Hello \u202Eolleh \u001b[2J");
        terminal.run("approve", ID);
        assertThat(terminal.out()).contains("Hello ‹U+202E›olleh ‹U+001B›[2J").doesNotContain("\u001b", "\u202E");
    }

    @Test
    void anotherRevisionThanTheOneMeantIsNotApproved() {
        server.put(ID, "Hello", "in_review").put("revision", 3);
        assertThat(terminal.run("approve", ID, "--revision", "2")).isEqualTo(1);
        assertThat(terminal.err()).isEqualTo(ID + ": revision 3 is current, not 2; read it before you approve it\n");
    }

    @Test
    void oneRefusalDoesNotStopTheNextAndTheWorstIsTheExitCode() {
        server.put("aaaa0000-1111-4000-8000-000000000000", "Mine", "in_review");
        server.put("bbbb0000-1111-4000-8000-000000000000", "Yours", "in_review");
        server.refuseOnce("POST /api/approvals", ErrorCode.FOUR_EYES, "you wrote it");
        assertThat(terminal.run("approve", "aaaa", "bbbb")).isEqualTo(1);
        assertThat(terminal.err()).isEqualTo("aaaa: IM203 four eyes: you wrote it\n");
        assertThat(terminal.out()).contains("approved bbbb0000");
    }

    @Test
    void rejectingNeedsAReason() {
        server.put(ID, "Hello", "in_review");
        assertThat(terminal.run("reject", ID)).isEqualTo(2);
        assertThat(terminal.err()).startsWith("imprimatur reject: Missing required option: '--comment=TEXT'\n");
        assertThat(terminal.run("reject", ID, "--comment", "Too long")).isZero();
        assertThat(server.content(ID).path("state").asString()).isEqualTo("changes_requested");
    }

    @Test
    void publishingSaysWhenAndHeldSaysWhy() {
        server.put(ID, "Hello", "approved");
        assertThat(terminal.run("publish", ID, "--at", "2126-12-01T09:00 Europe/Berlin"))
                .isZero();
        server.outletIsOff = true;
        assertThat(terminal.run("publish", ID)).isZero();
        assertThat(terminal.out()).isEqualTo("""
                3f2a91c4 feed: scheduled for 2026-12-01T09:00 Europe/Berlin
                3f2a91c4 feed: held, not sent: the outlet is switched off
                """);
        assertThat(server.requests)
                .contains("POST /api/publications {\"content_id\":\"" + ID
                        + "\",\"outlet\":\"feed\",\"revision\":1,\"due_at\":\"2126-12-01T09:00 Europe/Berlin\"}");
    }

    @Test
    void oneOutletThatRefusesDoesNotStopTheOther() {
        server.put(ID, "Hello", "approved");
        assertThat(terminal.run("publish", ID, "--outlet", "fed", "--outlet", "feed"))
                .isEqualTo(2);
        assertThat(terminal.err())
                .isEqualTo("3f2a91c4 fed: IM102 unknown outlet: there is no outlet fed\n  /outlet: there are: feed\n");
        assertThat(terminal.out()).contains("3f2a91c4 feed: scheduled");
    }

    @Test
    void statusListsWhatThereIs() {
        server.put(ID, "Hello", "in_review");
        server.put("aaaa0000-1111-4000-8000-000000000000", "Another", "approved");
        assertThat(terminal.run("status")).isZero();
        assertThat(terminal.out()).isEqualTo("""
                ID        STATE      REV  OUTLETS  DUE  AUTHOR  TITLE
                3f2a91c4  in review  1    feed     -    anna    Hello
                aaaa0000  approved   1    feed     -    anna    Another
                """);
    }

    @Test
    void statusReadsAsManyPagesAsAskedFor() {
        for (int i = 0; i < 450; i++) {
            server.put("%08x-1111-4000-8000-000000000000".formatted(i), "T" + i, "draft");
        }
        assertThat(terminal.run("status", "--limit", "410", "--json")).isZero();
        assertThat(terminal.json()).hasSize(410);
        assertThat(terminal.run("status", "--limit", "0")).isEqualTo(2);
    }

    @Test
    void statusOfOneTellsEverything() {
        server.put(ID, "Hello", "approved");
        terminal.run("comment", ID, "Nice");
        terminal.run("publish", ID);
        terminal.clear();
        assertThat(terminal.run("status", ID)).isZero();
        assertThat(terminal.out())
                .contains("state      approved, revision 1", "written by anna", "rendition  feed  sha256 ")
                .contains("publication  feed  revision 1  scheduled for 2026-12-01T09:00 Europe/Berlin")
                .containsPattern("comment  2026-11-2\\d \\d\\d:\\d\\d  bert: Nice");
    }

    @Test
    void jsonIsTheServersOwnAndNothingElseStandsOnStandardOutput() throws IOException {
        server.put(ID, "Hello", "in_review");
        assertThat(terminal.run("propose", "--json", terminal.post("a.md", "A")))
                .isZero();
        assertThat(terminal.json().path(0).path("title").asString()).isEqualTo("A");
        assertThat(terminal.run("approve", "--json", ID)).isZero();
        assertThat(terminal.json().path(0).path("decision").asString()).isEqualTo("approved");
        assertThat(terminal.run("publish", "--json", ID)).isZero();
        assertThat(terminal.json().path(0).path("state").asString()).isEqualTo("scheduled");
        assertThat(terminal.run("comment", "--json", ID, "Hm")).isZero();
        assertThat(terminal.json().path("body").asString()).isEqualTo("Hm");
        assertThat(terminal.run("status", "--json", ID)).isZero();
        assertThat(terminal.json().propertyNames())
                .containsExactly("content", "renditions", "approvals", "publications", "comments");
        server.refuseOnce("POST /api/approvals", ErrorCode.FOUR_EYES, "you wrote it");
        assertThat(terminal.run("approve", "--json", ID)).isEqualTo(1);
        assertThat(terminal.json().path(0).path("code").asString()).isEqualTo("IM203");
    }

    @Test
    void anIdMayBeShortButNotAmbiguous() {
        server.put("3f2a0000-1111-4000-8000-000000000000", "One", "draft");
        server.put("3f2a1111-1111-4000-8000-000000000000", "Two", "draft");
        assertThat(List.of(
                        terminal.run("status", "3f2a"),
                        terminal.run("status", "3f2a1"),
                        terminal.run("status", "9999"),
                        terminal.run("status", "3f"),
                        terminal.run("status", "../me")))
                .containsExactly(2, 0, 1, 2, 2);
        assertThat(terminal.err().lines().toList())
                .containsExactly(
                        "3f2a: begins more than one id: 3f2a0000-1111-4000-8000-000000000000, 3f2a1111-1111-4000-8000-000000000000",
                        "9999: no content begins so; see: imprimatur status",
                        "3f: is no id; take one, or its first 4 characters or more, from: imprimatur status",
                        "../me: is no id; take one, or its first 4 characters or more, from: imprimatur status");
    }
}
