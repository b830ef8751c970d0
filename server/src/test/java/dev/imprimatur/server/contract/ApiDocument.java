package dev.imprimatur.server.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The OpenAPI document, and whether an answer is one that it promises. */
public final class ApiDocument {
    private static final String NAME = "https://imprimatur.dev/openapi.json";
    private static final String PROBLEM = "/components/schemas/Problem";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    public static final ApiDocument OURS = new ApiDocument();

    private final JsonNode json;
    private final List<Operation> operations = new ArrayList<>();
    private final SchemaRegistry schemas;

    private ApiDocument() {
        String text = read();
        json = JsonMapper.shared().readTree(text);
        json.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .forEach(operation -> operations.add(new Operation(
                                operation.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                operation.getValue(),
                                json))));
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                registry -> registry.schemas(Map.of(NAME, text))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()));
    }

    private static String read() {
        try (InputStream document = ApiDocument.class.getResourceAsStream("/openapi.json")) {
            return new String(document.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode json() {
        return json;
    }

    public List<Operation> operations() {
        return operations;
    }

    /** What this request asks for; a path that is written out goes before one with variables. */
    public Optional<Operation> operation(String method, String path) {
        return operations.stream()
                .filter(operation -> operation.method().equals(method) && matches(operation.path(), path))
                .min(Comparator.comparing(operation -> operation.path().contains("{")));
    }

    private static boolean matches(String template, String path) {
        return path.matches(template.replaceAll("\\{[a-z]+}", "[^/]+").replace(".", "\\."));
    }

    /** Fails if the document does not promise this answer, to the last property. */
    public void check(String method, String path, HttpResponse<byte[]> response) {
        if (!path.startsWith("/api/")) {
            return;
        }
        String what = "%s %s answered %d, %s: %s"
                .formatted(
                        method, path, response.statusCode(), response.headers().map(), body(response));
        Optional<Operation> operation = operation(method.equals("HEAD") ? "GET" : method, path);
        if (method.equals("OPTIONS") && response.statusCode() == 200) {
            assertThat(response.headers().firstValue("Allow")).as(what).isPresent();
        } else if (operation.isEmpty()) {
            assertThat(response.statusCode()).as(what).isGreaterThanOrEqualTo(400);
            checkProblem(response, what);
        } else {
            check(operation.get(), method, response, what);
        }
    }

    private void check(Operation operation, String method, HttpResponse<byte[]> response, String what) {
        JsonNode responses = operation.json().path("responses");
        String status = response.statusCode() >= 500 ? "5XX" : String.valueOf(response.statusCode());
        assertThat(responses.propertyNames()).as(what).contains(status);
        JsonNode promised = operation.resolved(responses.path(status));
        promised.path("headers")
                .properties()
                .forEach(header -> checkHeader(
                        operation.resolved(header.getValue()),
                        response.headers().firstValue(header.getKey()).orElse(null),
                        header.getKey() + " of " + what));
        if (!promised.has("content")) {
            assertThat(body(response)).as(what).isEmpty();
            return;
        }
        String type = mediaType(response);
        assertThat(promised.path("content").propertyNames()).as(what).contains(type);
        if (!method.equals("HEAD")) {
            String pointer = responses.path(status).has("$ref")
                    ? responses.path(status).path("$ref").asString("").substring(1)
                    : "/paths/%s/%s/responses/%s"
                            .formatted(
                                    escaped(operation.path()),
                                    operation.method().toLowerCase(Locale.ROOT),
                                    status);
            validate(pointer + "/content/" + escaped(type) + "/schema", body(response), what);
        }
        if (response.statusCode() >= 400) {
            checkProblem(response, what);
        }
    }

    private void checkProblem(HttpResponse<byte[]> response, String what) {
        if (response.body().length > 0) {
            assertThat(mediaType(response)).as(what).isEqualTo("application/problem+json");
            validate(PROBLEM, body(response), what);
            assertThat(JsonMapper.shared()
                            .readTree(response.body())
                            .path("status")
                            .asInt())
                    .as(what)
                    .isEqualTo(response.statusCode());
        }
    }

    private static void checkHeader(JsonNode promised, @Nullable String value, String what) {
        if (value == null) {
            assertThat(promised.path("required").asBoolean(false)).as(what).isFalse();
            return;
        }
        JsonNode schema = promised.path("schema");
        if (schema.has("pattern")) {
            assertThat(value).as(what).matches(schema.path("pattern").asString());
        }
        if (schema.has("enum")) {
            assertThat(schema.path("enum").values().stream().map(JsonNode::asString))
                    .as(what)
                    .contains(value);
        }
        if (schema.has("const")) {
            assertThat(value).as(what).isEqualTo(schema.path("const").asString());
        }
    }

    /** Whether JSON is what stands at this pointer of the document. */
    public void validate(String pointer, String body, String what) {
        String errors =
                schemas.getSchema(SchemaLocation.of(NAME + "#" + pointer)).validate(body, InputFormat.JSON).stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining("\n"));
        assertThat(errors).as(what).isEmpty();
    }

    private static String mediaType(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Content-Type").orElse("nothing").replaceFirst(" *;.*", "");
    }

    private static String body(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D");
    }
}
