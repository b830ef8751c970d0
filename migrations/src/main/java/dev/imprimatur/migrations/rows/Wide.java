package dev.imprimatur.migrations.rows;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values that a type holds and another, which it took the place of, does not. */
final class Wide {

    private static final Pattern MODIFIED = Pattern.compile(".*?\\((\\d+)(?:,(-?\\d+))?\\).*");
    private static final int LONG = 5_000;

    private Wide() {}

    /** In SQL; empty when nothing is known to fit only the new type. */
    static Optional<String> value(ValueType type, String oldType) {
        if (!(type.bare() instanceof ValueType.Plain(String sql, String base, int modifier))) {
            return Optional.empty();
        }
        return switch (base) {
            case "int4" -> Optional.of("70000");
            case "int8" -> Optional.of("3000000000");
            case "float8" -> Optional.of("1e200");
            case "numeric" -> numeric(modifier, oldType);
            case "text", "citext" ->
                Optional.of(
                        "'" + "w".repeat(size(oldType).map(size -> size + 10).orElse(LONG)) + "'");
            case "varchar" ->
                Optional.of("'" + "w".repeat(modifier < 4 ? size(oldType).orElse(LONG) + 10 : modifier - 4) + "'");
            case "varbit" ->
                Optional.of("B'" + "1".repeat(modifier < 1 ? size(oldType).orElse(LONG) + 10 : modifier) + "'");
            case "timestamp", "timestamptz" -> Optional.of("'2024-02-29 23:59:59.123456'");
            default -> Optional.empty();
        };
    }

    /** The most digits on both sides. */
    private static Optional<String> numeric(int modifier, String oldType) {
        if (modifier < 4) {
            return Optional.of("12345678901234567890123.123456789");
        }
        int precision = (modifier - 4) >> 16 & 0xffff;
        int scale = ((modifier - 4 & 0x7ff) ^ 1024) - 1024;
        if (scale < 0 || scale > precision || oldType.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of("9".repeat(precision - scale) + (scale == 0 ? "" : "." + "9".repeat(scale)));
    }

    private static Optional<Integer> size(String type) {
        Matcher modified = MODIFIED.matcher(type);
        return modified.matches() ? Optional.of(Integer.valueOf(modified.group(1))) : Optional.empty();
    }
}
