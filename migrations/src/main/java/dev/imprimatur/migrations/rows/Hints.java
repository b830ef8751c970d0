package dev.imprimatur.migrations.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the definitions of checks give away about the values they accept: the literals in them.
 *
 * @param texts as they stand, {@code LIKE} patterns and regular expressions left out
 * @param likes patterns of {@code LIKE}
 * @param regexes of {@code ~} and {@code SIMILAR TO}
 * @param lengths whether a length is spoken of
 */
record Hints(List<String> texts, List<String> likes, List<String> regexes, List<String> numbers, boolean lengths) {

    static final Hints NONE = of(List.of());

    private static final Pattern TEXT = Pattern.compile("(~~\\*? |~\\*? |)'((?:[^']|'')*)'");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.'$])-?\\d{1,15}(?:\\.\\d{1,9})?(?![\\w.])");

    Hints {
        texts = List.copyOf(texts);
        likes = List.copyOf(likes);
        regexes = List.copyOf(regexes);
        numbers = List.copyOf(numbers);
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
                if (text.group(1).startsWith("~~")) {
                    likes.add(value);
                } else if (text.group(1).startsWith("~")) {
                    regexes.add(value);
                } else {
                    texts.add(value);
                    if (value.matches("-?\\d{1,15}(\\.\\d{1,9})?")) {
                        numbers.add(value);
                    }
                }
            }
            Matcher number = NUMBER.matcher(definition.replaceAll("'(?:[^']|'')*'", "''"));
            while (number.find()) {
                numbers.add(number.group());
            }
        }
        boolean lengths = definitions.stream().anyMatch(definition -> definition.contains("length("));
        return new Hints(texts, likes, regexes, numbers, lengths);
    }
}
