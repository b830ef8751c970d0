package dev.imprimatur.server.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import dev.imprimatur.server.contract.ApiDocument;
import dev.imprimatur.server.contract.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request that begins as the document describes it, and ends wherever the fuzzer takes it. */
record FuzzedRequest(Operation operation, String path, String body, List<String> headers) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int LONGEST = 200;
    private static final int DEEPEST = 4;

    /** @param ids of things that exist */
    static FuzzedRequest of(FuzzedDataProvider data, List<String> ids) {
        Operation operation = data.pickValue(ApiDocument.OURS.operations());
        List<String> headers = new ArrayList<>();
        String path = operation.path();
        StringBuilder query = new StringBuilder();
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").asString("");
            String value = value(parameter.path("schema"), data, ids);
            switch (parameter.path("in").asString("")) {
                case "path" -> path = path.replace("{" + name + "}", encoded(value.isEmpty() ? "-" : value));
                case "query" -> {
                    if (data.consumeBoolean()) {
                        query.append(query.isEmpty() ? '?' : '&')
                                .append(name)
                                .append('=')
                                .append(encoded(value));
                    }
                }
                default -> {
                    if (data.consumeInt(0, 9) > 0) {
                        headers.addAll(List.of(name, name.equals("If-Match") ? "\"1\"" : printable(value)));
                    }
                }
            }
        }
        if (data.consumeInt(0, 9) == 0) {
            headers.addAll(List.of("Content-Type", printable(data.consumeString(30))));
        }
        return new FuzzedRequest(operation, path + query, body(operation, data, ids), headers);
    }

    private static String body(Operation operation, FuzzedDataProvider data, List<String> ids) {
        if (!operation.takesBody()) {
            return data.consumeInt(0, 9) == 0 ? data.consumeString(20) : "";
        }
        JsonNode schema = operation.json().at("/requestBody/content/application~1json/schema");
        String json = JsonMapper.shared().writeValueAsString(json(schema, data, ids, 0));
        if (data.consumeInt(0, 3) > 0) {
            return json;
        }
        int at = data.consumeInt(0, json.length());
        int end = data.consumeInt(at, json.length());
        return json.substring(0, at) + data.consumeString(50) + json.substring(end);
    }

    private static JsonNode json(JsonNode described, FuzzedDataProvider data, List<String> ids, int depth) {
        JsonNode schema = described.has("anyOf") ? described.path("anyOf").get(0) : described;
        if (schema.has("$ref")) {
            schema = ApiDocument.OURS.json().at(schema.path("$ref").asString("").substring(1));
        }
        if (depth > DEEPEST || data.consumeInt(0, 15) == 0) {
            return anything(data);
        }
        JsonNode type = schema.path("type");
        return switch (type.isArray() ? type.get(0).asString("") : type.asString("")) {
            case "object" -> object(schema, data, ids, depth);
            case "array" -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = data.consumeInt(0, 3); i > 0; i--) {
                    array.add(json(schema.path("items"), data, ids, depth + 1));
                }
                yield array;
            }
            case "integer" -> NODES.numberNode(data.consumeInt(-1, 3));
            case "boolean" -> NODES.booleanNode(data.consumeBoolean());
            default -> NODES.stringNode(value(schema, data, ids));
        };
    }

    private static ObjectNode object(JsonNode schema, FuzzedDataProvider data, List<String> ids, int depth) {
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (data.consumeInt(0, 3) > 0) {
                object.set(property.getKey(), json(property.getValue(), data, ids, depth + 1));
            }
        }
        if (schema.path("additionalProperties").isObject()) {
            String name = data.consumeBoolean() ? "feed" : data.consumeString(20);
            object.set(name, json(schema.path("additionalProperties"), data, ids, depth + 1));
        } else if (data.consumeInt(0, 15) == 0) {
            object.set(data.consumeString(20), anything(data));
        }
        return object;
    }

    private static JsonNode anything(FuzzedDataProvider data) {
        return switch (data.consumeInt(0, 5)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.numberNode(data.consumeLong());
            case 2 -> NODES.numberNode(data.consumeDouble());
            case 3 -> NODES.arrayNode().add(data.consumeInt());
            case 4 -> NODES.objectNode().put(data.consumeString(5), data.consumeBoolean());
            default -> NODES.stringNode(data.consumeString(LONGEST));
        };
    }

    private static String value(JsonNode schema, FuzzedDataProvider data, List<String> ids) {
        if (data.consumeInt(0, 4) > 0) {
            if (schema.has("enum")) {
                return schema.path("enum")
                        .get(data.consumeInt(0, schema.path("enum").size() - 1))
                        .asString("");
            }
            switch (schema.path("format").asString("")) {
                case "uuid" -> {
                    return data.pickValue(ids);
                }
                case "date-time" -> {
                    return "2%03d-01-01T00:00:00Z".formatted(data.consumeInt(0, 999));
                }
                case "int32" -> {
                    return String.valueOf(data.consumeInt());
                }
                default -> {
                    if (data.consumeBoolean()) {
                        return data.pickValue(List.of("feed", "t", "0".repeat(64), "2099-01-01T09:00 Europe/Berlin"));
                    }
                }
            }
        }
        return data.consumeString(LONGEST);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What a client can send in a header at all. */
    private static String printable(String value) {
        return value.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
