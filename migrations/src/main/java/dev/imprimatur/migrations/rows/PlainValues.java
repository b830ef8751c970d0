package dev.imprimatur.migrations.rows;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Values of types without parts, those of the contrib modules too. */
final class PlainValues {

    private final Random random;
    private final Texts texts;

    PlainValues(Random random) {
        this.random = random;
        this.texts = new Texts(random);
    }

    String of(ValueType.Plain type, Hints hints) {
        return switch (type.base()) {
            case "bool" -> chance(0.5) ? "true" : "false";
            case "int2" -> String.valueOf(whole(hints, hints.apart() ? 30_000 : 1000));
            case "int4" -> String.valueOf(whole(hints, 1_000_000));
            case "int8" -> String.valueOf(whole(hints, 4_000_000_000L));
            case "oid", "xid", "cid", "xid8" -> typed(type, String.valueOf(1 + random.nextInt(1_000_000)));
            case "pg_lsn" -> typed(type, "%X/%X".formatted(random.nextInt(16), random.nextInt(1 << 24)));
            case "float4", "float8" -> typed(type, !hints.apart() && chance(0.1) ? "-0" : number(hints, 2));
            case "numeric" -> numeric(type.modifier(), hints);
            case "money" -> "(" + number(hints, 2) + ")::numeric::" + type.sql();
            case "text", "citext", "name" -> typed(type, texts.text(hints, 60));
            case "varchar", "bpchar" ->
                Values.quoted(texts.text(hints, type.modifier() < 0 ? 60 : type.modifier() - 4));
            case "char" -> typed(type, hints.texts().isEmpty() ? letter() : oneOf(hints.texts()));
            case "bytea" -> bytes(hints);
            case "uuid" -> typed(type, new UUID(random.nextLong(), random.nextLong()).toString());
            case "date", "time", "timetz", "timestamp", "timestamptz", "interval" ->
                typed(type, texts.time(type.base(), hints));
            case "json", "jsonb" -> typed(type, texts.json(hints));
            case "inet" -> typed(type, address() + (chance(0.2) ? "/24" : ""));
            case "cidr" -> typed(type, "10.%d.%d.0/24".formatted(random.nextInt(256), random.nextInt(256)));
            case "macaddr" -> typed(type, "08:00:2b" + pairs(3));
            case "macaddr8" -> typed(type, "08:00:2b" + pairs(5));
            case "bit" -> "B'" + bits(Math.max(1, type.modifier())) + "'";
            case "varbit" -> "B'" + bits(1 + random.nextInt(type.modifier() < 1 ? 8 : type.modifier())) + "'";
            case "xml" -> typed(type, "<a>" + random.nextInt(99) + "</a>");
            case "aclitem" -> "(pg_catalog.acldefault('r', 10))[1]";
            case "regrole" -> "pg_catalog.quote_ident(current_user)::" + type.sql();
            default -> typed(type, written(type.base(), hints));
        };
    }

    /** The text form of types whose values have one that fits all. */
    private String written(String base, Hints hints) {
        int some = 1 + random.nextInt(99);
        return switch (base) {
            case "tsvector", "tsquery" -> texts.plainWord() + " & " + texts.plainWord();
            case "query_int" -> some + "&" + random.nextInt(99);
            case "ltree" -> texts.plainWord() + "." + texts.plainWord() + ".n" + some;
            case "lquery" -> texts.plainWord() + ".*";
            case "ltxtquery" -> texts.plainWord() + " & " + texts.plainWord();
            case "hstore" -> texts.pairs(hints);
            case "cube" -> "(1,2," + some + ")";
            case "seg" -> some + " .. " + (some + 1);
            case "ean13", "isbn13", "isbn", "ismn13", "ismn", "issn13", "issn", "upc" -> articleNumber(base);
            case "point" -> "(%d,%d)".formatted(random.nextInt(999), some);
            case "box", "lseg", "path", "polygon" -> shape(random.nextInt(999), random.nextInt(999), some);
            case "circle" -> "<(%d,%d),%d>".formatted(random.nextInt(999), random.nextInt(999), some);
            case "line" -> "{1," + some + ",0}";
            case "jsonpath" -> "$.a[*] ? (@ > " + some + ")";
            case "tid" -> "(" + some + ",1)";
            case "int2vector", "oidvector" -> some + " " + random.nextInt(99);
            case "txid_snapshot", "pg_snapshot" -> "%1$d:%2$d:%1$d".formatted(some, some + 5);
            case "regclass" -> "pg_catalog.pg_class";
            case "regtype" -> "integer";
            case "regproc" -> "pg_catalog.now";
            case "regprocedure" -> "pg_catalog.now()";
            case "regoper" -> "pg_catalog.||/";
            case "regoperator" -> "pg_catalog.+(integer,integer)";
            case "regconfig", "regdictionary" -> "pg_catalog.simple";
            case "regnamespace" -> "pg_catalog";
            case "regcollation" -> "pg_catalog.\"C\"";
            default -> texts.text(hints, 20);
        };
    }

