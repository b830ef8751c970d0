package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.content.Position;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where a page ends, as a text that is opaque to the client. */
final class Cursor {
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int MOST = 200;
    private static final int USUAL = 50;

    private Cursor() {}

    /** A page as it goes on the wire; {@code next} asks for the one after it. */
    record Page<T>(List<T> items, @Nullable String next) {}

    static @Nullable Position parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII).split(" ", 2);
            if (parts.length == 2) {
                Instant createdAt = Instant.parse(parts[0]);
                if (createdAt.isAfter(Instant.EPOCH) && createdAt.isBefore(LATEST)) {
                    return new Position(createdAt, UUID.fromString(parts[1]));
                }
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            throw unreadable(e);
        }
        throw unreadable(null);
    }

    static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return USUAL;
        }
        if (asked < 1 || asked > MOST) {
            throw new RefusedException(ErrorCode.MALFORMED, "limit goes from 1 to " + MOST);
        }
        return asked;
    }

    /** Makes a page of rows that were read with one more than the limit, to see whether another page follows. */
    static <R, T> Page<T> page(List<R> rows, int limit, Function<R, Position> where, Function<R, T> wire) {
        boolean more = rows.size() > limit;
        List<R> shown = more ? rows.subList(0, limit) : rows;
        return new Page<>(shown.stream().map(wire).toList(), more ? text(where.apply(shown.getLast())) : null);
    }

    private static String text(Position position) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((position.createdAt() + " " + position.id()).getBytes(StandardCharsets.US_ASCII));
    }

    private static RefusedException unreadable(@Nullable Exception cause) {
        String detail = "take the cursor from the field next of the page before";
        return cause == null
                ? new RefusedException(ErrorCode.MALFORMED, detail)
                : new RefusedException(ErrorCode.MALFORMED, detail, cause);
    }
}
