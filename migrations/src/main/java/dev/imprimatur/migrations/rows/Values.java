package dev.imprimatur.migrations.rows;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes up values, written as SQL. The same seed gives the same values. */
final class Values {

    private static final List<String> WORDS = List.of(
            "harbour",
            "lantern",
            "meadow",
            "orchard",
            "pebble",
            "quarry",
            "ripple",
            "saddle",
            "thimble",
            "umbrella",
            "Grüße",
            "日本",
            "O'Hara");

    private final Random random;

    Values(Random random) {
        this.random = random;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    int number(int below) {
        return random.nextInt(below);
    }

    <T> T oneOf(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    String of(ValueType type, Hints hints) {
        return switch (type) {
            case ValueType.Labelled(String sql, List<String> labels) ->
                labels.isEmpty() ? "NULL" : quoted(oneOf(labels)) + "::" + sql;
            case ValueType.Restricted(String sql, ValueType root, List<String> checks) ->
                of(root, checks.isEmpty() ? hints : Hints.of(checks)) + "::" + sql;
            case ValueType.Listed(String sql, ValueType element) ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> of(element, hints))
                        .collect(Collectors.joining(", ", "ARRAY[", "]::" + sql));
            case ValueType.Spanned(String sql, ValueType bound, boolean multi) ->
                multi ? "'{}'::" + sql : span(sql, bound);
            case ValueType.Composed(String sql, List<ValueType> parts) ->
                parts.stream().map(part -> of(part, Hints.NONE)).collect(Collectors.joining(", ", "ROW(", ")::" + sql));
            case ValueType.Plain plain -> plain(plain, hints);
        };
    }

    private String span(String sql, ValueType bound) {
        String one = of(bound, Hints.NONE);
        String other = of(bound, Hints.NONE);
        return chance(0.1)
                ? "'empty'::" + sql
                : "%1$s(least(%2$s, %3$s), greatest(%2$s, %3$s), '[]')".formatted(sql, one, other);
    }

    private String plain(ValueType.Plain type, Hints hints) {
        return switch (type.base()) {
            case "bool" -> chance(0.5) ? "true" : "false";
            case "int2" -> whole(hints, 1000);
            case "int4", "oid", "xid", "cid" -> whole(hints, 1_000_000);
            case "int8" -> whole(hints, 4_000_000_000L);
            case "xid8", "pg_lsn" -> typed(type, type.base().equals("pg_lsn") ? "0/1" : "" + (1 + random.nextInt(999)));
            case "float4", "float8" -> typed(type, chance(0.1) ? "-0" : number(hints, 2));
            case "numeric" -> numeric(type, hints);
            case "money" -> typed(type, number(hints, 2));
            case "text", "citext", "name" -> quoted(text(hints, 60)) + "::" + type.sql();
            case "varchar", "bpchar" -> quoted(text(hints, type.modifier() < 0 ? 60 : type.modifier() - 4));
            case "char" -> quoted(String.valueOf((char) ('a' + random.nextInt(26)))) + "::\"char\"";
            case "bytea" -> bytes(hints);
            case "uuid" -> typed(type, new UUID(random.nextLong(), random.nextLong()).toString());
            case "date" -> hinted(hints, day());
            case "time" -> hinted(hints, clock());
            case "timetz" -> quoted(clock() + "+02");
            case "timestamp" -> hinted(hints, day() + " " + clock());
            case "timestamptz" -> hinted(hints, day() + " " + clock() + "+00");
            case "interval" -> hinted(hints, oneOf(List.of("1 mon", "30 days", "1 day 02:00", "36:00", "-5 minutes")));
            case "json", "jsonb" ->
                typed(type, oneOf(List.of("{}", "[]", "{\"a\": 1}", "{\"b\": [1, 2.0, null], \"c\": \"x\"}", "\"x\"")));
            case "inet" -> quoted("10.%d.%d.1".formatted(random.nextInt(256), random.nextInt(256)));
            case "cidr" -> quoted("10.%d.%d.0/24".formatted(random.nextInt(256), random.nextInt(256)));
            case "macaddr" -> quoted("08:00:2b:01:%02x:%02x".formatted(random.nextInt(256), random.nextInt(256)));
            case "macaddr8" -> quoted("08:00:2b:01:02:03:04:%02x".formatted(random.nextInt(256)));
            case "bit" -> "B'" + bits(Math.max(1, type.modifier())) + "'";
            case "varbit" -> "B'" + bits(1 + random.nextInt(type.modifier() < 1 ? 8 : type.modifier())) + "'";
            case "tsvector", "tsquery", "ltree", "lquery" -> typed(type, oneOf(WORDS.subList(0, 10)));
            case "xml" -> typed(type, "<a>" + random.nextInt(99) + "</a>");
            case "point" -> typed(type, "(%d,%d)".formatted(random.nextInt(99), random.nextInt(99)));
            case "box", "lseg", "path", "polygon" ->
                typed(type, "((0,0),(%d,%d))".formatted(1 + random.nextInt(99), 1 + random.nextInt(99)));
            case "circle" -> typed(type, "<(0,0),%d>".formatted(1 + random.nextInt(99)));
            case "line" -> typed(type, "{1,%d,0}".formatted(1 + random.nextInt(99)));
            case "hstore" -> typed(type, "a=>" + random.nextInt(99));
            case "cube" -> typed(type, "(1,2,%d)".formatted(random.nextInt(99)));
            case "regclass", "regtype" -> typed(type, type.base().equals("regtype") ? "integer" : "pg_class");
            default -> typed(type, text(hints, 20));
        };
    }

    private String whole(Hints hints, long most) {
        if (!hints.numbers().isEmpty() && chance(0.7)) {
            return new BigDecimal(oneOf(hints.numbers()))
                    .setScale(0, RoundingMode.DOWN)
                    .add(BigDecimal.valueOf(random.nextInt(3) - 1))
                    .toPlainString();
        }
        long value = chance(0.6) ? random.nextInt(100) : random.nextLong(most);
        return String.valueOf(chance(0.05) ? -value : value);
    }

    private String number(Hints hints, int scale) {
        return new BigDecimal(whole(hints, 10_000))
                .add(BigDecimal.valueOf(random.nextInt(100), 2))
                .setScale(scale, RoundingMode.DOWN)
                .toPlainString();
    }

    private String numeric(ValueType.Plain type, Hints hints) {
        if (type.modifier() < 4) {
            return number(hints, random.nextInt(4));
        }
        int precision = (type.modifier() - 4) >> 16 & 0xffff;
        int scale = type.modifier() - 4 & 0x7ff;
        BigDecimal most = BigDecimal.TEN.pow(Math.max(0, precision - scale));
        return new BigDecimal(number(hints, 2)).remainder(most).toPlainString();
    }

    private String text(Hints hints, int longest) {
        String text = freeText(hints);
        if (hints.lengths() && !hints.numbers().isEmpty() && chance(0.5)) {
            int length =
                    Math.clamp(new BigDecimal(oneOf(hints.numbers())).longValue() + random.nextInt(3) - 1, 0, 2000);
            text = (text + "x".repeat(length)).substring(0, length);
        }
        return text.length() <= longest ? text : text.substring(0, Math.max(0, longest));
    }

    private String freeText(Hints hints) {
        List<Supplier<String>> given = new ArrayList<>();
        if (!hints.texts().isEmpty()) {
            given.add(() -> oneOf(hints.texts()));
        }
        if (!hints.likes().isEmpty()) {
            given.add(() -> oneOf(hints.likes()).replace("%", word()).replace('_', 'x'));
        }
        if (!hints.regexes().isEmpty()) {
            given.add(() -> RegexSample.of(oneOf(hints.regexes()), random));
        }
        return given.isEmpty() || chance(0.2) ? word() : oneOf(given).get();
    }

    private String word() {
        return oneOf(WORDS) + (chance(0.9) ? "-" + random.nextInt(100_000) : "");
    }

    private String bytes(Hints hints) {
        int length = !hints.numbers().isEmpty() && chance(0.8)
                ? Math.clamp(new BigDecimal(oneOf(hints.numbers())).longValue(), 0, 4096)
                : random.nextInt(24);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return "'\\x" + HexFormat.of().formatHex(bytes) + "'::bytea";
    }

    private String bits(int length) {
        return IntStream.range(0, length).mapToObj(i -> chance(0.5) ? "1" : "0").collect(Collectors.joining());
    }

    private String hinted(Hints hints, String otherwise) {
        return quoted(!hints.texts().isEmpty() && chance(0.6) ? oneOf(hints.texts()) : otherwise);
    }

    private String day() {
        return "%d-%02d-%02d".formatted(2019 + random.nextInt(8), 1 + random.nextInt(12), 1 + random.nextInt(28));
    }

    private String clock() {
        return "%02d:%02d:%02d.%06d"
                .formatted(
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60),
                        chance(0.5) ? 0 : random.nextInt(1_000_000));
    }

    private static String typed(ValueType.Plain type, String value) {
        return quoted(value) + "::" + type.sql();
    }

    static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
