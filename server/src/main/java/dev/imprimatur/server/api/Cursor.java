package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.KeyRing;
import dev.imprimatur.publishing.content.Position;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where a page of one list ends, as a text that is opaque to the client, and signed: nobody makes up one of their own. */
final class Cursor {
    private static final int LONGEST = 300;
    private static final int MOST = 200;
    private static final int USUAL = 50;

    private final String list;
    private final Supplier<KeyRing> keys;

    Cursor(String list, Supplier<KeyRing> keys) {
        this.list = list;
        this.keys = keys;
    }

    /** A page as it goes on the wire; {@code next} asks for the one after it. */
    record Page<T>(List<T> items, @Nullable String next) {}

    @Nullable
    Position parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        int dot = text.indexOf('.');
        if (dot < 0 || text.length() > LONGEST) {
            throw unreadable(null);
        }
        String where = text.substring(0, dot);
        if (!keys.get().verifies(KeyRing.Purpose.CURSOR, text.substring(dot + 1), list, where)) {
            throw unreadable(null);
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(where), StandardCharsets.US_ASCII).split(" ", 2);
            return new Position(Instant.parse(parts[0]), UUID.fromString(parts[1]));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw unreadable(e);
        }
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
    <R, T> Page<T> page(List<R> rows, int limit, Function<R, Position> where, Function<R, T> wire) {
        boolean more = rows.size() > limit;
        List<R> shown = more ? rows.subList(0, limit) : rows;
        return new Page<>(shown.stream().map(wire).toList(), more ? text(where.apply(shown.getLast())) : null);
    }

    private String text(Position position) {
        String where = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((position.createdAt() + " " + position.id()).getBytes(StandardCharsets.US_ASCII));
        return where + "." + keys.get().sign(KeyRing.Purpose.CURSOR, list, where);
    }

    private static RefusedException unreadable(@Nullable Exception cause) {
        String detail = "take the cursor from the field next of the page before, within a day";
        return cause == null
                ? new RefusedException(ErrorCode.MALFORMED, detail)
                : new RefusedException(ErrorCode.MALFORMED, detail, cause);
    }
}
