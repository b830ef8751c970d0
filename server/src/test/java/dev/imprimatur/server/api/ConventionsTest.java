package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What holds for every route: how JSON is read, how refusals look, and in which order they come. */
class ConventionsTest {
    private static final String POST = "{\"title\":\"t\",\"body\":\"b\"}";
    private static final String NOTHING = "/api/content/00000000-0000-0000-0000-000000000000";

    private static TestServer server;
    private static String operator;
    private static String viewer;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        operator = server.token(Role.OPERATOR);
        viewer = server.token(Role.VIEWER);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyFaultOfABodyIsToldAtOnce() {
        Answer refused = server.post("/api/content", operator, """
                {"titel": "t", "title": "", "title": " ", "body": 7, "link": "javascript:1", "lang": "?",
                 "outlets": ["telegraph", 3, "feed"], "variants": {"a/b": {"title": "x", "subtitle": "y"}},
                 "publish_at": "tomorrow"} {}""");
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(pointers(refused))
                .containsExactlyInAnyOrder(
                        "",
                        "/titel",
                        "/title",
                        "/body",
                        "/link",
                        "/lang",
                        "/outlets/0",
                        "/outlets/1",
                        "/variants/a~1b",
                        "/variants/a~1b/subtitle",
                        "/publish_at");
    }

    @Test
    void everyFaultOfMeaningIsToldAtOnce() {
        Answer refused = server.post("/api/content", operator, """
                {"title": "", "body": "", "outlets": ["telegraph"], "publish_at": "2020-01-01T00:00Z"}""");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(pointers(refused)).containsExactlyInAnyOrder("/title", "/body", "/outlets/0", "/publish_at");
    }

