package dev.imprimatur.migrations;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A receipt as text: one flat JSON object of strings and whole numbers. Anything else is refused, for a receipt that was
 * mended by hand or merged badly must not count. A JSON library would double the time that {@code migrate} needs to start.
 */
final class ReceiptText {

    /** What keeps a text from being a receipt. */
    static final class FaultyException extends Exception {
        FaultyException(String what) {
            super(what);
        }
    }

    private static final Pattern MEMBER =
            Pattern.compile("\\s*\"([a-zA-Z]+)\"\\s*:\\s*(?:\"([^\"\\\\\\p{Cntrl}]*)\"|(0|[1-9][0-9]{0,17}))\\s*");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Set<String> STRINGS = Set.of(
            "name", "forwardChecksum", "downChecksum", "startedFrom", "tool", "server", "rehearsedAt", "verdict");
    private static final Set<String> NUMBERS = Set.of("forwardMillis", "backMillis", "rows", "rewrites", "walBytes");

    private final Map<String, String> strings = new LinkedHashMap<>();
    private final Map<String, Long> numbers = new LinkedHashMap<>();

    private ReceiptText() {}

    static String of(Receipt receipt) {
        Receipt.Figures figures = receipt.figures();
        return """
                {
                  "name": "%s",
                  "forwardChecksum": "%s",
                  "downChecksum": "%s",
                  "startedFrom": "%s",
                  "tool": "%s",
                  "server": "%s",
                  "rehearsedAt": "%s",
                  "verdict": "%s",
                  "forwardMillis": %d,
                  "backMillis": %d,
                  "rows": %d,
                  "rewrites": %d,
                  "walBytes": %d
                }
                """.formatted(
                        plain(receipt.name()),
                        plain(receipt.forwardChecksum()),
                        plain(receipt.downChecksum()),
                        plain(receipt.fingerprint()),
                        plain(receipt.made().tool()),
                        plain(receipt.made().server()),
                        receipt.made().at().truncatedTo(ChronoUnit.SECONDS),
                        receipt.made().verdict().word(),
                        figures.forward().toMillis(),
                        figures.back().toMillis(),
                        figures.rows(),
                        figures.rewrites(),
                        figures.walBytes());
    }

    /** Names, hashes and versions need no escapes; what would need one is a fault of the caller. */
    private static String plain(String text) {
        if (text.chars().anyMatch(c -> c == '"' || c == '\\' || Character.isISOControl(c))) {
            throw new IllegalArgumentException("no quotes, backslashes or control characters in a receipt: " + text);
        }
        return text;
    }

    static Receipt read(String json) throws FaultyException {
        ReceiptText text = new ReceiptText();
        text.members(json.strip());
        text.requireAll();
        return text.receipt();
    }

    private void members(String json) throws FaultyException {
        if (!json.startsWith("{") || !json.endsWith("}") || json.length() < 2) {
            throw new FaultyException("it is not one JSON object");
        }
        Matcher member = MEMBER.matcher(json);
        int at = 1;
        int end = json.length() - 1;
        while (true) {
            if (!member.region(at, end).lookingAt()) {
                throw new FaultyException(
                        "line %d is not a name with a string or a whole number".formatted(line(json, at)));
            }
            add(member);
            at = member.end();
            if (at == end) {
                return;
            }
            if (json.charAt(at) != ',') {
                throw new FaultyException("line %d lacks a comma".formatted(line(json, at)));
            }
            at++;
        }
    }

    private static long line(String json, int at) {
        int next = at;
        while (next < json.length() - 1 && Character.isWhitespace(json.charAt(next))) {
            next++;
        }
        return 1 + json.substring(0, next).chars().filter(c -> c == '\n').count();
    }

    private void add(Matcher member) throws FaultyException {
        String name = member.group(1);
        boolean isNew = member.group(2) != null
                ? strings.putIfAbsent(name, member.group(2)) == null
                : numbers.putIfAbsent(name, Long.valueOf(member.group(3))) == null;
        if (!isNew) {
            throw new FaultyException("`%s` stands there twice".formatted(name));
        }
    }

    private void requireAll() throws FaultyException {
        requireExactly(STRINGS, strings.keySet(), "a string");
        requireExactly(NUMBERS, numbers.keySet(), "a whole number");
    }

    private static void requireExactly(Set<String> wanted, Set<String> found, String kind) throws FaultyException {
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(found);
        if (!missing.isEmpty()) {
            throw new FaultyException(
                    "`%s` is missing, %s".formatted(missing.iterator().next(), kind));
        }
        Set<String> unknown = new TreeSet<>(found);
        unknown.removeAll(wanted);
        if (!unknown.isEmpty()) {
            throw new FaultyException(
                    "`%s` is not known as %s".formatted(unknown.iterator().next(), kind));
        }
    }

    private Receipt receipt() throws FaultyException {
        long rewrites = number("rewrites");
        if (rewrites > Integer.MAX_VALUE) {
            throw new FaultyException("`rewrites` is too large");
        }
        return new Receipt(
                string("name"),
                sha256("forwardChecksum"),
                sha256("downChecksum"),
                sha256("startedFrom"),
                new Receipt.Made(string("tool"), string("server"), instant(), verdict()),
                new Receipt.Figures(
                        Duration.ofMillis(number("forwardMillis")),
                        Duration.ofMillis(number("backMillis")),
                        number("rows"),
                        (int) rewrites,
                        number("walBytes")));
    }

    private Instant instant() throws FaultyException {
        try {
            return Instant.parse(string("rehearsedAt"));
        } catch (DateTimeException e) {
            FaultyException faulty = new FaultyException("`rehearsedAt` is no instant such as 2026-11-23T09:00:00Z");
            faulty.initCause(e);
            throw faulty;
        }
    }

    private Receipt.Verdict verdict() throws FaultyException {
        String word = string("verdict");
        for (Receipt.Verdict verdict : Receipt.Verdict.values()) {
            if (verdict.word().equals(word)) {
                return verdict;
            }
        }
        throw new FaultyException("`verdict` is neither passed nor unproven");
    }

    private String sha256(String name) throws FaultyException {
        String value = string(name);
        if (!SHA_256.matcher(value).matches()) {
            throw new FaultyException("`%s` is no SHA-256 of 64 hexadecimal digits".formatted(name));
        }
        return value;
    }

    private String string(String name) throws FaultyException {
        String value = strings.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new FaultyException("`%s` is empty".formatted(name));
        }
        return value;
    }

    private long number(String name) {
        return numbers.getOrDefault(name, 0L);
    }
}
