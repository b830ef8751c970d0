package dev.imprimatur.server.contract;

import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.server.runtime.TestServer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** For each operation of the document, requests that bring about what the document promises. */
final class Rows {
    static final String NOWHERE = "00000000-0000-4000-8000-000000000000";

    private static final String POST = "{\"title\":\"t\",\"body\":\"b\",\"outlets\":[\"feed\"]}";

    private final TestServer server;
    private final Newcomers newcomers;
    private final Map<String, Row> byOperation = new TreeMap<>();
    private final String writer;
    private final String approver;

    /**
     * @param path filled in, with its query
     * @param as whose alone this is, by the headers that they send; null for anybody of a right role
     */
    record Request(
            String path, @Nullable String body, @Nullable Map<String, String> as) {
        Request(String path, @Nullable String body) {
            this(path, body, null);
        }

        /** About something that does not exist. */
        Request elsewhere() {
            return new Request(path.replaceFirst("[0-9a-f]{8}-[-0-9a-f]{27}|(?<=flags/)feed", NOWHERE), body, as);
        }
    }

    /**
     * @param right goes well each time it is asked for anew
     * @param missing the same about something that does not exist, where the path does not say what it is about
     * @param meaningless a body that can be read and not be meant, where there is a body
     * @param conflict does not fit the state of things, where the document has 409
     */
    record Row(
            Supplier<Request> right,
            @Nullable Supplier<Request> missing,
            @Nullable String meaningless,
            @Nullable Supplier<Request> conflict) {
        Row missing(Supplier<Request> request) {
            return new Row(right, request, meaningless, conflict);
        }

        Row meaningless(String body) {
            return new Row(right, missing, body, conflict);
        }

        Row conflict(Supplier<Request> request) {
            return new Row(right, missing, meaningless, request);
        }
    }

    Rows(TestServer server, Newcomers newcomers) {
        this.server = server;
        this.newcomers = newcomers;
        this.writer = server.token(Role.OPERATOR);
        this.approver = server.token(Role.APPROVER);
        content();
        approvals();
        publications();
        flags();
        access();
    }

    Map<String, Row> byOperation() {
        return byOperation;
    }

    private static Row row(Supplier<Request> right) {
        return new Row(right, null, null, null);
    }

    private void put(String operation, Row row) {
        byOperation.put(operation, row);
    }

    private void get(String operation, Supplier<String> path) {
        put(operation, row(() -> new Request(path.get(), null)));
    }

    private void content() {
        put(
                "createContent",
                row(() -> new Request("/api/content", POST)).meaningless("{\"title\":\"\",\"body\":\"b\"}"));
        get("listContent", () -> "/api/content?limit=2");
        get("readContent", () -> "/api/content/" + draft());
        put(
                "editContent",
                row(() -> new Request("/api/content/" + draft(), POST)).meaningless("{\"title\":\"\",\"body\":\"b\"}"));
        get("listRevisions", () -> "/api/content/" + draft() + "/revisions");
        get("readRevision", () -> "/api/content/" + draft() + "/revisions/1");
        get("listRenditions", () -> "/api/content/" + draft() + "/renditions");
        get("listComments", () -> "/api/content/" + draft() + "/comments");
        put(
                "submitContent",
                row(() -> new Request("/api/content/" + draft() + "/submission", ""))
                        .conflict(() -> new Request("/api/content/" + approved() + "/submission", "")));
        put(
                "addComment",
                row(() -> new Request("/api/content/" + draft() + "/comments", "{\"body\":\"b\"}"))
                        .meaningless("{\"body\":\" \"}"));
    }

    private void approvals() {
        put(
                "decide",
                row(() -> new Request("/api/approvals", yes(submitted())))
                        .missing(() -> new Request("/api/approvals", changes(NOWHERE)))
                        .meaningless("{}")
                        .conflict(() -> new Request("/api/approvals", changes(draft()))));
        get("listApprovals", () -> "/api/approvals?limit=2");
        get("readApproval", () -> "/api/approvals/" + decision());
        put(
                "withdrawApproval",
                row(() -> new Request("/api/approvals/" + decision() + "/withdrawal", "", Newcomers.bearer(approver)))
                        .conflict(() -> new Request(
                                "/api/approvals/" + withdrawn() + "/withdrawal", "", Newcomers.bearer(approver))));
    }

    private void publications() {
        put(
                "schedulePublication",
                row(() -> new Request("/api/publications", publish(approved())))
                        .missing(() -> new Request("/api/publications", publish(NOWHERE)))
                        .meaningless("{\"outlet\":\"telegraph\"}")
                        .conflict(() -> new Request("/api/publications", publish(draft()))));
        get("listPublications", () -> "/api/publications?limit=2");
        get("readPublication", () -> "/api/publications/" + scheduled());
        get("listAttempts", () -> "/api/publications/" + scheduled() + "/attempts");
        put(
                "cancelPublication",
                row(() -> new Request("/api/publications/" + scheduled() + "/cancellation", ""))
                        .conflict(() -> new Request("/api/publications/" + cancelled() + "/cancellation", "")));
        put(
                "releasePublication",
                row(() -> new Request("/api/publications/" + held() + "/release", ""))
                        .conflict(() -> new Request("/api/publications/" + cancelled() + "/release", "")));
        put(
                "reschedulePublication",
                row(() -> new Request("/api/publications/" + scheduled() + "/schedule", soon()))
                        .meaningless("{\"due_at\":\"tomorrow\"}")
                        .conflict(() -> new Request("/api/publications/" + cancelled() + "/schedule", soon())));
    }

