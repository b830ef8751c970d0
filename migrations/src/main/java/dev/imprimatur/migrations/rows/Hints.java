package dev.imprimatur.migrations.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the definitions of checks give away about the values they accept: the literals in them.
 *
 * @param texts as they stand, {@code LIKE} patterns and regular expressions left out
 * @param likes patterns of {@code LIKE}
 * @param regexes of {@code ~} and {@code SIMILAR TO}
 * @param lengths whether a length is spoken of
 * @param capitals whether capital letters are
 * @param apart whether values should keep away from each other, since no two rows may touch or be equal
 */
record Hints(
        List<String> texts,
        List<String> likes,
        List<String> regexes,
        List<String> numbers,
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
        for (String definition : definitions) {
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
                all.contains("length(") || all.contains("cardinality("),
                all.contains("upper("),
                false);
    }

    Hints apart(boolean apart) {
        return new Hints(texts, likes, regexes, numbers, lengths, capitals, apart);
    }

    /** Both of them. */
    Hints and(Hints other) {
        return new Hints(
                joined(texts, other.texts),
                joined(likes, other.likes),
                joined(regexes, other.regexes),
                joined(numbers, other.numbers),
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
