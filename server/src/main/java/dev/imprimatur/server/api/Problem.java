package dev.imprimatur.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.FieldError;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.RateLimit;
import java.util.List;

/** An error on the wire: RFC 9457, with our code and the faults of each field. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        List<FieldError> errors,
        @JsonProperty("violated-policies") List<String> violatedPolicies) {
    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(RefusedException refused, String instance) {
        return new Problem(
                "/problems/" + refused.code().slug(),
                refused.code().title(),
                refused.code().status(),
                refused.detail(),
                instance,
                refused.code().code(),
                refused.errors(),
                List.of());
    }

    /** Its type is the one that draft-ietf-httpapi-ratelimit-headers-11 registers. */
    static Problem tooMany(RateLimit limit, long seconds, String instance) {
        return new Problem(
                "https://iana.org/assignments/http-problem-types#quota-exceeded",
                ErrorCode.RATE_LIMITED.title(),
                ErrorCode.RATE_LIMITED.status(),
                "more than %d requests in %d s; ask again in %d s"
                        .formatted(limit.calls(), limit.window().toSeconds(), seconds),
                instance,
                ErrorCode.RATE_LIMITED.code(),
                List.of(),
                List.of(limit.policy()));
    }
}
