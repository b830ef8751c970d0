package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP API against a real server and database: the way of one post, and everything that is refused on it. */
class ContentApiTest {
    private static final String POST = "{\"title\":\"Hello\",\"body\":\"Some *text*\",\"outlets\":[\"feed\"]}";

    private static TestServer server;
    private static String operator;
    private static String approver;
    private static String viewer;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        operator = server.token(Role.OPERATOR);
        approver = server.token(Role.APPROVER);
        viewer = server.token(Role.VIEWER);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aPostGoesFromProposalToTheFeed() {
        String id = created(POST.replace("Hello", "The whole way"));
        assertThat(server.post("/api/content/" + id + "/submission", operator, "")
                        .text("/state"))
                .isEqualTo("in_review");
        Answer approval = approve(id, approver);
        assertThat(approval.status()).isEqualTo(201);
        assertThat(server.get("/api/content/" + id, viewer).text("/state")).isEqualTo("approved");

        Answer scheduled = publish(id);
        assertThat(scheduled.status()).isEqualTo(201);
        Answer published = awaitState(scheduled.text("/id"), "published");

        assertThat(published.text("/url")).startsWith(server.url().toString());
        Answer feed = server.get("/feed.json", null);
        assertThat(feed.json().at("/items/0/title").asString()).isEqualTo("The whole way");
        assertThat(feed.json().at("/items/0/content_html").asString()).contains("<em>text</em>");
        assertThat(server.get("/api/publications/" + scheduled.text("/id") + "/attempts", viewer)
                        .text("/items/0/outcome"))
                .isEqualTo("accepted");
    }

