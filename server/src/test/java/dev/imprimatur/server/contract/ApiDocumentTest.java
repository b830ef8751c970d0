package dev.imprimatur.server.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The document is complete, strict, and says of the routes what they are. */
class ApiDocumentTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void itIsServedToEverybodyAsItStands() {
        Answer answer = server.get("/api/openapi.json", null);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).isEqualTo(ApiDocument.OURS.json());
        assertThat(answer.text("/openapi")).startsWith("3.1.");
    }

    @Test
    void everyRouteStandsInItAndNothingElse() {
        TreeSet<String> described = new TreeSet<>();
        ApiDocument.OURS.operations().forEach(operation -> described.add(operation.toString()));
        assertThat(described).isEqualTo(new TreeSet<>(server.routes("/api/")));
    }

    static List<Operation> operations() {
        return ApiDocument.OURS.operations();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyRouteTellsAllItsAnswers(Operation operation) {
        assertThat(operation.id()).isNotEmpty();
        assertThat(operation.json().path("summary").asString("")).isNotEmpty();
        assertThat(operation.answers(400)).isTrue();
        assertThat(operation.answers(401)).isTrue();
        assertThat(operation.answers(429)).isTrue();
        assertThat(operation.json().path("responses").has("5XX")).isTrue();
        if (operation.takesBody()) {
            assertThat(List.of(413, 415, 422)).allMatch(operation::answers);
        }
        if (operation.path().contains("{")) {
            assertThat(operation.answers(404)).isTrue();
        }
        if (!operation.roles().isEmpty() || !operation.agentsMay()) {
            assertThat(operation.answers(403)).isTrue();
        }
        if (operation.takes("If-Match", "header")) {
            assertThat(operation.answers(412)).isTrue();
        }
    }

    @Test
    void operationIdsAreGivenOnce() {
        assertThat(operations().stream().map(Operation::id)).doesNotHaveDuplicates();
    }

    @Test
    void everyObjectIsClosed() {
        for (JsonNode schema : ApiDocument.OURS.json().at("/components/schemas")) {
            checkClosed(schema);
        }
    }

    private static void checkClosed(JsonNode schema) {
        if (schema.has("properties")) {
            assertThat(schema.path("additionalProperties").asBoolean(true))
                    .as(schema.toString())
                    .isFalse();
            schema.path("properties").forEach(ApiDocumentTest::checkClosed);
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyReferenceLeadsSomewhere(Operation operation) {
        for (JsonNode found : operation.json().findValues("$ref")) {
            assertThat(ApiDocument.OURS
                            .json()
                            .at(found.asString("").substring(1))
                            .isMissingNode())
                    .as(found.asString(""))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"x\",\"name\":\"n\"}",
                "{\"id\":\"00000000-0000-4000-8000-000000000000\"}",
                "{\"id\":\"00000000-0000-4000-8000-000000000000\",\"name\":\"n\",\"more\":1}",
                "{\"id\":\"00000000-0000-4000-8000-000000000000\",\"name\":null}"
            })
    void whatIsNotPromisedIsNoticed(String person) {
        assertThatThrownBy(() -> ApiDocument.OURS.validate("/components/schemas/PersonName", person, "it"))
                .isInstanceOf(AssertionError.class);
    }
}
