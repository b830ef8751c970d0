package dev.imprimatur.server.console;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.Failures;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** A refusal, told on a page. */
@ControllerAdvice(assignableTypes = {LoginPages.class, AccountPages.class, ReviewPages.class, PeoplePages.class})
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ConsoleProblems {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleProblems.class);

    private final Pages pages;

    ConsoleProblems(Pages pages) {
        this.pages = pages;
    }

    @ExceptionHandler
    ResponseEntity<String> any(RuntimeException failure, HttpServletRequest request, HttpServletResponse response) {
        RefusedException refused = failure instanceof MethodArgumentTypeMismatchException
                ? new RefusedException(ErrorCode.NOT_FOUND, "there is no page of this address")
                : Failures.of(failure);
        if (refused.code() == ErrorCode.INTERNAL) {
            LOG.error("{} {} broke", request.getMethod(), request.getRequestURI(), failure);
        }
        return tell(refused, request, response);
    }

    @ExceptionHandler
    ResponseEntity<String> missing(
            MissingServletRequestParameterException missing, HttpServletRequest request, HttpServletResponse response) {
        return tell(
                new RefusedException(ErrorCode.MALFORMED, "the form lacks " + missing.getParameterName(), missing),
                request,
                response);
    }

    private ResponseEntity<String> tell(
            RefusedException refused, HttpServletRequest request, HttpServletResponse response) {
        return pages.show(
                HttpStatus.valueOf(refused.code().status()),
                "problem",
                pages.frame(refused.code().title(), request, response),
                Map.of("title", refused.code().title(), "detail", refused.detail()));
    }
}
