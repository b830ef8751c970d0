package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a token narrowed to outlets sees and changes. This server has one outlet, so the other token reaches none of it. */
class OutletReachTest {
    private static final String DRAFT = "{\"title\": \"t\", \"body\": \"b\", \"outlets\": [%s]}";

    private static TestServer server;
    private static String wide;
    private static String feed;
    private static String elsewhere;
    private static String content;
    private static String approval;
    private static String publication;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        Person olga = new People(server.jdbi()).add("olga", Set.of(Role.OPERATOR, Role.APPROVER));
        wide = server.token(TokenKind.PERSONAL, olga);
        feed = narrowed(olga, "feed");
        elsewhere = narrowed(olga, "ghost");

        content = server.post("/api/content", wide, DRAFT.formatted("\"feed\"")).text("/id");
        assertThat(server.post("/api/content/" + content + "/submission", wide, "")
                        .status())
                .isEqualTo(200);
        JsonNode rendition = server.get("/api/content/" + content + "/renditions", wide)
                .json()
                .at("/items/0");
        approval = server.post(
                        "/api/approvals",
                        server.token(Role.APPROVER),
                        "{\"content_id\": \"%s\", \"revision\": 1, \"decision\": \"approved\", \"renditions\": [{\"outlet\": \"feed\", \"sha256\": \"%s\"}]}"
                                .formatted(content, rendition.path("sha256").asString()))
                .text("/id");
        publication = server.post(
                        "/api/publications", wide, "{\"content_id\": \"%s\", \"outlet\": \"feed\"}".formatted(content))
                .text("/id");
        assertThat(List.of(content, approval, publication)).doesNotContain("");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String narrowed(Person owner, String outlet) {
        return new ApiTokens(server.jdbi())
                .create(
                        Principal.atTheCommandLine(owner),
                        new ApiTokens.Wish(TokenKind.PERSONAL, null, OutletScope.of(List.of(outlet)), null))
                .secret();
    }

    private static List<String> paths() {
        return List.of(
                "/api/content/" + content,
                "/api/content/" + content + "/revisions",
                "/api/content/" + content + "/revisions/1",
                "/api/content/" + content + "/renditions",
                "/api/content/" + content + "/comments",
                "/api/approvals/" + approval,
                "/api/publications/" + publication,
                "/api/publications/" + publication + "/attempts",
                "/api/feature-flags/feed");
    }

    @Test
    void seesWhatItNames() {
        for (String path : paths()) {
            assertThat(server.get(path, feed).status()).as(path).isEqualTo(200);
        }
        for (String list : List.of("/api/content", "/api/approvals", "/api/publications", "/api/feature-flags")) {
            assertThat(server.get(list, feed).json().path("items").size())
                    .as(list)
                    .isPositive();
        }
    }

    @Test
    void findsNothingOutside() {
        for (String path : paths()) {
            assertThat(server.get(path, elsewhere).status()).as(path).isEqualTo(404);
        }
        for (String list : List.of("/api/content", "/api/approvals", "/api/publications", "/api/feature-flags")) {
            assertThat(server.get(list, elsewhere).json().path("items").size())
                    .as(list)
                    .isZero();
        }
    }

    @Test
    void tellsNotWhetherAHiddenThingExists() {
        for (String kind : List.of("content", "approvals", "publications")) {
            String hidden = switch (kind) {
                case "content" -> content;
                case "approvals" -> approval;
                default -> publication;
            };
            String missing = UUID.randomUUID().toString();
            Answer one = server.get("/api/" + kind + "/" + hidden, elsewhere);
            Answer other = server.get("/api/" + kind + "/" + missing, elsewhere);

            assertThat(one.body().replace(hidden, "ID")).isEqualTo(other.body().replace(missing, "ID"));
        }
        assertThat(server.get("/api/feature-flags/feed", elsewhere).body().replace("feed", "X"))
                .isEqualTo(server.get("/api/feature-flags/nowhere", elsewhere)
                        .body()
                        .replace("nowhere", "X"));
    }

    @Test
    void changesNothingOutside() {
        String edit = DRAFT.formatted("");
        assertThat(server.put("/api/content/" + content, elsewhere, edit, "If-Match", "*")
                        .status())
                .isEqualTo(404);
        assertThat(server.post("/api/content/" + content + "/submission", elsewhere, "")
                        .status())
                .isEqualTo(404);
        assertThat(server.post("/api/content/" + content + "/comments", elsewhere, "{\"body\": \"x\"}")
                        .status())
                .isEqualTo(404);
        assertThat(server.post("/api/publications/" + publication + "/cancellation", elsewhere, "")
                        .status())
                .isEqualTo(404);
        assertThat(server.put("/api/feature-flags/feed", elsewhere, "{\"mode\": \"off\"}")
                        .status())
                .isEqualTo(404);
        assertThat(server.put("/api/feature-flags/global-stop", feed, "{\"stopped\": true}")
                        .status())
                .isEqualTo(404);
        assertThat(server.post(
                                "/api/approvals",
                                elsewhere,
                                "{\"content_id\": \"%s\", \"revision\": 1, \"decision\": \"changes_requested\"}"
                                        .formatted(content))
                        .status())
                .isEqualTo(404);
        Answer written = server.post("/api/content", elsewhere, DRAFT.formatted("\"feed\""));
        assertThat(written.text("/code")).isEqualTo("IM102");
        assertThat(server.post(
                                "/api/publications",
                                elsewhere,
                                "{\"content_id\": \"%s\", \"outlet\": \"feed\"}".formatted(content))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void writesWithinItsReach() {
        assertThat(server.post("/api/content", feed, DRAFT.formatted("\"feed\""))
                        .status())
                .isEqualTo(201);
    }
}
