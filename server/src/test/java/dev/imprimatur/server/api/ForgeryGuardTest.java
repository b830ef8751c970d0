package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.CsrfTokens;
import dev.imprimatur.publishing.access.KeyRing;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

/** What reaches a page of ours by another site's doing, and what by our own. */
class ForgeryGuardTest {
    private static final URI OWN = URI.create("https://news.example.org");
    private static final String SESSION = "sSESSIONsSESSIONsSESSIONsSESSIONsSESSIONsSS";

    private final CsrfTokens tokens = new CsrfTokens(keys());
    private final ForgeryGuard guard = new ForgeryGuard(tokens, OWN, new Problems(new JsonMapper()));

    private static java.util.function.Supplier<KeyRing> keys() {
        KeyRing ring = KeyRing.fresh(Clock.systemUTC());
        return () -> ring;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    # Sec-Fetch-Site | Origin                          | Referer                        | passes
                    same-origin      | -                               | -                              | true
                    same-origin      | null                            | -                              | true
                    none             | -                               | -                              | true
                    same-site        | -                               | -                              | false
                    same-site        | https://news.example.org        | -                              | false
                    cross-site       | https://news.example.org        | https://news.example.org/      | false
                    Same-Origin      | -                               | -                              | false
                    same-origin,none | -                               | -                              | false
                    ''               | https://news.example.org        | -                              | false
                    -                | https://news.example.org        | -                              | true
                    -                | https://news.example.org:443    | -                              | true
                    -                | HTTPS://NEWS.example.org        | -                              | true
                    -                | null                            | https://news.example.org/      | false
                    -                | http://news.example.org         | -                              | false
                    -                | https://news.example.org:444    | -                              | false
                    -                | https://news.example.org.evil   | -                              | false
                    -                | https://evil.news.example.org   | -                              | false
                    -                | https://news.example.org@evil   | -                              | false
                    -                | https://evil/news.example.org   | -                              | false
                    -                | https://news.example.org/       | -                              | false
                    -                | https://evil                    | https://news.example.org/      | false
                    -                | -                               | https://news.example.org/a?b   | true
                    -                | -                               | https://evil/https://news.example.org/ | false
                    -                | -                               | https://news.example.org.evil/ | false
                    -                | -                               | not a url                      | false
                    -                | -                               | -                              | false
                    """)
    void onlyAPageOfOursMayChangeSomething(
            @Nullable String site, @Nullable String origin, @Nullable String referer, boolean passes)
            throws ServletException, IOException {
        MockHttpServletRequest request = page("POST");
        request.setCookies(new Cookie("__Host-session", SESSION));
        request.addHeader(ForgeryGuard.HEADER, tokens.issue(SESSION));
        header(request, "Sec-Fetch-Site", site);
        header(request, "Origin", origin);
        header(request, "Referer", referer);
        assertThat(status(request)).isEqualTo(passes ? 200 : 403);
    }

    @Test
    void eachUnsafeMethodTakesTheTokenAndNoSafeOneDoes() throws ServletException, IOException {
        for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE", "TRACE", "post", "PROPFIND"}) {
            MockHttpServletRequest request = ours(method);
            request.setCookies(new Cookie("__Host-session", SESSION));
            assertThat(status(request)).as(method).isEqualTo(403);
        }
        for (String method : new String[] {"GET", "HEAD", "OPTIONS"}) {
            MockHttpServletRequest request = page(method);
            request.addHeader("Sec-Fetch-Site", "cross-site");
            assertThat(status(request)).as(method).isEqualTo(200);
        }
    }

    /** Two equal cookies and headers of a forger's making are what plain double submit would take. */
    @Test
    void aCookieThatEqualsTheHeaderProvesNothing() throws ServletException, IOException {
        String forged = tokens.issue("another session");
        MockHttpServletRequest request = ours("POST");
        request.setCookies(new Cookie("__Host-session", SESSION), new Cookie("__Host-csrf", forged));
        request.addHeader(ForgeryGuard.HEADER, forged);
        assertThat(status(request)).isEqualTo(403);
    }

    @Test
    void aFormCarriesTheTokenInAFieldAndNothingElseDoes() throws ServletException, IOException {
        MockHttpServletRequest form = ours("POST");
        form.setCookies(new Cookie("__Host-session", SESSION));
        form.setContentType("application/x-www-form-urlencoded;charset=UTF-8");
        form.setParameter(ForgeryGuard.FIELD, tokens.issue(SESSION));
        assertThat(status(form)).isEqualTo(200);

        form.setContentType("text/plain");
        assertThat(status(form)).isEqualTo(403);
    }

    @Test
    void aFormBeforeALoginIsBoundToTheBrowserAndNoLongerOnceItHasASession() throws ServletException, IOException {
        MockHttpServletRequest first = page("GET");
        MockHttpServletResponse login = pass(first);
        String token = ForgeryGuard.token(first, login);
        Cookie visitor = login.getCookie("__Host-visitor");
        assertThat(visitor).isNotNull();
        assertThat(login.getHeaders("Set-Cookie"))
                .allSatisfy(cookie -> assertThat(cookie)
                        .contains("; Secure")
                        .contains("Path=/")
                        .doesNotContain("Domain"))
                .anySatisfy(cookie ->
                        assertThat(cookie).startsWith("__Host-csrf=" + token).doesNotContain("HttpOnly"))
                .anySatisfy(cookie ->
                        assertThat(cookie).startsWith("__Host-visitor=").contains("HttpOnly"));

        MockHttpServletRequest post = ours("POST");
        post.setCookies(visitor);
        post.addHeader(ForgeryGuard.HEADER, token);
        assertThat(status(post)).isEqualTo(200);
        post.setCookies(new Cookie("__Host-visitor", "another"));
        assertThat(status(post)).isEqualTo(403);
        post.setCookies(visitor, new Cookie("__Host-session", SESSION));
        assertThat(status(post)).as("after the login").isEqualTo(403);

        MockHttpServletResponse loggedIn = pass(first);
        ForgeryGuard.renew(SESSION, first, loggedIn);
        MockHttpServletRequest next = ours("POST");
        next.setCookies(new Cookie("__Host-session", SESSION));
        next.addHeader(
                ForgeryGuard.HEADER,
                java.util.Objects.requireNonNull(loggedIn.getCookie("__Host-csrf"))
                        .getValue());
        assertThat(status(next)).isEqualTo(200);
    }

    @Test
    void aPageKeepsTheTokenThatHoldsAndReplacesOneThatDoesNot() throws ServletException, IOException {
        String token = tokens.issue(SESSION);
        MockHttpServletRequest request = page("GET");
        request.setCookies(new Cookie("__Host-session", SESSION), new Cookie("__Host-csrf", token));
        MockHttpServletResponse response = pass(request);
        assertThat(ForgeryGuard.token(request, response)).isEqualTo(token);
        assertThat(response.getHeaders("Set-Cookie")).isEmpty();

        request.setCookies(new Cookie("__Host-session", "renewed"), new Cookie("__Host-csrf", token));
        assertThat(tokens.accepts(ForgeryGuard.token(request, response), "renewed"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/api/content", "/api/session"})
    void whoSendsAnAuthorizationIsNoBrowser(String path) throws ServletException, IOException {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", path);
        request.addHeader("Sec-Fetch-Site", "cross-site");
        request.addHeader("Authorization", "Bearer imp_x");
        assertThat(status(request)).isEqualTo(200);
    }

    @Test
    void aLoginOverTheApiTakesNoTokenButMustNotComeFromElsewhere() throws ServletException, IOException {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/api/session");
        assertThat(status(request)).isEqualTo(200);
        request.addHeader("Origin", "https://evil");
        assertThat(status(request)).isEqualTo(403);
    }

    private static MockHttpServletRequest page(String method) {
        return new MockHttpServletRequest(method, "/account");
    }

    private static MockHttpServletRequest ours(String method) {
        MockHttpServletRequest request = page(method);
        request.addHeader("Sec-Fetch-Site", "same-origin");
        return request;
    }

    private static void header(MockHttpServletRequest request, String name, @Nullable String value) {
        if (value != null) {
            request.addHeader(name, value);
        }
    }

    private int status(MockHttpServletRequest request) throws ServletException, IOException {
        return pass(request).getStatus();
    }

    private MockHttpServletResponse pass(MockHttpServletRequest request) throws ServletException, IOException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        request.removeAttribute(ForgeryGuard.class.getName() + ".FILTERED");
        guard.doFilter(request, response, new MockFilterChain());
        return response;
    }
}
