package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.RateLimit;
import dev.imprimatur.publishing.database.Failures;
import dev.imprimatur.server.telemetry.Telemetry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingPathVariableException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.databind.json.JsonMapper;

/** Turns whatever went wrong into a problem of the closed list: the only place where an error is put on the wire. */
@RestControllerAdvice
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private final JsonMapper json;

    Problems(JsonMapper json) {
        this.json = json;
    }

    @ExceptionHandler
    void any(Exception failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (failure instanceof HttpRequestMethodNotSupportedException wrong && wrong.getSupportedMethods() != null) {
            response.setHeader(HttpHeaders.ALLOW, String.join(", ", allowed(wrong.getSupportedMethods())));
        }
        write(refusal(failure), request, response);
    }

    void write(RefusedException refused, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (refused.code() == ErrorCode.INTERNAL) {
            LOG.error("{} {} broke", request.getMethod(), request.getRequestURI(), refused);
        }
        if (response.isCommitted()) {
            // A client that goes away is no news; thousands of them would be a flood.
            LOG.atLevel(refused.code().status() < 500 ? Level.DEBUG : Level.WARN)
                    .setCause(refused)
                    .log("{} {} broke off after its answer had begun", request.getMethod(), request.getRequestURI());
            return;
        }
        if (refused.code() == ErrorCode.UNSUPPORTED_MEDIA_TYPE) {
            response.setHeader(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
        }
        if (refused.code().status() == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"imprimatur\"");
        }
        if (refused.code().status() == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
        }
        send(Problem.of(refused, request.getRequestURI()), request, response);
    }

    void tooMany(RateLimit limit, long seconds, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        send(Problem.tooMany(limit, seconds, request.getRequestURI()), request, response);
    }

    private void send(Problem problem, HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.setAttribute(Telemetry.PROBLEM, problem.code());
        byte[] body = json.writeValueAsBytes(problem);
        response.resetBuffer();
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        // Also where the request was refused before the filter that writes headers.
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.getOutputStream().write(body);
    }

    private static Set<String> allowed(String[] supported) {
        Set<String> all = new TreeSet<>(List.of(supported));
        if (all.contains("GET")) {
            all.add("HEAD");
        }
        all.add("OPTIONS");
        return all;
    }

    private static RefusedException refusal(Exception failure) {
        return switch (failure) {
            case RefusedException refused -> refused;
            case HttpRequestMethodNotSupportedException wrong ->
                new RefusedException(
                        ErrorCode.NOT_ALLOWED_HERE,
                        "%s does not exist here; there is %s"
                                .formatted(
                                        wrong.getMethod(),
                                        wrong.getSupportedMethods() == null
                                                ? "none"
                                                : String.join(", ", allowed(wrong.getSupportedMethods()))));
            case HttpMediaTypeNotSupportedException wrong ->
                new RefusedException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "send Content-Type: application/json instead of " + wrong.getContentType());
            case HttpMediaTypeNotAcceptableException wrong ->
                new RefusedException(ErrorCode.NOT_ACCEPTABLE, "send Accept: application/json, or none at all");
            case MethodArgumentTypeMismatchException wrong ->
                new RefusedException(
                        ErrorCode.MALFORMED,
                        "%s cannot be '%s'".formatted(wrong.getName(), shortened(wrong.getValue())));
            case MissingPathVariableException blank ->
                new RefusedException(ErrorCode.MALFORMED, "%s is blank".formatted(blank.getVariableName()), blank);
            case MissingServletRequestParameterException missing ->
                new RefusedException(ErrorCode.MALFORMED, "give ?" + missing.getParameterName() + "=");
            case MultipartException wrong ->
                new RefusedException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "send Content-Type: application/json", wrong);
            case InvalidParameterException wrong ->
                new RefusedException(
                        ErrorCode.MALFORMED, "the query or form cannot be read: " + wrong.getMessage(), wrong);
            case NoResourceFoundException nothing ->
                new RefusedException(ErrorCode.NOT_FOUND, "there is no /" + nothing.getResourcePath());
            default -> Failures.of(failure);
        };
    }

    private static String shortened(@Nullable Object value) {
        String text = String.valueOf(value);
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
