package dev.imprimatur.publishing.content;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** RFC 8785 for objects of strings. Written by hand: a library's next release must not change a hash people approved. */
final class CanonicalJson {
    private static final JsonMapper READER = new JsonMapper();

    private final StringBuilder out = new StringBuilder();

    private CanonicalJson() {}

    static String of(Manuscript manuscript) {
        SortedMap<String, Object> fields = new TreeMap<>();
        putPresent(fields, "title", manuscript.title());
        putPresent(fields, "body", manuscript.body());
        putPresent(fields, "link", manuscript.link());
        putPresent(fields, "lang", manuscript.lang());
        SortedMap<String, Object> variants = new TreeMap<>();
        manuscript.variants().forEach((outlet, variant) -> variants.put(outlet, fieldsOf(variant)));
        if (!variants.isEmpty()) {
            fields.put("variants", variants);
        }
        CanonicalJson json = new CanonicalJson();
        json.writeObject(fields);
        return json.out.toString();
    }

    static Manuscript read(String canonical) {
        JsonNode json = READER.readTree(canonical);
        SortedMap<String, Variant> variants = new TreeMap<>();
        json.path("variants").properties().forEach(entry -> {
            JsonNode variant = entry.getValue();
            variants.put(
                    entry.getKey(), new Variant(text(variant, "title"), text(variant, "body"), text(variant, "link")));
        });
        return new Manuscript(
                json.path("title").stringValue(),
                json.path("body").stringValue(),
                text(json, "link"),
                json.path("lang").stringValue(),
                variants);
    }

    private static @Nullable String text(JsonNode object, String field) {
        return object.has(field) ? object.path(field).stringValue() : null;
    }

    private static SortedMap<String, Object> fieldsOf(Variant variant) {
        SortedMap<String, Object> fields = new TreeMap<>();
        putPresent(fields, "title", variant.title());
        putPresent(fields, "body", variant.body());
        putPresent(fields, "link", variant.link());
        return fields;
    }

    private static void putPresent(Map<String, Object> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    // Strings compare by UTF-16 code units, which is the order RFC 8785 asks for.
    private void writeObject(SortedMap<?, ?> fields) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            writeString((String) field.getKey());
            out.append(':');
            if (field.getValue() instanceof SortedMap<?, ?> object) {
                writeObject(object);
            } else {
                writeString((String) field.getValue());
            }
        }
        out.append('}');
    }

    private void writeString(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ') {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
