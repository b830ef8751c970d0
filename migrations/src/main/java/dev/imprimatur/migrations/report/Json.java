package dev.imprimatur.migrations.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes JSON; a library would double the time a command needs to start. */
public final class Json {

    private Json() {}

    /** An object with its members in the given order: name, value, name, value. */
    public static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
        }
        return object;
    }

    /**
     * The value as JSON, indented by two, without a line break at its end. Maps, lists, numbers and truth values become
     * their likes, an empty {@link Optional} becomes {@code null}, and everything else its text.
     */
    public static String of(@Nullable Object value) {
        StringBuilder json = new StringBuilder();
        write(json, value, "\n");
        return json.toString();
    }

    private static void write(StringBuilder json, @Nullable Object value, String newLine) {
        switch (value) {
            case null -> json.append("null");
            case Optional<?> optional -> write(json, optional.isPresent() ? optional.get() : null, newLine);
            case Map<?, ?> object -> {
                String separator = "{";
                for (Map.Entry<?, ?> member : object.entrySet()) {
                    json.append(separator).append(newLine).append("  ");
                    string(json, String.valueOf(member.getKey()));
                    json.append(": ");
                    write(json, member.getValue(), newLine + "  ");
                    separator = ",";
                }
                json.append(object.isEmpty() ? "{}" : newLine + "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    json.append(separator).append(newLine).append("  ");
                    write(json, element, newLine + "  ");
                    separator = ",";
                }
                json.append(list.isEmpty() ? "[]" : newLine + "]");
            }
            case Number number -> json.append(number);
            case Boolean truth -> json.append(truth);
            default -> string(json, value.toString());
        }
    }

    private static void string(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < 0x20) {
                        json.append("\\u%04x".formatted((int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