    @Test
    void theFeedIsNotSentAgainToWhoHasIt() {
        for (String path : new String[] {"/feed.xml", "/feed.json"}) {
            Answer first = server.get(path, null);
            assertThat(first.header("ETag")).isNotEmpty();
            Answer second = server.get(path, null, "If-None-Match", first.header("ETag"));
            assertThat(second.status()).isEqualTo(304);
            assertThat(second.response().body()).isEmpty();
            assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
            assertThat(server.get(path, null, "If-None-Match", "\"other\"").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void oneCannotApproveOnesOwnContent() {
        String both = server.token(Role.OPERATOR, Role.APPROVER);
        String id = server.post("/api/content", both, POST).text("/id");
        server.post("/api/content/" + id + "/submission", both, "");
        Answer refused = approve(id, both);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("/code")).isEqualTo("IM203");
        assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void anUnapprovedOrSinceEditedRevisionIsNotPublished() {
        String id = created(POST);
        assertThat(publish(id).text("/code")).isEqualTo("IM304");
        server.post("/api/content/" + id + "/submission", operator, "");
        assertThat(publish(id).text("/code")).isEqualTo("IM304");
        approve(id, approver);
        Answer edited = server.put("/api/content/" + id, operator, POST.replace("Some", "Other"), "If-Match", "\"1\"");
        assertThat(edited.text("/state")).isEqualTo("draft");
        assertThat(edited.header("ETag")).isEqualTo("\"2\"");
        assertThat(publish(id).text("/code")).isEqualTo("IM304");
        Answer stale = server.post(
                "/api/publications",
                operator,
                "{\"content_id\":\"%s\",\"outlet\":\"feed\",\"revision\":1}".formatted(id));
        assertThat(stale.status()).isEqualTo(412);
        assertThat(server.put("/api/content/" + id, operator, POST, "If-Match", "\"1\"")
                        .text("/code"))
                .isEqualTo("IM302");
    }

    @Test
    void publishingToAnOutletThatIsOffIsAcceptedAsHeldAndSaidSo() {
        try {
            assertThat(server.put("/api/feature-flags/feed", operator, "{\"mode\":\"off\",\"reason\":\"quiet day\"}")
                            .text("/mode"))
                    .isEqualTo("off");
            String id = approved();
            Answer held = publish(id);
            assertThat(held.status()).isEqualTo(201);
            assertThat(held.text("/state")).isEqualTo("held");
            assertThat(held.text("/held_reason")).isEqualTo("outlet_off");
            assertThat(server.put("/api/feature-flags/feed", operator, "{\"mode\":\"live\"}")
                            .status())
                    .isEqualTo(403);
            assertThat(server.put("/api/feature-flags/feed", approver, "{\"mode\":\"live\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(server.post("/api/publications/" + held.text("/id") + "/release", operator, "")
                            .text("/state"))
                    .isEqualTo("scheduled");
            awaitState(held.text("/id"), "published");
        } finally {
            server.put("/api/feature-flags/feed", approver, "{\"mode\":\"live\"}");
        }
    }

    @Test
    void theSameKeyCreatesOnceAndOtherContentUnderItIsRefused() {
        Answer first = server.post("/api/content", operator, POST, "Idempotency-Key", "\"a-key\"");
        Answer again = server.post("/api/content", operator, POST, "Idempotency-Key", "a-key");
        assertThat(again.text("/id")).isEqualTo(first.text("/id"));
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        Answer other = server.post("/api/content", operator, POST.replace("Hello", "Bye"), "Idempotency-Key", "a-key");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.text("/code")).isEqualTo("IM110");
    }

    @Test
    void withoutATokenNothingIsTold() {
        for (String path : new String[] {"/api/content", "/api/me", "/api/nothing"}) {
            Answer refused = server.get(path, null);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.text("/code")).isEqualTo("IM200");
            assertThat(refused.header("WWW-Authenticate")).startsWith("Bearer");
        }
        assertThat(server.get("/api/me", "imp_wrong").status()).isEqualTo(401);
        assertThat(server.get("/api/me", null, "Authorization", "Basic eDp5").status())
                .isEqualTo(401);
    }

    @Test
    void eachRoleMayDoWhatItIsForAndNothingElse() {
        assertThat(server.post("/api/content", viewer, POST).text("/code")).isEqualTo("IM201");
        assertThat(server.post("/api/content", approver, POST).status()).isEqualTo(403);
        String id = created(POST);
        server.post("/api/content/" + id + "/submission", operator, "");
        assertThat(approve(id, operator).status()).isEqualTo(403);
        assertThat(approve(id, viewer).status()).isEqualTo(403);
        assertThat(server.get("/api/content/" + id, viewer).status()).isEqualTo(200);
        assertThat(server.get("/api/me", viewer).text("/roles/0")).isEqualTo("viewer");
    }

    @Test
    void anAgentProposesAndNeverApprovesOrSwitches() {
        String agent = server.token(TokenKind.AGENT, Role.OPERATOR, Role.APPROVER);
        assertThat(server.post("/api/content", agent, POST).status()).isEqualTo(201);
        String id = created(POST);
        server.post("/api/content/" + id + "/submission", operator, "");
        assertThat(approve(id, agent).text("/code")).isEqualTo("IM202");
        assertThat(server.put("/api/feature-flags/feed", agent, "{\"mode\":\"off\"}")
                        .text("/code"))
                .isEqualTo("IM202");
        assertThat(server.put("/api/feature-flags/global-stop", agent, "{\"stopped\":true}")
                        .text("/code"))
                .isEqualTo("IM202");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"body":"b","outlets":["feed"]}                                            | 422 | IM101 | /title
                    {"title":"t","body":"","outlets":["feed"]}                                 | 422 | IM101 | /body
                    {"title":"t","body":"b","outlets":["telegraph"]}                           | 422 | IM102 | /outlets/0
                    {"title":"t","body":"b\\u0000","outlets":["feed"]}                         | 422 | IM104 | /body
                    {"title":"t","body":"b\\ud800","outlets":["feed"]}                         | 422 | IM104 | /body
                    {"title":"t","body":"b","link":"javascript:alert(1)"}                      | 422 | IM101 | /link
                    {"title":"t","body":"b","publish_at":"2020-01-01T09:00 Europe/Berlin"}     | 422 | IM105 | /publish_at
                    {"title":"t","body":"b","publish_at":"2099-10-25T02:30 Europe/Berlin"}     | 422 | IM106 | /publish_at
                    {"title":"t","body":"b","publish_at":"2099-03-29T02:30 Europe/Berlin"}     | 422 | IM107 | /publish_at
                    {"title":"t","body":"b","publish_at":"tomorrow"}                           | 422 | IM108 | /publish_at
                    {"title":"t","body":"b","titel":"t"}                                       | 400 | IM100 | /titel
                    {"title":"t","title":"u","body":"b"}                                       | 400 | IM100 | ''
                    {"title":1,"body":"b"}                                                     | 400 | IM100 | /title
                    {"title":"t",                                                              | 400 | IM100 | ''
                    []                                                                         | 400 | IM100 | ''
                    """)
    void badInputIsRefusedWithItsPlace(String body, int status, String code, String pointer) {
        Answer refused = server.post("/api/content", operator, body);
        assertThat(refused.status()).as(refused.body()).isEqualTo(status);
        assertThat(refused.text("/code")).isEqualTo(code);
        assertThat(refused.text("/detail")).isNotEmpty();
        if (!pointer.isEmpty()) {
            assertThat(refused.text("/errors/0/pointer")).as(refused.body()).isEqualTo(pointer);
        }
    }

    @Test
    void twoMegabytesOfTextAreTooMuchAndInvalidUtf8IsNoText() {
        Answer large = server.post(
                "/api/content", operator, "{\"title\":\"t\",\"body\":\"%s\"}".formatted("x".repeat(2 << 20)));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.text("/errors/0/pointer")).isEqualTo("/body");

        Answer huge = server.send(
                "POST", "/api/content", operator, BodyPublishers.ofByteArray(new byte[(int) BodyLimit.MOST + 1]));
        assertThat(huge.text("/code")).isEqualTo("IM103");

        byte[] invalid = "{\"title\":\"t\",\"body\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        Answer refused = server.send("POST", "/api/content", operator, BodyPublishers.ofByteArray(invalid));
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.text("/code")).isEqualTo("IM100");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/content/nonsense",
                "/api/content?cursor=%21",
                "/api/content?limit=0",
                "/api/content?state=x"
            })
    void nonsenseInAPathOrQueryIsABadRequest(String path) {
        assertThat(server.get(path, viewer).status()).isEqualTo(400);
    }

    @Test
    void whatDoesNotExistIsToldAsSuch() {
        String nothing = "/api/content/00000000-0000-0000-0000-000000000000";
        assertThat(server.get(nothing, viewer).text("/code")).isEqualTo("IM300");
        assertThat(server.get("/api/other", viewer).text("/code")).isEqualTo("IM300");
        assertThat(server.send("DELETE", "/api/content", operator, BodyPublishers.noBody())
                        .status())
                .isEqualTo(405);
        assertThat(server.post("/api/content", operator, POST, "Content-Type", "text/plain")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void pagesLeadFromOneToTheNext() {
        for (int i = 0; i < 3; i++) {
            created(POST);
        }
        Answer first = server.get("/api/content?limit=2", viewer);
        assertThat(first.json().at("/items")).hasSize(2);
        Answer second = server.get("/api/content?limit=2&cursor=" + first.text("/next"), viewer);
        assertThat(second.text("/items/0/id")).isNotEqualTo(first.text("/items/1/id"));
    }

    @Test
    void peopleTalkAboutARevision() {
        String id = created(POST);
        assertThat(server.post("/api/content/" + id + "/comments", approver, "{\"body\":\"Nice\"}")
                        .status())
                .isEqualTo(201);
        assertThat(server.get("/api/content/" + id + "/comments", viewer).text("/items/0/body"))
                .isEqualTo("Nice");
        assertThat(server.post("/api/content/" + id + "/comments", viewer, "{\"body\":\"Nice\"}")
                        .status())
                .isEqualTo(403);
        assertThat(server.get("/api/content/" + id + "/revisions/1", viewer).text("/title"))
                .isEqualTo("Hello");
        assertThat(server.get("/api/content/" + id + "/revisions/2", viewer).status())
                .isEqualTo(404);
    }

    private static String created(String body) {
        Answer created = server.post("/api/content", operator, body);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return created.text("/id");
    }

    private static String approved() {
        String id = created(POST);
        server.post("/api/content/" + id + "/submission", operator, "");
        assertThat(approve(id, approver).status()).isEqualTo(201);
        return id;
    }

    private static Answer approve(String id, String token) {
        Answer rendition = server.get("/api/content/" + id + "/renditions", viewer);
        return server.post("/api/approvals", token, """
                {"content_id":"%s","revision":%s,"decision":"approved","renditions":[{"outlet":"feed","sha256":"%s"}]}""".formatted(
                        id, rendition.json().at("/items/0/revision"), rendition.text("/items/0/sha256")));
    }

    private static Answer publish(String id) {
        return server.post("/api/publications", operator, "{\"content_id\":\"%s\",\"outlet\":\"feed\"}".formatted(id));
    }

    private static Answer awaitState(String publication, String state) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        Answer now = server.get("/api/publications/" + publication, viewer);
        while (!now.text("/state").equals(state)) {
            assertThat(System.nanoTime()).as(now.body()).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            now = server.get("/api/publications/" + publication, viewer);
        }
        return now;
    }
}