    long whole(Hints hints, long most) {
        List<String> numbers = hints.numbers();
        if (hints.bounds().areGiven() && chance(0.85)) {
            return hints.bounds().some(random);
        }
        if (!numbers.isEmpty() && chance(0.85)) {
            long one = longOf(oneOf(numbers));
            if (chance(0.5)) {
                return one + random.nextInt(3) - 1;
            }
            long least = numbers.stream().mapToLong(PlainValues::longOf).min().orElse(0);
            long greatest =
                    numbers.stream().mapToLong(PlainValues::longOf).max().orElse(0);
            long width = least == greatest ? Math.min(most, 1000) : greatest - least;
            long start = least == greatest && chance(0.3) ? least - width : least;
            return start + random.nextLong(Math.max(1, width + 1));
        }
        long value = chance(0.6) && !hints.apart() ? random.nextInt(100) : random.nextLong(most);
        return chance(0.05) ? -value : value;
    }

    private static long longOf(String number) {
        return new BigDecimal(number).longValue();
    }

    private String number(Hints hints, int scale) {
        return BigDecimal.valueOf(whole(hints, 10_000))
                .add(BigDecimal.valueOf(random.nextInt(100), 2))
                .setScale(scale, RoundingMode.DOWN)
                .toPlainString();
    }

    private String numeric(int modifier, Hints hints) {
        if (modifier < 4) {
            return number(hints, random.nextInt(4));
        }
        int precision = (modifier - 4) >> 16 & 0xffff;
        // Eleven bits with a sign: numeric(3,-2) counts in hundreds.
        int scale = ((modifier - 4 & 0x7ff) ^ 1024) - 1024;
        BigDecimal most = BigDecimal.ONE.scaleByPowerOfTen(precision - scale);
        BigDecimal value = new BigDecimal(number(hints, 2)).remainder(most);
        return value.setScale(scale, RoundingMode.DOWN).toPlainString();
    }

    private String bytes(Hints hints) {
        int length =
                !hints.numbers().isEmpty() && chance(0.8) ? Math.clamp(whole(hints, 64), 0, 4096) : random.nextInt(24);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return "'\\x" + HexFormat.of().formatHex(bytes) + "'::bytea";
    }

    private String bits(int length) {
        return IntStream.range(0, length).mapToObj(i -> chance(0.5) ? "1" : "0").collect(Collectors.joining());
    }

    private String pairs(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> ":%02x".formatted(random.nextInt(256)))
                .collect(Collectors.joining());
    }

    private String address() {
        return "10.%d.%d.%d".formatted(random.nextInt(256), random.nextInt(256), 1 + random.nextInt(250));
    }

    private static String shape(int x, int y, int size) {
        return "((%d,%d),(%d,%d))".formatted(x, y, x + size, y + size);
    }

    /** Thirteen digits, the last of which proves the others. */
    private String articleNumber(String base) {
        String start = switch (base) {
            case "isbn", "isbn13" -> "978";
            case "ismn", "ismn13" -> "9790";
            case "issn", "issn13" -> "977";
            case "upc" -> "0";
            default -> "40";
        };
        String end = base.startsWith("issn") ? "00" : "";
        String digits = start + digits(12 - start.length() - end.length()) + end;
        int sum = IntStream.range(0, 12)
                .map(i -> (digits.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3))
                .sum();
        return digits + (10 - sum % 10) % 10;
    }

    private String digits(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.valueOf(random.nextInt(10)))
                .collect(Collectors.joining());
    }

    /** The call that makes a value of the domain {@code earth}. */
    String placeOnEarth() {
        return "ll_to_earth(%d, %d)".formatted(random.nextInt(180) - 90, random.nextInt(360) - 180);
    }

    private String letter() {
        return String.valueOf((char) ('a' + random.nextInt(26)));
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T oneOf(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static String typed(ValueType.Plain type, String value) {
        return Values.quoted(value) + "::" + type.sql();
    }
}
