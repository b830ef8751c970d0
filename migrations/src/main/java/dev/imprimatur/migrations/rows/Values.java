package dev.imprimatur.migrations.rows;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes up values, written as SQL. The same seed gives the same values. */
final class Values {

    private final Random random;
    private final PlainValues plain;

    Values(Random random) {
        this.random = random;
        this.plain = new PlainValues(random);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T oneOf(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    String of(ValueType type, Hints hints) {
        return switch (type) {
            case ValueType.Labelled(String sql, List<String> labels) ->
                labels.isEmpty() ? "NULL" : quoted(label(labels, hints)) + "::" + sql;
            // In parentheses, since a cast binds closer than a sign does.
            case ValueType.Restricted(String sql, ValueType root, List<String> checks, boolean notNull) ->
                isEarth(sql, root)
                        ? sql.substring(0, sql.length() - "earth".length()) + plain.placeOnEarth()
                        : "(" + of(root, hints.and(Hints.of(checks))) + ")::" + sql;
            case ValueType.Listed(String sql, ValueType element) -> list(sql, element, hints);
            case ValueType.Spanned(String sql, String range, ValueType bound, boolean multi) -> {
                if (multi && chance(0.1)) {
                    yield "'{}'::" + sql;
                }
                String span = span(range, bound, hints);
                yield multi ? sql + "(" + span + ")" : span;
            }
            case ValueType.Composed(String sql, List<ValueType> parts) ->
                parts.stream().map(part -> of(part, Hints.NONE)).collect(Collectors.joining(", ", "ROW(", ")::" + sql));
            case ValueType.Plain simple -> plain.of(simple, hints);
        };
    }

    /**
     * A value that is greater than those for a smaller slot, and in one slot for a smaller order: rows whose columns are
     * filled from slots of their own do not overlap.
     */
    String inSlot(ValueType type, int slot, int order, Hints otherwise) {
        if (!(type.bare() instanceof ValueType.Plain(String sql, String base, int modifier))) {
            return of(type, otherwise);
        }
        return switch (base) {
            case "int2" -> String.valueOf(slot * 8 % 32_000 + order);
            case "int4", "int8", "numeric", "float8", "float4" -> String.valueOf(slot * 8L + order);
            case "date", "timestamp", "timestamptz" ->
                "('2020-01-01'::%s + interval '%d days %d hours')::%s"
                        .formatted(base, slot * 8 + (base.equals("date") ? order : 0), order, type.sql());
            default -> of(type, otherwise);
        };
    }

    private String label(List<String> labels, Hints hints) {
        List<String> named = labels.stream().filter(hints.texts()::contains).toList();
        return named.isEmpty() || chance(0.2) ? oneOf(labels) : oneOf(named);
    }

    private static boolean isEarth(String sql, ValueType root) {
        return (sql.equals("earth") || sql.endsWith(".earth"))
                && root instanceof ValueType.Plain simple
                && simple.base().equals("cube");
    }

    private String list(String sql, ValueType element, Hints hints) {
        int length = random.nextInt(4);
        if (hints.lengths() && !hints.numbers().isEmpty() && chance(0.7)) {
            length = Math.clamp(plain.whole(hints, 4), 0, 50);
        }
        if (!hints.lengths() && length > 0 && chance(0.15)) {
            String inner = elements(element, hints, length);
            return "ARRAY[[" + inner + "], [" + elements(element, hints, length) + "]]::" + sql;
        }
        return "ARRAY[" + elements(element, hints, length) + "]::" + sql;
    }

    private String elements(ValueType element, Hints hints, int length) {
        return IntStream.range(0, length).mapToObj(i -> of(element, hints)).collect(Collectors.joining(", "));
    }

    private String span(String range, ValueType bound, Hints hints) {
        String one = of(bound, hints.apart(false));
        if (hints.apart() && chance(0.7)) {
            return "%1$s(%2$s, %2$s, '[]')".formatted(range, one);
        }
        String other = of(bound, hints.apart(false));
        return chance(0.1)
                ? "'empty'::" + range
                : "%1$s(least(%2$s, %3$s), greatest(%2$s, %3$s), '[]')".formatted(range, one, other);
    }

    static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
