package dev.imprimatur.publishing.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.Faults;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Gathers every fault of one manuscript, so that a writer reads them all at once. */
final class ManuscriptRules {
    static final int LONGEST_TITLE = 300;
    static final int LARGEST_BODY = 1 << 20;
    static final int LONGEST_LINK = 2_048;
    private static final int LONGEST_NAME = 100;

    private final Faults faults = new Faults();

    private ManuscriptRules() {}

    static String withUnixNewlines(String text) {
        return text.replace("\r\n", "\n");
    }

    static void refuseFaults(
            String title, String body, @Nullable String link, String lang, SortedMap<String, Variant> variants) {
        ManuscriptRules rules = new ManuscriptRules();
        rules.judgeTitle("/title", title);
        rules.judgeBody("/body", body);
        rules.judgeLink("/link", link);
        rules.judgeLang(lang);
        variants.forEach(rules::judgeVariant);
        rules.faults.refuse();
    }

    private void judgeVariant(String outlet, Variant variant) {
        String pointer = "/variants/" + outlet.replace("~", "~0").replace("/", "~1");
        judgeLine(pointer, "an outlet's name", outlet, LONGEST_NAME);
        if (variant.title() != null) {
            judgeTitle(pointer + "/title", variant.title());
        }
        if (variant.body() != null) {
            judgeBody(pointer + "/body", variant.body());
        }
        judgeLink(pointer + "/link", variant.link());
    }

    private void judgeTitle(String pointer, String title) {
        judgeLine(pointer, "the title", title, LONGEST_TITLE);
    }

    private void judgeLine(String pointer, String what, String line, int longest) {
        int length = line.codePointCount(0, line.length());
        OptionalInt broken = line.codePoints()
                .filter(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029)
                .findFirst();
        if (line.isBlank()) {
            fault(ErrorCode.INVALID_FIELD, pointer, what + " is empty");
        } else if (length > longest) {
            fault(
                    ErrorCode.INVALID_FIELD,
                    pointer,
                    "%s has %,d characters, at most %,d are possible".formatted(what, length, longest));
        } else if (broken.isPresent()) {
            int c = broken.getAsInt();
            boolean newline = c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
            fault(
                    newline ? ErrorCode.INVALID_FIELD : ErrorCode.NOT_TEXT,
                    pointer,
                    newline
                            ? what + " must be one line"
                            : "%s holds the control character U+%04X".formatted(what, broken.getAsInt()));
        } else {
            judgeSurrogates(pointer, what, line);
        }
    }

    private void judgeBody(String pointer, String body) {
        int size = body.length() > LARGEST_BODY ? body.length() : body.getBytes(UTF_8).length;
        OptionalInt control =
                body.chars().filter(c -> c < ' ' && c != '\n' && c != '\t').findFirst();
        if (size > LARGEST_BODY) {
            fault(ErrorCode.TOO_LARGE, pointer, "the body is larger than 1 MiB (1,048,576 bytes of UTF-8)");
        } else if (body.isBlank()) {
            fault(ErrorCode.INVALID_FIELD, pointer, "the body is empty");
        } else if (control.isPresent()) {
            fault(
                    ErrorCode.NOT_TEXT,
                    pointer,
                    "the body holds the control character U+%04X in line %d"
                            .formatted(control.getAsInt(), lineOf(body, body.indexOf(control.getAsInt()))));
        } else {
            judgeSurrogates(pointer, "the body", body);
        }
    }

    private void judgeSurrogates(String pointer, String what, String text) {
        boolean broken = text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        if (broken) {
            fault(ErrorCode.NOT_TEXT, pointer, what + " holds half a character (an unpaired surrogate)");
        }
    }

    private void judgeLink(String pointer, @Nullable String link) {
        if (link != null) {
            String fault = faultOfLink(link);
            if (fault != null) {
                fault(ErrorCode.INVALID_FIELD, pointer, fault);
            }
        }
    }

    private static @Nullable String faultOfLink(String link) {
        if (link.length() > LONGEST_LINK) {
            return "the link has %,d characters, at most %,d are possible".formatted(link.length(), LONGEST_LINK);
        }
        if (!link.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return "the link holds a blank or a character outside ASCII; write it percent-encoded, the host as punycode";
        }
        URI uri;
        try {
            uri = new URI(link);
        } catch (URISyntaxException e) {
            return "the link is not a URI: " + e.getReason() + " at character " + (e.getIndex() + 1);
        }
        boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!web || uri.getHost() == null || uri.getPort() > 65_535) {
            return "the link must be absolute, like https://example.org/page";
        }
        // https://your.bank@evil.example/ would deceive the eye of whoever approves it.
        return uri.getRawUserInfo() == null ? null : "the link must not hold a user name or password";
    }

    private void judgeLang(String lang) {
        boolean wellFormed = !lang.isEmpty() && lang.length() <= LONGEST_NAME;
        try {
            new Locale.Builder().setLanguageTag(lang);
        } catch (IllformedLocaleException e) {
            wellFormed = false;
        }
        if (!wellFormed) {
            fault(ErrorCode.INVALID_FIELD, "/lang", "the language must be a BCP 47 tag, like en or de-AT");
        }
    }

    private static long lineOf(String text, int offset) {
        return 1 + text.chars().limit(offset).filter(c -> c == '\n').count();
    }

    private void fault(ErrorCode code, String pointer, String detail) {
        faults.add(code, pointer, detail);
    }
}
