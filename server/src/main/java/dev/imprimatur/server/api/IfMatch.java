package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import org.jspecify.annotations.Nullable;

/** RFC 9110 §13.1.1: strong comparison, and * for whatever stands there. */
final class IfMatch {
    private static final int NO_REVISION = 0;

    private IfMatch() {}

    /** The revision that the header names; null for * and where there is none; one that never is, for what is no tag of ours. */
    static @Nullable Integer revision(@Nullable String header) {
        if (header == null || header.strip().equals("*")) {
            return null;
        }
        String tag = header.strip();
        return tag.matches("\"[1-9][0-9]{0,8}\"") ? Integer.valueOf(tag.substring(1, tag.length() - 1)) : NO_REVISION;
    }

    /** @throws RefusedException REVISION_NOT_NAMED without a header, STALE_REVISION where it names another revision */
    static void require(@Nullable String header, int current) {
        if (header == null) {
            throw new RefusedException(
                    ErrorCode.REVISION_NOT_NAMED,
                    "send If-Match with the ETag that you read, such as \"%d\", quotes included; or * to replace whatever stands there"
                            .formatted(current));
        }
        Integer named = revision(header);
        if (named != null && named != current) {
            throw new RefusedException(
                    ErrorCode.STALE_REVISION,
                    "revision %d is current; read it, and send yours again".formatted(current));
        }
    }
}
