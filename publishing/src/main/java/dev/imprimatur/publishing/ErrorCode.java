package dev.imprimatur.publishing;

import java.util.Locale;
import java.util.Optional;

/**
 * Everything that can be refused or go wrong, once: problem+json, exit codes, metrics and the documentation all read
 * this list. A number is never given away again. The database's own refusals carry it as their SQLSTATE ({@code IM203}).
 */
public enum ErrorCode {
    MALFORMED(100, 400, "The request cannot be read"),
    INVALID_FIELD(101, 422, "A field is not acceptable"),
    UNKNOWN_OUTLET(102, 422, "There is no such outlet"),
    TOO_LARGE(103, 413, "The request is too large"),
    NOT_TEXT(104, 422, "The text holds bytes that are no text"),
    DUE_IN_THE_PAST(105, 422, "The time lies in the past"),
    TIME_AMBIGUOUS(106, 422, "The local time happens twice"),
    TIME_DOES_NOT_EXIST(107, 422, "The local time does not exist"),
    TIME_MALFORMED(108, 422, "The time cannot be read"),
    TIME_ZONE_MISSING(109, 422, "The time has no zone"),
    IDEMPOTENCY_KEY_REUSED(110, 422, "The idempotency key was used for another request"),
    IDEMPOTENCY_KEY_BUSY(111, 409, "The first request with this idempotency key is still running"),
    NOT_ALLOWED_HERE(112, 405, "The method does not exist here"),
    UNSUPPORTED_MEDIA_TYPE(113, 415, "The body must be JSON"),
    NOT_ACCEPTABLE(114, 406, "Only JSON can be given"),
    TIME_ZONE_UNKNOWN(115, 422, "There is no such time zone"),
    TIME_OFFSET_WRONG(116, 422, "The time zone has another offset then"),
    IDEMPOTENCY_KEY_MISSING(117, 400, "An idempotency key is needed"),
    REVISION_NOT_NAMED(118, 428, "Say which revision you read"),
    TOO_SLOW(119, 408, "The request takes too long to arrive"),

    UNAUTHENTICATED(200, 401, "Who are you"),
    FORBIDDEN(201, 403, "Your role does not allow this"),
    AGENTS_MAY_NOT(202, 403, "An agent's token may not do this"),
    FOUR_EYES(203, 403, "Four eyes: somebody else must approve this"),
    WRONG_CREDENTIALS(210, 401, "The name or the password is wrong"),
    TOO_MANY_LOGINS(211, 429, "Too many wrong passwords"),
    LOGIN_NOT_FRESH(212, 403, "Log in again for this"),
    CSRF_TOKEN(220, 403, "The page's token is missing or no longer holds"),
    CROSS_SITE(221, 403, "The request does not come from a page of ours"),
    RATE_LIMITED(230, 429, "Too many requests"),

    NOT_FOUND(300, 404, "There is nothing here"),
    WRONG_STATE(301, 409, "Not possible in its present state"),
    STALE_REVISION(302, 412, "It was edited since you read it"),
    RENDITIONS_DIFFER(303, 409, "These are not the bytes that would be sent"),
    NOT_APPROVED(304, 409, "The exact bytes are not approved"),
    OUTSIDE_WINDOW(305, 409, "The time lies outside what was approved"),
    ALREADY_PUBLISHED(306, 409, "It is on its way already, or out"),
    APPEND_ONLY(307, 409, "What was recorded is never changed"),
    ALREADY_DECIDED(308, 409, "You have decided on this already"),
    NAME_TAKEN(309, 409, "The name is taken"),
    NOTHING_TO_RENDER(310, 409, "No outlet is named"),
    UNKNOWN_REFERENCE(311, 422, "It names something that does not exist"),
    LEASE_LOST(312, 409, "Another dispatcher has taken over"),
    SWITCHED_OFF(313, 409, "The outlet is switched off"),

    INTERNAL(500, 500, "Something broke on our side"),
    DATABASE_UNAVAILABLE(501, 503, "The database does not answer"),
    DATABASE_FULL(502, 507, "The database's disk is full"),
    SCHEMA_BEHIND(503, 503, "The database is older than the program"),
    SCHEMA_NEWER(504, 503, "The database is newer than the program"),
    CANNOT_START(505, 500, "The server cannot start"),
    BAD_SETTING(506, 500, "A setting is wrong"),
    BUSY(507, 503, "The database is too busy");

    private final int number;
    private final int status;
    private final String title;

    ErrorCode(int number, int status, String title) {
        this.number = number;
        this.status = status;
        this.title = title;
    }

    /** {@code IM} and three digits: the same as the SQLSTATE with which our own triggers refuse. */
    public String code() {
        return "IM" + number;
    }

    /** The HTTP status of RFC 9110 that fits best. */
    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The name as it stands in a problem's {@code type}: {@code four-eyes}. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What a command of ours exits with: 2 for bad input, 3 for something broken or out of reach, else 1. */
    public int exitCode() {
        return number < 200 ? 2 : number < 500 ? 1 : 3;
    }

    /** The code with which the database refused, if the refusal was one of ours. */
    public static Optional<ErrorCode> ofSqlState(String sqlState) {
        for (ErrorCode code : values()) {
            if (code.code().equals(sqlState)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
