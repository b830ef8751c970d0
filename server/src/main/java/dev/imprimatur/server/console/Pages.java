package dev.imprimatur.server.console;

import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.server.api.ForgeryGuard;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.context.SecurityContextHolder;

/** Makes pages of templates, for whoever looks at them. */
final class Pages {
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);
    /** Who looks, or null before a login. A token is no viewer: it gets JSON. */
    static @Nullable Principal viewer() {
        var known = SecurityContextHolder.getContext().getAuthentication();
        return known != null && known.getPrincipal() instanceof Principal principal && principal.session() != null
                ? principal
                : null;
    }

    /** The frame of a page, with the token that its forms carry. */
    Frame frame(String title, HttpServletRequest request, HttpServletResponse response) {
        Principal viewer = viewer();
        return new Frame(
                title,
                viewer == null ? null : viewer.person().name(),
                ForgeryGuard.token(request, response),
                null,
                null,
                null);
    }

    ResponseEntity<String> show(String template, Frame frame, Map<String, ? extends @Nullable Object> parameters) {
        return show(HttpStatus.OK, template, frame, parameters);
    }

    ResponseEntity<String> show(
            HttpStatus status, String template, Frame frame, Map<String, ? extends @Nullable Object> parameters) {
        Map<String, @Nullable Object> all = new java.util.HashMap<>(parameters);
        all.put("frame", frame);
        StringOutput html = new StringOutput();
        templates.render(template + ".jte", all, html);
        return ResponseEntity.status(status)
                .header(HttpHeaders.CONTENT_TYPE, "text/html;charset=utf-8")
                .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Referrer-Policy", "no-referrer")
                .body(html.toString());
    }

    /** After a form: read the page anew, so that a reload sends nothing twice. */
    static ResponseEntity<String> goTo(String path) {
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(path))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    static ResponseEntity<String> goToLogin(HttpServletRequest request) {
        return goTo("/login?next=" + URLEncoder.encode(request.getRequestURI(), StandardCharsets.UTF_8));
    }

    /** A path of this server, whatever was asked for: never another site. */
    static String own(@Nullable String next) {
        return next != null && next.matches("/(?:[a-zA-Z0-9_-]+(?:/[a-zA-Z0-9_-]+)*)?") ? next : "/inbox";
    }
}
