package dev.imprimatur.migrations.rows;

import java.util.Random;

/**
 * Texts that a regular expression may match: literals, classes, groups, alternatives and counts are followed; look-around
 * and back references are not. The server has the last word on each.
 */
final class RegexSample {

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";
    private static final String COMMON = LETTERS + DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. ";
    private static final int MORE = 6;

    private final String regex;
    private final Random random;
    private int at;

    private RegexSample(String regex, Random random) {
        this.regex = regex;
        this.random = random;
    }

    static String of(String regex, Random random) {
        return new RegexSample(regex, random).alternatives();
    }

    private boolean more() {
        return at < regex.length();
    }

    private String alternatives() {
        String chosen = sequence();
        for (int count = 2; more() && regex.charAt(at) == '|'; count++) {
            at++;
            String other = sequence();
            if (random.nextInt(count) == 0) {
                chosen = other;
            }
        }
        return chosen;
    }

    private String sequence() {
        StringBuilder text = new StringBuilder();
        while (more() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            int start = at;
            String once = atom();
            int end = at;
            int times = count();
            int after = at;
            if (times > 0) {
                text.append(once);
            }
            for (int i = 1; i < times; i++) {
                at = start;
                text.append(atom());
            }
            at = Math.max(after, end);
        }
        return text.toString();
    }

    private int count() {
        if (!more()) {
            return 1;
        }
        return switch (regex.charAt(at)) {
            case '*' -> skipped(random.nextInt(MORE));
            case '+' -> skipped(1 + random.nextInt(MORE));
            case '?' -> skipped(random.nextInt(2));
            case '{' -> {
                int close = regex.indexOf('}', at);
                if (close < 0) {
                    yield 1;
                }
                String[] bounds = regex.substring(at + 1, close).split(",", -1);
                at = close;
                yield skipped(between(bounds));
            }
            default -> 1;
        };
    }

    private int between(String[] bounds) {
        int least = number(bounds[0], 0);
        int most = bounds.length == 1 ? least : number(bounds[1], least + MORE);
        return least + random.nextInt(Math.min(Math.max(0, most - least), 40) + 1);
    }

    private static int number(String text, int otherwise) {
        return text.matches("\\d{1,4}") ? Integer.parseInt(text) : otherwise;
    }

    private int skipped(int times) {
        at++;
        if (more() && regex.charAt(at) == '?') {
            at++;
        }
        return times;
    }

    private String atom() {
        char c = regex.charAt(at++);
        return switch (c) {
            case '^', '$' -> "";
            case '.' -> one(COMMON);
            case '[' -> one(bracket());
            case '\\' -> more() ? escaped(regex.charAt(at++)) : "";
            case '(' -> {
                if (regex.startsWith("?:", at)) {
                    at += 2;
                }
                String inner = alternatives();
                at = Math.min(at + 1, regex.length());
                yield inner;
            }
            default -> String.valueOf(c);
        };
    }

    private String escaped(char c) {
        return switch (c) {
            case 'd' -> one(DIGITS);
            case 'w' -> one(LETTERS + DIGITS + "_");
            case 's' -> " ";
            case 'A', 'Z', 'm', 'M', 'y' -> "";
            default -> String.valueOf(c);
        };
    }

    private String bracket() {
        boolean negated = more() && regex.charAt(at) == '^';
        if (negated) {
            at++;
        }
        StringBuilder members = new StringBuilder();
        boolean first = true;
        while (more() && (first || regex.charAt(at) != ']')) {
            first = false;
            if (regex.startsWith("[:", at) && regex.indexOf(":]", at) > 0) {
                int end = regex.indexOf(":]", at);
                members.append(named(regex.substring(at + 2, end)));
                at = end + 2;
            } else {
                member(members);
            }
        }
        at = Math.min(at + 1, regex.length());
        if (!negated) {
            return members.isEmpty() ? LETTERS : members.toString();
        }
        StringBuilder others = new StringBuilder();
        COMMON.chars()
                .filter(c -> members.indexOf(String.valueOf((char) c)) < 0)
                .forEach(c -> others.append((char) c));
        return others.isEmpty() ? "~" : others.toString();
    }

    private void member(StringBuilder members) {
        char from = regex.charAt(at++);
        if (from == '\\' && more()) {
            char c = regex.charAt(at++);
            members.append(
                    switch (c) {
                        case 'd' -> DIGITS;
                        case 'w' -> LETTERS + DIGITS + "_";
                        case 's' -> " ";
                        default -> String.valueOf(c);
                    });
            return;
        }
        if (at + 1 < regex.length() && regex.charAt(at) == '-' && regex.charAt(at + 1) != ']') {
            char to = regex.charAt(at + 1);
            at += 2;
            for (char c = from; c <= to && members.length() < 500; c++) {
                members.append(c);
            }
            return;
        }
        members.append(from);
    }

    private static String named(String name) {
        return switch (name) {
            case "digit" -> DIGITS;
            case "xdigit" -> DIGITS + "abcdef";
            case "lower", "alpha" -> LETTERS;
            case "upper" -> "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
            case "alnum" -> LETTERS + DIGITS;
            case "space", "blank" -> " ";
            case "punct" -> "-_.";
            default -> "";
        };
    }

    private String one(String from) {
        return String.valueOf(from.charAt(random.nextInt(from.length())));
    }
}
