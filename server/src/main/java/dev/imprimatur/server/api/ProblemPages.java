package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What a problem's type leads to: a page for people, for each code of the closed list. */
@RestController
final class ProblemPages {
    private static final String HTML = "text/html;charset=utf-8";
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @GetMapping("/problems")
    ResponseEntity<String> all() {
        return page(
                "Problems",
                Arrays.stream(ErrorCode.values())
                        .map(code -> "<li><a href=\"/problems/%s\">%s %s</a></li>"
                                .formatted(code.slug(), code.code(), code.title()))
                        .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>")));
    }

    @GetMapping("/problems/{slug}")
    ResponseEntity<String> one(@PathVariable String slug) {
        ErrorCode code = Arrays.stream(ErrorCode.values())
                .filter(known -> known.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND, "there is no problem of this name"));
        return page(code.title(), """
                <p>%s</p>
                <dl>
                <dt>Code</dt><dd>%s</dd>
                <dt>Type</dt><dd>/problems/%s</dd>
                <dt>HTTP status</dt><dd>%d</dd>
                <dt>A command exits with</dt><dd>%d</dd>
                </dl>
                <p>What exactly was wrong stands in the answer itself: in <code>detail</code>, and where fields are at
                fault, in <code>errors</code> with a JSON pointer to each.</p>
                <p><a href="/problems">All problems</a></p>""".formatted(words(code), code.code(), code.slug(), code.status(), code.exitCode()));
    }

    private static String words(ErrorCode code) {
        return switch (code.code().charAt(2)) {
            case '1' -> "The request itself is at fault. Sent again as it is, it will be refused again.";
            case '2' -> "It depends on who asks: another person or another token may be allowed to.";
            case '3' -> "The request is sound, but does not fit the state of things. Read again what stands there now.";
            default -> "The fault is on the server's side. What was asked may be sent again, a moment later.";
        };
    }

    private static ResponseEntity<String> page(String title, String body) {
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_TYPE, HTML)
                .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .body("""
                        <!doctype html>
                        <html lang="en">
                        <head><meta charset="utf-8"><title>%1$s · Imprimatur</title></head>
                        <body>
                        <h1>%1$s</h1>
                        %2$s
                        </body>
                        </html>
                        """.formatted(title, body));
    }
}
