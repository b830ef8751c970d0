package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.Faults;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which JSON a type takes, told from its record's components: nothing is coerced, no property is unknown, and what is
 * not {@code @Nullable} must be there.
 */
sealed interface Shape {
    /** Adds what is wrong, and gives the tree without that, to be judged further; null where nothing is left. */
    @Nullable
    JsonNode sound(JsonNode node, String pointer, Faults faults);

    /** The shape of a record, a list, a map by name, or one of the plain values. */
    static Shape of(AnnotatedType annotated) {
        Class<?> raw = raw(annotated);
        if (raw.isRecord()) {
            return Properties.of(raw);
        }
        if (raw == List.class) {
            return new Items(of(argument(annotated, 0)), argument(annotated, 0).isAnnotationPresent(Nullable.class));
        }
        if (raw == Map.class) {
            return new Named(of(argument(annotated, 1)), argument(annotated, 1).isAnnotationPresent(Nullable.class));
        }
        return Plain.of(raw);
    }

    private static Class<?> raw(AnnotatedType annotated) {
        return annotated instanceof AnnotatedParameterizedType parameterized
                        && parameterized.getType() instanceof java.lang.reflect.ParameterizedType type
                ? (Class<?>) type.getRawType()
                : (Class<?>) annotated.getType();
    }

    private static AnnotatedType argument(AnnotatedType annotated, int index) {
        return ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[index];
    }

    private static String below(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static @Nullable JsonNode wrong(String pointer, String detail, Faults faults) {
        faults.add(ErrorCode.MALFORMED, pointer, detail);
        return null;
    }

    /** A value that holds no other. */
    record Plain(String words, Predicate<JsonNode> takes) implements Shape {
        private static final Pattern UUIDS =
                Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
        private static final Map<Class<?>, Plain> BY_TYPE = Map.of(
                String.class,
                new Plain("a string", JsonNode::isString),
                Integer.class,
                new Plain("a whole number of 32 bits", JsonNode::isInt),
                int.class,
                new Plain("a whole number of 32 bits", JsonNode::isInt),
                Boolean.class,
                new Plain("true or false", JsonNode::isBoolean),
                boolean.class,
                new Plain("true or false", JsonNode::isBoolean),
                UUID.class,
                new Plain(
                        "a UUID",
                        node -> node.isString()
                                && UUIDS.matcher(node.asString()).matches()),
                Instant.class,
                new Plain("a time like 2026-12-01T08:00:00Z", Plain::isInstant));

        static Plain of(Class<?> type) {
            Plain plain = BY_TYPE.get(type);
            if (plain == null) {
                throw new IllegalStateException("no JSON is known for " + type);
            }
            return plain;
        }

        private static boolean isInstant(JsonNode node) {
            if (!node.isString()) {
                return false;
            }
            try {
                Instant.parse(node.asString());
                return true;
            } catch (DateTimeException e) {
                return false;
            }
        }

        @Override
        public @Nullable JsonNode sound(JsonNode node, String pointer, Faults faults) {
            return takes.test(node) ? node : wrong(pointer, "this must be " + words, faults);
        }
    }

    record Items(Shape item, boolean nullable) implements Shape {
        @Override
        public @Nullable JsonNode sound(JsonNode node, String pointer, Faults faults) {
            if (!node.isArray()) {
                return wrong(pointer, "this must be an array", faults);
            }
            ArrayNode sound = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < node.size(); i++) {
                JsonNode kept = node.get(i).isNull() && nullable
                        ? node.get(i)
                        : item.sound(node.get(i), pointer + "/" + i, faults);
                if (kept == null) {
                    // Left in its place, so that what follows keeps its number.
                    sound.addNull();
                } else {
                    sound.add(kept);
                }
            }
            return sound;
        }
    }

    /** An object whose names the client chooses. */
    record Named(Shape value, boolean nullable) implements Shape {
        @Override
        public @Nullable JsonNode sound(JsonNode node, String pointer, Faults faults) {
            if (!node.isObject()) {
                return wrong(pointer, "this must be an object", faults);
            }
            ObjectNode sound = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> property : node.properties()) {
                JsonNode kept = property.getValue().isNull() && nullable
                        ? property.getValue()
                        : value.sound(property.getValue(), below(pointer, property.getKey()), faults);
                if (kept != null) {
                    sound.set(property.getKey(), kept);
                }
            }
            return sound;
        }
    }

    /** An object with the components of a record. */
    record Properties(Map<String, Shape> known, List<String> required) implements Shape {
        static Properties of(Class<?> type) {
            Map<String, Shape> known = new LinkedHashMap<>();
            List<String> required = new java.util.ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                String name = component
                        .getName()
                        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
                        .toLowerCase(Locale.ROOT);
                known.put(name, Shape.of(component.getAnnotatedType()));
                if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    required.add(name);
                }
            }
            return new Properties(known, required);
        }

        @Override
        public @Nullable JsonNode sound(JsonNode node, String pointer, Faults faults) {
            if (!node.isObject()) {
                return wrong(pointer, "this must be an object", faults);
            }
            ObjectNode sound = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> property : node.properties()) {
                String name = property.getKey();
                String place = below(pointer, name);
                Shape shape = known.get(name);
                if (shape == null) {
                    String names = String.join(", ", new TreeMap<>(known).keySet());
                    wrong(
                            place,
                            "there is no field '%s' here; there are: %s".formatted(shortened(name), names),
                            faults);
                } else if (!property.getValue().isNull()) {
                    JsonNode kept = shape.sound(property.getValue(), place, faults);
                    if (kept != null) {
                        sound.set(name, kept);
                    }
                }
            }
            for (String name : required) {
                if (!sound.has(name)) {
                    wrong(below(pointer, name), "this is needed", faults);
                }
            }
            return sound;
        }

        private static String shortened(String name) {
            return name.length() > 80 ? name.substring(0, 80) + "…" : name;
        }
    }
}
