package dev.imprimatur.migrations.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the definitions of checks give away about the values they accept: the literals in them.
 *
 * @param texts as they stand, {@code LIKE} patterns and regular expressions left out
 * @param likes patterns of {@code LIKE}
 * @param regexes of {@code ~} and {@code SIMILAR TO}
 * @param bounds what comparisons leave; contradictory where the conditions are alternatives
 * @param lengths whether a length is spoken of
 * @param capitals whether capital letters are
 * @param apart whether values should keep away from each other, since no two rows may touch or be equal
 */
record Hints(
        List<String> texts,
        List<String> likes,
        List<String> regexes,
        List<String> numbers,
        Bounds bounds,
        boolean lengths,
        boolean capitals,
        boolean apart) {

    static final Hints NONE = of(List.of());

    private static final Pattern TEXT =
            Pattern.compile("(!~~?\\*? |~~\\*? |~\\*? |similar_to_escape\\(|)'((?:[^']|'')*)'");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.'$])-?\\d{1,15}(?:\\.\\d{1,9})?(?![\\w.])");
    /** Numbers in these are no values. */
    private static final Pattern TELLS_NOTHING = Pattern.compile("satisfies_hash_partition\\(|num_(?:non)?nulls\\(");

    private static final Pattern BETWEEN_CONDITIONS = Pattern.compile("(?<=\\)) (?:AND|OR) (?=\\()");

    private static final Pattern COMPARISON =
            Pattern.compile("(?<![<>!])(>=|>|<=|<|=) \\(?'?(-?\\d{1,15})(?:\\.\\d{1,9})?(?![\\w.-])");

    /** The whole numbers that comparisons allow, both ends included; the widest range there is without any. */
    record Bounds(long least, long most) {

        private static final Bounds NONE = new Bounds(Long.MIN_VALUE, Long.MAX_VALUE);

        boolean areGiven() {
            return least <= most && (least != Long.MIN_VALUE || most != Long.MAX_VALUE);
        }

        Bounds and(Bounds other) {
            return new Bounds(Math.max(least, other.least), Math.min(most, other.most));
        }

        private static Bounds of(String comparison, long number) {
            return switch (comparison) {
                case ">" -> new Bounds(number + 1, Long.MAX_VALUE);
                case ">=" -> new Bounds(number, Long.MAX_VALUE);
                case "<" -> new Bounds(Long.MIN_VALUE, number - 1);
                case "<=" -> new Bounds(Long.MIN_VALUE, number);
                default -> new Bounds(number, number);
            };
        }

        /** One of them, within a width that a person would call near where one end is open. */
        long some(Random random) {
            long near = 1000;
            long from = least == Long.MIN_VALUE ? most - near : least;
            long to = most == Long.MAX_VALUE ? from + near : most;
            return from + random.nextLong(to - from + 1);
        }
    }

    Hints {
        texts = List.copyOf(texts);
        likes = List.copyOf(likes);
        regexes = List.copyOf(regexes);
        numbers = List.copyOf(numbers);
    }

    /** Of those conditions only that speak of the column, where the definitions have several. */
    static Hints of(String column, List<String> definitions) {
        Pattern word = Pattern.compile("(?<![\\w\"])" + Pattern.quote(column) + "(?![\\w\"])");
        List<String> about = new ArrayList<>();
        for (String definition : definitions) {
            List<String> conditions = BETWEEN_CONDITIONS
                    .splitAsStream(definition)
                    .filter(condition -> word.matcher(condition).find())
                    .filter(condition -> !TELLS_NOTHING.matcher(condition).find())
                    .toList();
            about.addAll(conditions);
        }
        return of(about);
    }

    static Hints of(List<String> definitions) {
        List<String> texts = new ArrayList<>();
        List<String> likes = new ArrayList<>();
        List<String> regexes = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        Bounds bounds = Bounds.NONE;
        for (String definition : definitions) {
            Matcher comparison = COMPARISON.matcher(definition);
            while (comparison.find()) {
                bounds = bounds.and(Bounds.of(comparison.group(1), Long.parseLong(comparison.group(2))));
            }
            Matcher text = TEXT.matcher(definition);
            while (text.find()) {
                String value = text.group(2).replace("''", "'");
                switch (text.group(1).strip()) {
                    case "!~", "!~*", "!~~", "!~~*" -> {}
                    case "~~", "~~*" -> likes.add(value);
                    case "~", "~*" -> regexes.add(value);
                    case "similar_to_escape(" ->
                        regexes.add(value.replace("%", ".*").replace('_', '.'));
                    default -> {
                        texts.add(value);
                        if (value.matches("-?\\d{1,15}(\\.\\d{1,9})?")) {
                            numbers.add(value);
                        }
                    }
                }
            }
            Matcher number = NUMBER.matcher(definition.replaceAll("'(?:[^']|'')*'", "''"));
            while (number.find()) {
                numbers.add(number.group());
            }
        }
        String all = String.join(" ", definitions).toLowerCase(Locale.ROOT);
        return new Hints(
                texts,
                likes,
                regexes,
                numbers,
                bounds,
                all.contains("length(") || all.contains("cardinality("),
                all.contains("upper("),
                false);
    }

    Hints apart(boolean apart) {
        return new Hints(texts, likes, regexes, numbers, bounds, lengths, capitals, apart);
    }

    Hints withoutBounds() {
        return new Hints(texts, likes, regexes, numbers, Bounds.NONE, lengths, capitals, apart);
    }

    /** Both of them. */
    Hints and(Hints other) {
        return new Hints(
                joined(texts, other.texts),
                joined(likes, other.likes),
                joined(regexes, other.regexes),
                joined(numbers, other.numbers),
                bounds.and(other.bounds),
                lengths || other.lengths,
                capitals || other.capitals,
                apart || other.apart);
    }

    private static List<String> joined(List<String> some, List<String> more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
