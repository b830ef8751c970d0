package dev.imprimatur.migrations.rows;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Words, times and documents. */
final class Texts {

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

    private static final List<String> DOCUMENTS =
            List.of("{}", "[]", "{\"a\": 1}", "{\"b\": [1, 2.0, null], \"c\": \"x\"}", "\"x\"");

    private final Random random;

    Texts(Random random) {
        this.random = random;
    }

    /** At most {@code longest} characters. */
    String text(Hints hints, int longest) {
        String text = freeText(hints);
        if (hints.lengths() && !hints.numbers().isEmpty() && chance(0.5)) {
            long near = Long.parseLong(oneOf(hints.numbers()).split("\\.", 2)[0]) + random.nextInt(3) - 1;
            int length = Math.clamp(hints.bounds().areGiven() ? hints.bounds().some(random) : near, 0, 2000);
            text = (text + "x".repeat(length)).substring(0, length);
        }
        if (hints.capitals() && chance(0.7)) {
            text = text.toUpperCase(Locale.ROOT);
        }
        return text.length() <= longest ? text : cut(text, longest, hints);
    }

    /** What is cut keeps its end, where the words differ. */
    private String cut(String text, int longest, Hints hints) {
        if (longest <= 0) {
            return "";
        }
        boolean free = hints.texts().isEmpty()
                && hints.likes().isEmpty()
                && hints.regexes().isEmpty();
        return free
                ? Long.toString(random.nextLong(1L << 60), 36).substring(0, Math.min(longest, 8))
                : text.substring(0, longest);
    }

    private String freeText(Hints hints) {
        List<Supplier<String>> given = new ArrayList<>();
        if (!hints.texts().isEmpty()) {
            given.add(() -> around(oneOf(hints.texts())));
        }
        if (!hints.likes().isEmpty()) {
            given.add(() -> oneOf(hints.likes()).replace("%", word()).replace('_', 'x'));
        }
        if (!hints.regexes().isEmpty()) {
            given.add(() -> RegexSample.of(oneOf(hints.regexes()), random));
        }
        return given.isEmpty() || chance(0.2) ? word() : oneOf(given).get();
    }

    /** The literal itself mostly; a short one may be only what the text must hold. */
    private String around(String literal) {
        double dice = random.nextDouble();
        if (dice < 0.1) {
            return literal + word();
        }
        return literal.length() <= 3 && dice < 0.4
                ? plainWord() + literal + plainWord() + random.nextInt(1000)
                : literal;
    }

    private String word() {
        return oneOf(WORDS) + (chance(0.9) ? "-" + random.nextInt(100_000) : "");
    }

    String plainWord() {
        return oneOf(WORDS.subList(0, 10));
    }

    String json(Hints hints) {
        if (hints.texts().isEmpty() || chance(0.1)) {
            return oneOf(DOCUMENTS);
        }
        return switch (oneOf(hints.texts())) {
            case "array" -> "[1, \"" + plainWord() + "\"]";
            case "string" -> "\"" + plainWord() + "\"";
            case "number" -> String.valueOf(random.nextInt(100));
            case "boolean" -> "true";
            default -> document(hints);
        };
    }

    private String document(Hints hints) {
        String value = oneOf(List.of("1", "\"" + plainWord() + "\"", "[]", "{}"));
        return hints.texts().stream()
                .filter(key -> !key.equals("object"))
                .map(key -> "\"" + key.replaceAll("[\"\\\\{}]", "") + "\": " + value)
                .distinct()
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** An hstore with the keys that a check names. */
    String pairs(Hints hints) {
        List<String> keys = hints.texts().isEmpty() ? List.of("a") : hints.texts();
        return keys.stream()
                .map(key -> "\"" + key.replace("\"", "") + "\"=>\"" + random.nextInt(99) + "\"")
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** @param base the type's bare name */
    String time(String base, Hints hints) {
        if (!hints.texts().isEmpty() && chance(0.8)) {
            List<LocalDate> days = hints.texts().stream()
                    .flatMap(text -> day(text).stream())
                    .sorted()
                    .toList();
            if (days.size() < 2 || chance(0.3)) {
                return oneOf(hints.texts());
            }
            long width = days.getLast().toEpochDay() - days.getFirst().toEpochDay();
            LocalDate between = days.getFirst().plusDays(random.nextLong(Math.max(1, width)));
            return base.equals("date") ? between.toString() : between + " " + clock();
        }
        return switch (base) {
            case "date" -> day();
            case "time" -> clock();
            case "timetz" -> clock() + "+02";
            case "timestamptz" -> day() + " " + clock() + "+00";
            case "interval" -> oneOf(List.of("1 mon", "30 days", "1 day 02:00", "36:00", "-5 minutes"));
            default -> day() + " " + clock();
        };
    }

    private static List<LocalDate> day(String text) {
        try {
            return text.matches("\\d{4}-\\d\\d-\\d\\d.*") ? List.of(LocalDate.parse(text.substring(0, 10))) : List.of();
        } catch (DateTimeException e) {
            // A literal that only looks like a day.
            return List.of();
        }
    }

    private String day() {
        return "%d-%02d-%02d".formatted(2019 + random.nextInt(20), 1 + random.nextInt(12), 1 + random.nextInt(28));
    }

    private String clock() {
        return "%02d:%02d:%02d.%06d"
                .formatted(
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60),
                        chance(0.5) ? 0 : random.nextInt(1_000_000));
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T oneOf(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
