package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** What the container refuses before any of our code sees it; asked for by name, there is nothing here. */
@Controller
final class ErrorPages implements ErrorController {
    private final Problems problems;

    ErrorPages(Problems problems) {
        this.problems = problems;
    }

    @RequestMapping("/error")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Object failure = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        problems.write(refusal(status, failure instanceof Throwable thrown ? thrown : null), request, response);
    }

    private static RefusedException refusal(@Nullable Object status, @Nullable Throwable failure) {
        if (!(status instanceof Integer code)) {
            return new RefusedException(ErrorCode.NOT_FOUND, "there is no /error");
        }
        return switch (code) {
            case 404 -> new RefusedException(ErrorCode.NOT_FOUND, "there is nothing here");
            case 405, 501 -> new RefusedException(ErrorCode.NOT_ALLOWED_HERE, "this method does not exist here");
            case 413 -> new RefusedException(ErrorCode.TOO_LARGE, "the request is too large");
            case 415 -> new RefusedException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "send Content-Type: application/json");
            default ->
                code < 500
                        ? new RefusedException(ErrorCode.MALFORMED, "the request cannot be read")
                        : failure == null
                                ? new RefusedException(ErrorCode.INTERNAL, "the log of the server says more")
                                : new RefusedException(ErrorCode.INTERNAL, "the log of the server says more", failure);
        };
    }
}
