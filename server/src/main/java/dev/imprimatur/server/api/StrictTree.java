package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.Faults;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON as RFC 8259 has it and nothing more: UTF-8, one value, no name twice, no deeper than anything of ours. It reads
 * on after a name that stands twice; after broken syntax there is nothing to read on.
 */
final class StrictTree {
    static final int DEEPEST = 32;

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private final Faults faults;

    private StrictTree(JsonParser parser, Faults faults) {
        this.parser = parser;
        this.faults = faults;
    }

    /** The tree; or null, with a fault that says why there is none. */
    static @Nullable JsonNode read(byte[] bytes, Faults faults) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            faults.add(ErrorCode.MALFORMED, "", "the body is not UTF-8");
            return null;
        }
        if (text.isBlank()) {
            faults.add(ErrorCode.MALFORMED, "", "the request needs a JSON body");
            return null;
        }
        try (JsonParser parser = JSON.createParser(text)) {
            return new StrictTree(parser, faults).whole();
        }
    }

    private @Nullable JsonNode whole() {
        try {
            parser.nextToken();
            JsonNode root = value(1);
            if (root != null && parser.nextToken() != null) {
                faults.add(ErrorCode.MALFORMED, "", at() + "something stands behind the JSON value");
            }
            return root;
        } catch (JacksonException e) {
            faults.add(ErrorCode.MALFORMED, pointer(), at() + e.getOriginalMessage());
            return null;
        }
    }

    private @Nullable JsonNode value(int depth) {
        if (depth > DEEPEST) {
            faults.add(ErrorCode.MALFORMED, pointer(), at() + "nested deeper than " + DEEPEST);
            return null;
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(depth);
            case START_ARRAY -> array(depth);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("no value begins with " + parser.currentToken());
        };
    }

    private JsonNode integer() {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    private @Nullable JsonNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (object.has(name)) {
                faults.add(ErrorCode.MALFORMED, pointer(), at() + "this name stands twice");
            }
            parser.nextToken();
            JsonNode value = value(depth + 1);
            if (value == null) {
                return null;
            }
            object.set(name, value);
        }
        return object;
    }

    private @Nullable JsonNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode value = value(depth + 1);
            if (value == null) {
                return null;
            }
            array.add(value);
        }
        return array;
    }

    private String pointer() {
        return parser.streamReadContext().pathAsPointer().toString();
    }

    private String at() {
        return "line %d, column %d: "
                .formatted(
                        parser.currentTokenLocation().getLineNr(),
                        parser.currentTokenLocation().getColumnNr());
    }
}
