package dev.imprimatur.server.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.contract.Rows.Request;
import dev.imprimatur.server.contract.Rows.Row;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every route of the document in every plight: what it promises, in the order that it promises. */
class ContractTest {
    private static final List<Operation> ALL = ApiDocument.OURS.operations();
    private static final Map<String, String> NOBODY = Map.of();

    private static TestServer server;
    private static TestServer narrow;
    private static Newcomers newcomers;
    private static Rows rows;

    @BeforeAll
    static void start() {
        server = TestServer.start();
        narrow = server.another(Map.of(
                "rate_limit_person_read", "1/1h",
                "rate_limit_person_write", "1/1h",
                "rate_limit_anonymous_read", "1/1h",
                "rate_limit_anonymous_write", "1/1h"));
        newcomers = new Newcomers(server);
        rows = new Rows(server, newcomers);
    }

    @AfterAll
    static void stop() {
        narrow.close();
        server.close();
    }

    @Test
    void everyRouteHasItsRow() {
        Set<String> described = new TreeSet<>();
        ALL.forEach(operation -> described.add(operation.id()));
        assertThat(rows.byOperation().keySet()).isEqualTo(described);
    }

    @TestFactory
    Stream<DynamicTest> whoIsNobodyIsToldSo() {
        return each(operation -> !operation.isOpen(), operation -> {
            Answer refused = send(operation, row(operation).right().get(), NOBODY);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.text("/code")).isEqualTo("IM200");
        });
    }

    @TestFactory
    Stream<DynamicTest> anExpiredTokenIsNobodys() {
        return each(operation -> !operation.isOpen(), operation -> {
            Answer refused = send(operation, row(operation).right().get(), newcomers.expired());
            assertThat(refused.status()).isEqualTo(401);
        });
    }

    @TestFactory
    Stream<DynamicTest> aWrongRoleIsRefusedBeforeAnythingIsRead() {
        return each(operation -> !operation.roles().isEmpty(), operation -> {
            List<Map<String, String>> wrong = new ArrayList<>(List.of(newcomers.byToken()));
            for (Role role : Role.values()) {
                if (!operation.roles().contains(role.label())) {
                    wrong.add(newcomers.byToken(role));
                }
            }
            Request right = row(operation).right().get();
            for (Map<String, String> headers : wrong) {
                assertThat(send(operation, right, headers).text("/code")).isEqualTo("IM201");
                Request nonsense = new Request(right.elsewhere().path(), right.body() == null ? null : "{");
                assertThat(send(operation, nonsense, with(headers, "If-Match", "\"99\""))
                                .text("/code"))
                        .isEqualTo("IM201");
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> anAgentMayWhatItMayAndNoMore() {
        return each(operation -> !operation.isOpen() && !operation.id().matches("readSession|logOut"), operation -> {
            Request right = row(operation).right().get();
            Role[] roles = operation.roles().isEmpty() ? Role.values() : Newcomers.roles(operation.roles());
            Answer answer = send(operation, right, newcomers.asAgent(roles));
            assertThat(answer.status()).as(answer.body()).isEqualTo(operation.agentsMay() ? operation.success() : 403);
        });
    }

    @TestFactory
    Stream<DynamicTest> aRightRoleIsLetIn() {
        return each(operation -> true, operation -> {
            Set<String> roles = operation.roles().isEmpty() ? Set.of("viewer") : operation.roles();
            for (String role : roles) {
                Request right = row(operation).right().get();
                Answer answer = send(operation, right, known(right, Newcomers.roles(Set.of(role))));
                assertThat(answer.status()).as(role + answer.body()).isEqualTo(operation.success());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aRightRoleIsLetInByItsSession() {
        return each(operation -> !operation.roles().isEmpty(), operation -> {
            Request right = row(operation).right().get();
            if (right.as() == null) {
                Answer answer = send(operation, right, newcomers.bySession(Newcomers.roles(operation.roles())));
                assertThat(answer.status()).as(answer.body()).isEqualTo(operation.success());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aBrowserThatWasTrickedChangesNothing() {
        return each(operation -> !operation.isOpen() && !operation.method().equals("GET"), operation -> {
            Request right = row(operation).right().get();
            Map<String, String> headers = newcomers.bySession(rightRoles(operation));
            String token = forgeryToken(headers);
            for (Map<String, String> tricked : List.of(
                    with(headers, "X-CSRF-Token", ""),
                    with(headers, "X-CSRF-Token", token + "0"),
                    with(headers, "X-CSRF-Token", forgeryToken(newcomers.bySession(Role.VIEWER))),
                    with(headers, "Sec-Fetch-Site", "cross-site"))) {
                assertThat(send(operation, right, tricked).status()).isEqualTo(403);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> overTheLimitIsTooMany() {
        return each(operation -> true, operation -> {
            Request right = row(operation).right().get();
            Map<String, String> headers = operation.isOpen() ? NOBODY : known(right, Role.VIEWER);
            narrow(operation, right, headers);
            Answer refused = narrow(operation, right, headers);
            assertThat(refused.status()).as(refused.body()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).matches("[1-9][0-9]*");
        });
    }

    @TestFactory
    Stream<DynamicTest> whatIsNoJsonIsMalformed() {
        return each(Operation::takesBody, operation -> {
            Request right = row(operation).right().get();
            Map<String, String> headers = with(known(right, rightRoles(operation)), "If-Match", "*");
            String body = Objects.requireNonNull(right.body());
            for (String broken : List.of("", "{", "[]", "null", body + "x", "{\"nonsense\":1," + body.substring(1))) {
                Answer refused = send(operation, new Request(right.path(), broken), headers);
                assertThat(refused.status()).as(broken).isEqualTo(400);
                assertThat(refused.json().at("/errors")).as(broken).isNotEmpty();
            }
            Answer refused = send(operation, right, with(headers, "Content-Type", "text/plain"));
            assertThat(refused.status()).isEqualTo(415);
            String padded = body + " ".repeat(9 << 20);
            assertThat(send(operation, new Request(right.path(), padded), headers)
                            .status())
                    .isEqualTo(413);
        });
    }

    @TestFactory
    Stream<DynamicTest> whatCannotBeMeantIsUnprocessable() {
        return each(Operation::takesBody, operation -> {
            Request right = row(operation).right().get();
            String body = row(operation).meaningless();
            assertThat(body)
                    .as("a row with a body needs one that cannot be meant")
                    .isNotNull();
            Map<String, String> headers = with(known(right, rightRoles(operation)), "If-Match", "*");
            Answer refused = send(operation, new Request(right.path(), body), headers);
            assertThat(refused.status()).as(refused.body()).isEqualTo(422);
            assertThat(refused.json().at("/errors")).isNotEmpty();
        });
    }

    @TestFactory
    Stream<DynamicTest> aPathOrQueryThatIsNoneIsMalformed() {
        return each(operation -> !operation.parameters().isEmpty(), operation -> {
            Request right = row(operation).right().get();
            Map<String, String> headers = known(right, rightRoles(operation));
            List<String> paths = new ArrayList<>();
            if (operation.takes("id", "path")) {
                paths.add(right.path().replaceFirst("[0-9a-f]{8}-[-0-9a-f]{27}", "nonsense"));
                paths.add(right.path().replaceFirst("[0-9a-f]{8}-[-0-9a-f]{27}", "%0B"));
            }
            if (operation.takes("number", "path")) {
                paths.add(right.path().replaceFirst("1$", "one"));
            }
            String bare = right.path().replaceFirst("\\?.*", "");
            if (operation.takes("limit", "query")) {
                paths.addAll(List.of(bare + "?limit=0", bare + "?limit=201", bare + "?limit=x"));
            }
            if (operation.takes("cursor", "query")) {
                paths.addAll(List.of(bare + "?cursor=x", bare + "?cursor=MjAyNg.MjAyNg"));
            }
            if (operation.takes("state", "query")) {
                paths.add(bare + "?state=lost");
            }
            if (operation.takes("content_id", "query")) {
                paths.add(bare + "?content_id=1");
            }
            for (String path : paths) {
                assertThat(send(operation, new Request(path, right.body()), headers)
                                .status())
                        .as(path)
                        .isEqualTo(400);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> whatMakesSomethingAsksForAKey() {
        return each(operation -> operation.takes("Idempotency-Key", "header"), operation -> {
            Request right = row(operation).right().get();
            Map<String, String> headers = with(known(right, rightRoles(operation)), "Idempotency-Key", "");
            assertThat(send(operation, right, headers).status()).isEqualTo(400);
        });
    }

    @TestFactory
    Stream<DynamicTest> aKeyThatIsBusyIsAConflict() {
        return each(operation -> operation.takes("Idempotency-Key", "header"), operation -> {
            Request right = row(operation).right().get();
            Person person = newcomers.person(rightRoles(operation));
            Map<String, String> headers = Newcomers.bearer(server.token(TokenKind.PERSONAL, person));
            server.jdbi().useTransaction(handle -> {
                handle.createQuery("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))::text")
                        .bind("name", "%s %s busy".formatted(person.id(), operation))
                        .mapTo(String.class)
                        .one();
                Answer refused = send(operation, right, with(headers, "Idempotency-Key", "busy"));
                assertThat(refused.text("/code")).isEqualTo("IM111");
            });
        });
    }

    @TestFactory
    Stream<DynamicTest> onlyJsonIsGiven() {
        return each(operation -> operation.answers(406), operation -> {
            Request right = row(operation).right().get();
            Map<String, String> headers = with(known(right, rightRoles(operation)), "Accept", "text/html");
            assertThat(send(operation, right, headers).status()).isEqualTo(406);
        });
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotThereIsToldBeforeWhatIsWrongWithTheRequest() {
        return each(operation -> operation.answers(404), operation -> {
            Row row = row(operation);
            Request right = row.right().get();
            Request missing = operation.path().contains("{") || row.missing() == null
                    ? right.elsewhere()
                    : row.missing().get();
            Map<String, String> headers = known(missing, rightRoles(operation));
            Answer nothing = send(operation, missing, headers);
            assertThat(nothing.status()).as(nothing.body()).isEqualTo(404);
            if (operation.path().contains("{") && operation.takesBody()) {
                Request nonsense = new Request(missing.path(), "{", missing.as());
                assertThat(send(operation, nonsense, with(headers, "If-Match", "\"99\""))
                                .status())
                        .isEqualTo(404);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> whatIsHiddenIsToldLikeWhatIsNotThere() {
        return each(
                operation -> operation.path().matches("/api/(content|approvals|publications|feature-flags)/\\{.*"),
                operation -> {
                    Request right = row(operation).right().get();
                    Map<String, String> narrowed = newcomers.narrowedTo("ghost");
                    Answer hidden = send(operation, right, narrowed);
                    Answer nothing = send(operation, right.elsewhere(), narrowed);
                    assertThat(hidden.status()).as(hidden.body()).isEqualTo(404);
                    assertThat(hidden.body().replaceAll("[0-9a-f]{8}-[-0-9a-f]{27}|(?<=flags/)feed", Rows.NOWHERE))
                            .isEqualTo(nothing.body());
                    assertThat(new TreeSet<>(hidden.response().headers().map().keySet()))
                            .isEqualTo(new TreeSet<>(
                                    nothing.response().headers().map().keySet()));
                });
    }

    @TestFactory
    Stream<DynamicTest> whatWasEditedMeanwhileIsToldBeforeWhatIsWrongWithTheBody() {
        return each(operation -> operation.takes("If-Match", "header"), operation -> {
            Request right = row(operation).right().get();
            Map<String, String> headers = known(right, rightRoles(operation));
            Request broken = new Request(right.path(), operation.takesBody() ? "{" : "");
            assertThat(send(operation, broken, with(headers, "If-Match", "\"99\""))
                            .status())
                    .isEqualTo(412);
            if (operation.answers(428)) {
                assertThat(send(operation, broken, without(headers, "If-Match")).status())
                        .isEqualTo(428);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> whatDoesNotFitTheStateOfThingsIsAConflict() {
        return each(
                operation -> operation.answers(409) && !operation.id().matches("createContent|addComment|createToken"),
                operation -> {
                    assertThat(row(operation).conflict())
                            .as("409 needs a conflict")
                            .isNotNull();
                    Request conflict =
                            Objects.requireNonNull(row(operation).conflict()).get();
                    Answer refused = send(operation, conflict, known(conflict, rightRoles(operation)));
                    assertThat(refused.status()).as(refused.body()).isEqualTo(409);
                });
    }

    @TestFactory
    Stream<DynamicTest> otherMethodsAreNamed() {
        Set<String> paths = new HashSet<>();
        return each(operation -> paths.add(operation.path()), operation -> {
            Request right = row(operation).right().get();
            Answer refused = server.send("PATCH", right.path(), server.token(Role.VIEWER), BodyPublishers.noBody());
            assertThat(refused.status()).isEqualTo(405);
            assertThat(refused.header("Allow")).contains(operation.method());
        });
    }

    private static Stream<DynamicTest> each(Predicate<Operation> which, Check check) {
        return ALL.stream()
                .filter(which)
                .map(operation -> dynamicTest(operation.toString(), () -> check.on(operation)));
    }

    private interface Check {
        void on(Operation operation) throws Exception;
    }

    private static Row row(Operation operation) {
        Row row = rows.byOperation().get(operation.id());
        if (row == null) {
            throw new AssertionError(operation + " has no row");
        }
        return row;
    }

    private static Role[] rightRoles(Operation operation) {
        return operation.roles().isEmpty() ? new Role[] {Role.VIEWER} : Newcomers.roles(operation.roles());
    }

    private static Map<String, String> known(Request request, Role... roles) {
        return request.as() == null ? newcomers.byToken(roles) : request.as();
    }

    private static Answer send(Operation operation, Request request, Map<String, String> headers) {
        return send(server, operation, request, headers);
    }

    private static Answer narrow(Operation operation, Request request, Map<String, String> headers) {
        return send(narrow, operation, request, headers);
    }

    private static Answer send(TestServer to, Operation operation, Request request, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>();
        if (operation.takes("Idempotency-Key", "header")) {
            all.put("Idempotency-Key", UUID.randomUUID().toString());
        }
        if (operation.answers(428) && !headers.containsKey("-If-Match")) {
            all.put("If-Match", "*");
        }
        headers.forEach((name, value) -> {
            if (!name.startsWith("-")) {
                all.put(name, value);
            }
        });
        List<String> pairs = new ArrayList<>();
        all.forEach((name, value) -> pairs.addAll(Arrays.asList(name, value)));
        return to.send(
                operation.method(),
                request.path(),
                null,
                request.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()),
                pairs.toArray(String[]::new));
    }

    private static String forgeryToken(Map<String, String> browser) {
        return Objects.requireNonNull(browser.get("X-CSRF-Token"), "logging in brings a CSRF token");
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return more;
    }

    private static Map<String, String> without(Map<String, String> headers, String name) {
        return with(headers, "-" + name, "");
    }
}