    private void flags() {
        get("listFlags", () -> "/api/feature-flags");
        get("readGlobalStop", () -> "/api/feature-flags/global-stop");
        put(
                "setGlobalStop",
                row(() -> new Request("/api/feature-flags/global-stop", "{\"stopped\":true}"))
                        // It is about every outlet, so that a token of some does not reach it.
                        .missing(() -> new Request(
                                "/api/feature-flags/global-stop", "{\"stopped\":true}", newcomers.narrowedTo("feed")))
                        .meaningless("{\"stopped\":null}"));
        get("readFlag", () -> "/api/feature-flags/feed");
        put(
                "setFlag",
                row(() -> new Request("/api/feature-flags/feed", "{\"mode\":\"off\"}"))
                        .meaningless("{\"mode\":\"on\"}"));
    }

    private void access() {
        get("openapi", () -> "/api/openapi.json");
        get("me", () -> "/api/me");
        put(
                "logIn",
                row(() -> {
                            String name = newcomers.withPassword().name();
                            return new Request(
                                    "/api/session",
                                    "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, Newcomers.PASSWORD));
                        })
                        .meaningless("{\"password\":\"x\"}"));
        put(
                "readSession",
                row(() -> new Request("/api/session", null, newcomers.bySession(Role.VIEWER)))
                        .missing(() -> new Request("/api/session", null, newcomers.byToken())));
        put(
                "logOut",
                row(() -> new Request("/api/session", null, newcomers.bySession(Role.VIEWER)))
                        .missing(() -> new Request("/api/session", null, newcomers.byToken())));
        get("listSessions", () -> "/api/sessions");
        put("endOtherSessions", row(() -> new Request("/api/sessions", null, newcomers.bySession(Role.VIEWER))));
        put("endSession", row(() -> {
            Map<String, String> browser = newcomers.bySession(Role.VIEWER);
            return new Request("/api/sessions/" + text("/api/session", browser, "/id"), null, browser);
        }));
        put(
                "setPassword",
                row(() -> new Request(
                                "/api/me/password",
                                "{\"password\":\"another horse battery\"}",
                                newcomers.bySession(Role.VIEWER)))
                        .meaningless("{\"password\":\"short\"}"));
        put("revokeToken", row(() -> {
            String id =
                    server.post("/api/tokens", writer, "{\"kind\":\"agent\"}").text("/token/id");
            return new Request("/api/tokens/" + id, null, Newcomers.bearer(writer));
        }));
        put(
                "createToken",
                row(() -> new Request("/api/tokens", "{\"kind\":\"personal\"}")).meaningless("{\"kind\":\"robot\"}"));
        get("listTokens", () -> "/api/tokens");
    }

    private String made(String path, String token, String body) {
        return server.post(path, token, body).text("/id");
    }

    String draft() {
        return made("/api/content", writer, POST);
    }

    private String submitted() {
        String id = draft();
        server.post("/api/content/" + id + "/submission", writer, "");
        return id;
    }

    private String approved() {
        String id = submitted();
        made("/api/approvals", approver, yes(id));
        return id;
    }

    private String decision() {
        return made("/api/approvals", approver, yes(submitted()));
    }

    private String withdrawn() {
        String id = decision();
        server.post("/api/approvals/" + id + "/withdrawal", approver, "");
        return id;
    }

    private String text(String path, Map<String, String> as, String pointer) {
        return server.get(
                        path,
                        null,
                        as.entrySet().stream()
                                .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                                .toArray(String[]::new))
                .text(pointer);
    }

    /** Far enough ahead not to be sent. */
    private String scheduled() {
        return made("/api/publications", writer, publish(approved(), minutes(30)));
    }

    private String cancelled() {
        String id = scheduled();
        server.post("/api/publications/" + id + "/cancellation", writer, "");
        return id;
    }

    private String held() {
        server.put("/api/feature-flags/feed", approver, "{\"mode\":\"off\"}");
        String id = scheduled();
        server.put("/api/feature-flags/feed", approver, "{\"mode\":\"live\"}");
        server.put("/api/feature-flags/global-stop", approver, "{\"stopped\":false}");
        return id;
    }

    private String yes(String id) {
        return "{\"content_id\":\"%s\",\"revision\":1,\"decision\":\"approved\",\"renditions\":[{\"outlet\":\"feed\",\"sha256\":\"%s\"}]}"
                .formatted(
                        id,
                        server.get("/api/content/" + id + "/renditions", writer).text("/items/0/sha256"));
    }

    private static String changes(String id) {
        return "{\"content_id\":\"%s\",\"revision\":1,\"decision\":\"changes_requested\"}".formatted(id);
    }

    private static String publish(String id) {
        return publish(id, minutes(30));
    }

    private static String publish(String id, String due) {
        return "{\"content_id\":\"%s\",\"outlet\":\"feed\",\"due_at\":\"%s\"}".formatted(id, due);
    }

    private static String soon() {
        return "{\"due_at\":\"%s\"}".formatted(minutes(40));
    }

    private static String minutes(int minutes) {
        return Instant.now()
                .truncatedTo(ChronoUnit.SECONDS)
                .plusSeconds(minutes * 60L)
                .toString();
    }
}
