package dev.imprimatur.server.api;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/**
 * The cookies of a browser. {@code __Host-} binds each to this host alone, and needs https or localhost. Lax and not
 * Strict: a single sign-on comes back by a link from elsewhere, and must find its session.
 */
enum Cookies {
    /** Gone when the browser is closed, and long before on our side. */
    SESSION("__Host-session", null),
    /** A browser that somebody has logged in with before; it opens nothing. */
    DEVICE("__Host-device", Duration.ofDays(180)),
    /** By which a browser is known while it has no session; it opens nothing. */
    VISITOR("__Host-visitor", null),
    /** What a page sends along with each change. Scripts of ours read it; by itself it proves nothing. */
    CSRF("__Host-csrf", null);

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // a duration never changes
    private final @Nullable Duration lasts;

    Cookies(String label, @Nullable Duration lasts) {
        this.label = label;
        this.lasts = lasts;
    }

    String label() {
        return label;
    }

    @Nullable
    String of(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(label)) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }

    void set(HttpServletResponse response, String value) {
        write(response, value, lasts);
    }

    void clear(HttpServletResponse response) {
        write(response, "", Duration.ZERO);
    }

    private void write(HttpServletResponse response, String value, @Nullable Duration maxAge) {
        ResponseCookie.ResponseCookieBuilder cookie = ResponseCookie.from(label, value)
                .httpOnly(this != CSRF)
                .secure(true)
                .sameSite("Lax")
                .path("/");
        if (maxAge != null) {
            cookie.maxAge(maxAge);
        }
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.build().toString());
    }
}
