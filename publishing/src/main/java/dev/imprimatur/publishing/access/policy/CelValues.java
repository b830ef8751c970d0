package dev.imprimatur.publishing.access.policy;

import dev.cel.common.values.NullValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes as CEL has them when they come by JSON, as Cerbos gets them: null is a value, and numbers are doubles. */
final class CelValues {
    private CelValues() {}

    static Map<String, Object> of(Map<String, ? extends @Nullable Object> attributes) {
        Map<String, Object> values = new HashMap<>();
        attributes.forEach((name, value) -> values.put(name, of(value)));
        return values;
    }

    private static Object of(@Nullable Object value) {
        return switch (value) {
            case null -> NullValue.NULL_VALUE;
            case Number number -> number.doubleValue();
            case String text -> text;
            case Boolean flag -> flag;
            case List<?> list -> list.stream().map(CelValues::of).toList();
            default -> throw new IllegalArgumentException("no attribute is a " + value.getClass());
        };
    }
}
