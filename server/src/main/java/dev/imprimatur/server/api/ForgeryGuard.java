package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.CsrfTokens;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses what another site may have made a browser send with its cookies. What could change something must come from a
 * page of ours, and carry a token that is signed over the browser's session; the cookie beside it proves nothing and only
 * brings the token to scripts. A request with an {@code Authorization} header is nobody's browser, and its cookies are
 * ignored.
 */
public final class ForgeryGuard extends OncePerRequestFilter {
    static final String HEADER = "X-CSRF-Token";
    static final String FIELD = "_csrf";

    private static final String ATTRIBUTE = ForgeryGuard.class.getName();
    private static final Set<String> CHANGES_NOTHING = Set.of("GET", "HEAD", "OPTIONS");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final CsrfTokens tokens;
    private final URI publicUrl;
    private final Problems problems;

    ForgeryGuard(CsrfTokens tokens, URI publicUrl, Problems problems) {
        this.tokens = tokens;
        this.publicUrl = publicUrl;
        this.problems = problems;
    }

    /** The token for a page that is about to be sent, to a browser that is logged in or is about to. */
    public static String token(HttpServletRequest request, HttpServletResponse response) {
        return guard(request).tokenFor(request, response);
    }

    /** Brings the token of a session that has just been opened; those issued before are void. */
    static void renew(String session, HttpServletRequest request, HttpServletResponse response) {
        Cookies.VISITOR.clear(response);
        Cookies.CSRF.set(response, guard(request).tokens.issue(session));
    }

    private static ForgeryGuard guard(HttpServletRequest request) {
        return (ForgeryGuard) Objects.requireNonNull(request.getAttribute(ATTRIBUTE));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        request.setAttribute(ATTRIBUTE, this);
        RefusedException refused = refusal(request);
        if (refused != null) {
            problems.write(refused, request, response);
            return;
        }
        chain.doFilter(request, response);
    }

    private @Nullable RefusedException refusal(HttpServletRequest request) {
        if (CHANGES_NOTHING.contains(request.getMethod()) || request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
            return null;
        }
        Provenance provenance = Provenance.of(request, publicUrl);
        if (provenance == Provenance.ELSEWHERE) {
            return new RefusedException(
                    ErrorCode.CROSS_SITE, "only pages of %s may change something here".formatted(publicUrl));
        }
        if (request.getRequestURI().startsWith("/api/") && BrowserSessions.of(request) == null) {
            return null; // Nobody's cookie counts here: it is a login, or will be told to log in.
        }
        if (provenance == Provenance.UNTOLD) {
            return new RefusedException(
                    ErrorCode.CROSS_SITE,
                    "a request with cookies must say where it comes from, in Sec-Fetch-Site or Origin; without a"
                            + " browser, send Authorization: Bearer and a token instead");
        }
        String browser = browser(request);
        return browser != null && tokens.accepts(sent(request), browser)
                ? null
                : new RefusedException(
                        ErrorCode.CSRF_TOKEN,
                        "reload the page and try again; a script sends the cookie %s as the header %s"
                                .formatted(Cookies.CSRF.label(), HEADER));
    }

    /** By what the browser is known: its session, or before a login a random value of its own. */
    private static @Nullable String browser(HttpServletRequest request) {
        String session = Cookies.SESSION.of(request);
        return session == null || session.isEmpty() ? Cookies.VISITOR.of(request) : session;
    }

    private static @Nullable String sent(HttpServletRequest request) {
        String header = request.getHeader(HEADER);
        if (header != null) {
            return header;
        }
        String type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)
                ? request.getParameter(FIELD)
                : null;
    }

    private String tokenFor(HttpServletRequest request, HttpServletResponse response) {
        String browser = browser(request);
        if (browser == null || browser.isEmpty()) {
            byte[] bits = new byte[32];
            RANDOM.nextBytes(bits);
            browser = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
            Cookies.VISITOR.set(response, browser);
        }
        String present = Cookies.CSRF.of(request);
        if (present != null && tokens.accepts(present, browser)) {
            return present;
        }
        String token = tokens.issue(browser);
        Cookies.CSRF.set(response, token);
        return token;
    }
}
