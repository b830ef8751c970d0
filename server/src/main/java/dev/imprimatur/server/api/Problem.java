package dev.imprimatur.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.imprimatur.publishing.FieldError;
import dev.imprimatur.publishing.RefusedException;
import java.util.List;

/** An error on the wire: RFC 9457, with our code and the faults of each field. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Problem(
        String type, String title, int status, String detail, String instance, String code, List<FieldError> errors) {
    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(RefusedException refused, String instance) {
        return new Problem(
                "/problems/" + refused.code().slug(),
                refused.code().title(),
                refused.code().status(),
                refused.detail(),
                instance,
                refused.code().code(),
                refused.errors());
    }
}