    @Test
    void whoSendsAThousandFaultsIsToldAHundredAndHowManyMore() {
        StringBuilder many = new StringBuilder("{\"title\":\"t\",\"body\":\"b\"");
        for (int i = 0; i < 1_000; i++) {
            many.append(",\"x").append(i).append("\":1");
        }
        Answer refused = server.post("/api/content", operator, many.append('}').toString());
        assertThat(refused.json().at("/errors")).hasSize(101);
        assertThat(refused.text("/errors/100/detail")).isEqualTo("and 900 more");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"title":"t","body":"b"} x                   | ''
                    {"title":"t","body":"b"}{"title":"t"}        | ''
                    {"title":"t","body":"b","body":"c"}          | /body
                    {"title":"t","body":"b","outlets":["feed"    | /outlets/0
                    {"title":"t","body":NaN}                     | /body
                    {'title':'t','body':'b'}                     | ''
                    {"title":"t","body":"b",}                    | /body
                    {"title":"t","body":"b"/**/}                 | /body
                    {"title":"t","body":"b","outlets":"feed"}    | /outlets
                    {"title":"t","body":"b","outlets":[null]}    | /outlets/0
                    {"title":"t","body":true}                    | /body
                    "title"                                      | ''
                    null                                         | ''
                    """)
    void whatIsNoSoundJsonIsRefusedWithItsPlace(String body, String pointer) {
        Answer refused = server.post("/api/content", operator, body);
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(pointers(refused)).as(refused.body()).contains(pointer);
    }

    @Test
    void whatIsNestedTooDeepIsRefusedBeforeItFillsTheStack() {
        String deep = "{\"title\":\"t\",\"body\":\"b\",\"variants\":" + "[".repeat(500_000);
        Answer refused = server.post("/api/content", operator, deep);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/errors/0/detail")).contains("deeper than 32");
    }

    @Test
    void otherEncodingsThanUtf8AreNotGuessed() {
        byte[] utf16 = POST.getBytes(StandardCharsets.UTF_16LE);
        assertThat(server.send(
                                "POST",
                                "/api/content",
                                operator,
                                BodyPublishers.ofByteArray(utf16),
                                "Idempotency-Key",
                                "k")
                        .status())
                .isEqualTo(400);
        assertThat(server.post("/api/content", operator, POST, "Content-Type", "application/json;charset=utf-16")
                        .status())
                .isEqualTo(415);
        assertThat(server.post("/api/content", operator, POST, "Content-Type", "application/json; charset=UTF-8")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aReaderIsRefusedBeforeTheBodyIsRead() {
        assertThat(server.post("/api/content", viewer, "{").status()).isEqualTo(403);
        assertThat(server.put(NOTHING, viewer, "{").status()).isEqualTo(403);
        assertThat(server.put("/api/feature-flags/feed", viewer, "{").status()).isEqualTo(403);
    }

    @Test
    void whatIsNotThereIsToldBeforeWhatIsWrongWithTheBody() {
        assertThat(server.put(NOTHING, operator, "{").status()).isEqualTo(404);
        assertThat(server.put(NOTHING, operator, "{", "If-Match", "\"1\"").status())
                .isEqualTo(404);
        assertThat(server.post(NOTHING + "/comments", operator, "{").status()).isEqualTo(404);
        assertThat(server.put("/api/feature-flags/telegraph", operator, "{").status())
                .isEqualTo(404);
        assertThat(server.put(
                                "/api/publications/00000000-0000-0000-0000-000000000000/schedule",
                                operator,
                                "{\"due_at\":\"x\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void anEditNamesTheRevisionThatWasRead() {
        String path =
                "/api/content/" + server.post("/api/content", operator, POST).text("/id");
        Answer unnamed = server.put(path, operator, "{");
        assertThat(unnamed.status()).isEqualTo(428);
        assertThat(unnamed.text("/code")).isEqualTo("IM118");
        for (String stale : new String[] {"\"2\"", "W/\"1\"", "1", "\"1\", \"2\"", ""}) {
            assertThat(server.put(path, operator, "{", "If-Match", stale).status())
                    .as(stale)
                    .isEqualTo(412);
        }
        assertThat(server.put(path, operator, "{", "If-Match", "\"1\"").status())
                .isEqualTo(400);
        assertThat(server.put(path, operator, POST, "If-Match", "\"1\"").status())
                .isEqualTo(200);
        assertThat(server.put(path, operator, POST, "If-Match", "*").status()).isEqualTo(200);
    }

    @Test
    void optionsAndWrongMethodsNameTheRightOnes() {
        for (String method : new String[] {"OPTIONS", "DELETE"}) {
            Answer answer = server.send(method, "/api/content", operator, BodyPublishers.noBody());
            assertThat(answer.status()).isEqualTo(method.equals("OPTIONS") ? 200 : 405);
            assertThat(answer.header("Allow").split(", ?"))
                    .as(method)
                    .containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS", "POST");
        }
        assertThat(server.send("DELETE", "/api/nothing", operator, BodyPublishers.noBody())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aPageLinksToTheNextWithTheSameFilter() {
        for (int i = 0; i < 3; i++) {
            server.post("/api/content", operator, POST);
        }
        Answer first = server.get("/api/content?state=draft&limit=2", viewer);
        assertThat(first.header("Link")).matches("</api/content\\?state=draft&limit=2&cursor=[^>&]+>; rel=\"next\"");
        String path = first.header("Link").replaceFirst("<(.*)>.*", "$1");
        assertThat(path).endsWith("cursor=" + first.text("/next"));
        Answer second = server.get(path, viewer);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.text("/items/0/id")).isNotEqualTo(first.text("/items/1/id"));
        assertThat(server.get("/api/content?state=approved", viewer).header("Link"))
                .isEmpty();
        assertThat(server.get("/api/publications?cursor=" + first.text("/next"), viewer)
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @EnumSource
    void everyProblemHasAPage(ErrorCode code) {
        Answer page = server.get("/problems/" + code.slug(), null);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=utf-8");
        assertThat(page.body()).contains(code.code(), code.title());
        assertThat(server.get("/problems", null).body()).contains("\"/problems/" + code.slug() + "\"");
    }

    @Test
    void aProblemNamesItsPage() {
        Answer refused = server.get(NOTHING, viewer);
        assertThat(refused.text("/type")).isEqualTo("/problems/not-found");
        assertThat(server.get(refused.text("/type"), null).status()).isEqualTo(200);
        assertThat(server.get("/problems/nothing", null).status()).isEqualTo(404);
    }

    private static List<String> pointers(Answer refused) {
        List<String> pointers = new ArrayList<>();
        for (JsonNode error : refused.json().at("/errors")) {
            pointers.add(error.at("/pointer").asString());
        }
        return pointers;
    }
}
