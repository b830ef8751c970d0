package dev.imprimatur.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.runtime.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands against the real server and a real database: the whole way of a post, and what is refused on it. */
class WholeWayTest {
    private static TestServer server;
    private static String operator;
    private static String approver;
    private static String both;

    @TempDir
    Path folder;

    private Terminal olga;
    private Terminal anna;
    private Terminal alone;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        operator = server.token(Role.OPERATOR);
        approver = server.token(Role.APPROVER);
        both = server.token(Role.OPERATOR, Role.APPROVER);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void sitDown() {
        olga = terminal(operator);
        anna = terminal(approver);
        alone = terminal(both);
    }

    @Test
    void aFileGoesFromTheDeskToTheFeed() throws IOException {
        String id = proposed(olga, olga.post("a.md", "From the desk"));
        assertThat(anna.run("approve", id)).as(anna.err()).isZero();
        assertThat(anna.out()).contains("From the desk", "sha256 ", "approved " + id.substring(0, 8));
        assertThat(olga.run("publish", id)).as(olga.err()).isZero();
        awaitPublished(id);
        assertThat(server.get("/feed.xml", null).body()).contains("From the desk");
        olga.clear();
        assertThat(olga.run("status", id)).isZero();
        assertThat(olga.out()).contains("published", "From the desk");
    }

    @Test
    void proposingTheSameFileTwiceProposesItOnce() throws IOException {
        String file = olga.post("a.md", "Said once");
        String id = proposed(olga, file);
        assertThat(olga.run("propose", file)).isZero();
        assertThat(olga.out()).contains("already proposed as " + id.substring(0, 8));
    }

    @Test
    void oneCannotApproveOnesOwn() throws IOException {
        String id = proposed(alone, alone.post("a.md", "My own"));
        assertThat(alone.run("approve", id)).isEqualTo(1);
        assertThat(alone.err()).contains("IM203 four eyes");
    }

    @Test
    void whatIsNotApprovedOrWasEditedSinceIsNotPublished() throws IOException {
        String file = olga.post("a.md", "Too soon");
        String id = proposed(olga, file);
        assertThat(olga.run("publish", id)).isEqualTo(1);
        assertThat(olga.err()).contains("IM304 not approved");

        assertThat(anna.run("approve", id)).isZero();
        Files.writeString(Path.of(file), "---\ntitle: Too soon\noutlets: [feed]\n---\nOther text.\n");
        assertThat(olga.run("propose", "--content", id, file)).as(olga.err()).isZero();
        assertThat(olga.run("publish", id)).isEqualTo(1);
        assertThat(server.get("/feed.xml", null).body()).doesNotContain("Too soon");
    }

    @Test
    void publishingToAnOutletThatIsOffIsAcceptedAsHeldAndSaidSo() throws IOException {
        String id = proposed(olga, olga.post("a.md", "Held back"));
        assertThat(anna.run("approve", id)).isZero();
        server.put("/api/feature-flags/feed", operator, "{\"mode\":\"off\"}");
        try {
            assertThat(olga.run("publish", id)).as(olga.err()).isZero();
            assertThat(olga.out()).contains("held").contains("off");
        } finally {
            server.put("/api/feature-flags/feed", approver, "{\"mode\":\"live\"}");
        }
        assertThat(server.get("/feed.xml", null).body()).doesNotContain("Held back");
    }

    @Test
    void whatIsRejectedSaysWhyAndComesBackAsAnotherRevision() throws IOException {
        String file = olga.post("a.md", "Needs work");
        String id = proposed(olga, file);
        assertThat(anna.run("reject", id, "--comment", "Say it shorter"))
                .as(anna.err())
                .isZero();
        assertThat(olga.run("status", id)).isZero();
        assertThat(olga.out()).contains("changes requested", "Say it shorter");
        Files.writeString(Path.of(file), "---\ntitle: Needs work\noutlets: [feed]\n---\nShort.\n");
        olga.clear();
        assertThat(olga.run("propose", "--content", id, file)).as(olga.err()).isZero();
        assertThat(olga.out()).contains("revision 2").contains("in review");
    }

    @Test
    void anAgentProposesAndCannotApprove() throws IOException {
        Terminal agent = terminal(server.token(TokenKind.AGENT, Role.OPERATOR, Role.APPROVER));
        proposed(agent, agent.post("a.md", "From a machine"));
        String id = proposed(olga, olga.post("b.md", "From a person"));
        assertThat(agent.run("approve", id)).isEqualTo(1);
        assertThat(agent.err()).contains("IM202 agents may not");
    }

    private Terminal terminal(String token) {
        Terminal terminal = new Terminal(server.url().toString(), folder);
        terminal.environment().put("IMPRIMATUR_TOKEN", token);
        return terminal;
    }

    private static String proposed(Terminal terminal, String file) {
        assertThat(terminal.run("propose", "--json", file)).as(terminal.err()).isZero();
        JsonNode content = terminal.json().get(0);
        assertThat(content.path("state").asString()).isEqualTo("in_review");
        return content.path("id").asString();
    }

    private static void awaitPublished(String content) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String state = "";
        while (!state.equals("published")) {
            assertThat(System.nanoTime()).as(state).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            state = server.get("/api/publications?content_id=" + content, operator)
                    .text("/items/0/state");
        }
    }
}
