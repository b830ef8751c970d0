package dev.imprimatur.server.console;

import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.approvals.Approval;
import dev.imprimatur.publishing.content.ContentState;
import dev.imprimatur.publishing.content.DueTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How things are said on the pages. */
public final class Words {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern(
                    "d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm", Locale.ENGLISH);

    private Words() {}

    public static String count(int number, String one, String many) {
        return number == 1 ? "1 " + one : number + " " + many;
    }

    public static String time(@Nullable Instant instant) {
        return instant == null ? "never" : MINUTE.format(instant);
    }

    public static String due(@Nullable DueTime due) {
        return due == null
                ? "no time planned"
                : "planned for %s %s"
                        .formatted(LOCAL.format(due.local()), due.zone().getId());
    }

    public static String state(ContentState state) {
        return state.label().replace('_', ' ');
    }

    public static String decision(Approval decision) {
        String said = switch (decision.decision()) {
            case APPROVED -> "approved it";
            case CHANGES_REQUESTED -> "asked for changes";
        };
        return decision.withdrawnAt() == null ? said : said + " and took it back";
    }

    public static String or(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }

    public static String reach(OutletScope scope) {
        return scope.only() == null
                ? "every outlet"
                : String.join(", ", scope.only().stream().sorted().toList());
    }

    public static String ends(ApiTokens.Token token) {
        if (token.revokedAt() != null) {
            return "revoked " + time(token.revokedAt());
        }
        return token.expiresAt() == null ? "never ends" : "ends " + time(token.expiresAt());
    }

    /** What a browser calls itself says too much and nothing; this is what people know it by. */
    public static String browser(@Nullable String userAgent) {
        String said = userAgent == null ? "" : userAgent;
        String browser = said.contains("Firefox/")
                ? "Firefox"
                : said.contains("Edg/")
                        ? "Edge"
                        : said.contains("Chrome/") ? "Chrome" : said.contains("Safari/") ? "Safari" : "";
        String system = said.contains("Android")
                ? "Android"
                : said.contains("iPhone") || said.contains("iPad")
                        ? "iOS"
                        : said.contains("Windows")
                                ? "Windows"
                                : said.contains("Mac OS X") ? "macOS" : said.contains("Linux") ? "Linux" : "";
        if (browser.isEmpty()) {
            return said.isBlank() ? "A program" : said;
        }
        return system.isEmpty() ? browser : browser + " on " + system;
    }

    /**
     * A payload for eyes: byte for byte, but for what would hide or turn round what stands behind it, which is written
     * as its code point.
     */
    public static String readable(String payload) {
        StringBuilder safe = new StringBuilder();
        payload.codePoints().forEach(c -> {
            boolean hidden =
                    (Character.isISOControl(c) && c != '\n' && c != '\t') || Character.getType(c) == Character.FORMAT;
            if (hidden) {
                safe.append("‹U+%04X›".formatted(c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }
}
