package dev.imprimatur.publishing.content;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client sends so that asking twice has one effect; bare, or quoted as a structured field's string. */
public record IdempotencyKey(String value) {
    private static final Pattern BARE = Pattern.compile("[\\x21\\x23-\\x7e]{1,255}");

    public IdempotencyKey {
        if (!BARE.matcher(value).matches()) {
            throw new RefusedException(
                    ErrorCode.MALFORMED,
                    "Idempotency-Key is 1 to 255 printable ASCII characters without spaces, such as a UUID");
        }
    }

    /** Reads the header's value; none was sent where it is null. */
    public static @Nullable IdempotencyKey ofHeader(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String value = header.strip();
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return new IdempotencyKey(quoted ? value.substring(1, value.length() - 1) : value);
    }
}
