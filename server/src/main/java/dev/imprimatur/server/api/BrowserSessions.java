package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.Logins;
import dev.imprimatur.publishing.access.Session;
import dev.imprimatur.publishing.access.Sessions;
import dev.imprimatur.publishing.database.Failures;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Who a session cookie speaks for. A request with an {@code Authorization} header speaks for itself: cookies are ignored. */
public final class BrowserSessions extends OncePerRequestFilter {
    private static final String ATTRIBUTE = BrowserSessions.class.getName();

    private final Sessions sessions;
    private final Problems problems;

    BrowserSessions(Sessions sessions, Problems problems) {
        this.sessions = sessions;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String secret = Cookies.SESSION.of(request);
        if (secret != null && request.getHeader(HttpHeaders.AUTHORIZATION) == null) {
            Optional<Session> session;
            try {
                session = sessions.find(secret);
            } catch (RuntimeException e) {
                problems.write(Failures.of(e), request, response);
                return;
            }
            if (session.isPresent()) {
                request.setAttribute(ATTRIBUTE, session.get());
                Sessions.principal(session.get())
                        .map(Authenticated::new)
                        .ifPresent(SecurityContextHolder.getContext()::setAuthentication);
            }
        }
        chain.doFilter(request, response);
    }

    /** The session that a request came with, before a login too. */
    public static @Nullable Session of(HttpServletRequest request) {
        return (Session) request.getAttribute(ATTRIBUTE);
    }

    /** The browser that asks, for a login. */
    public static Logins.Browser browser(HttpServletRequest request) {
        try {
            return new Logins.Browser(
                    InetAddress.getByName(request.getRemoteAddr()),
                    Cookies.DEVICE.of(request),
                    request.getHeader(HttpHeaders.USER_AGENT),
                    of(request));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the container gives addresses as numbers", e);
        }
    }

    /** Lets a browser in. */
    public static void loggedIn(Logins.LoggedIn in, HttpServletRequest request, HttpServletResponse response) {
        Cookies.SESSION.set(response, in.opened().secret());
        ForgeryGuard.renew(in.opened().secret(), request, response);
        Cookies.DEVICE.set(response, in.device());
    }

    /** Gives a browser the session that carries a login of several steps through; the one it has, if it has one. */
    public static Session begun(Sessions sessions, HttpServletRequest request, HttpServletResponse response) {
        Session present = of(request);
        if (present != null) {
            return present;
        }
        Sessions.Opened opened = sessions.begin();
        Cookies.SESSION.set(response, opened.secret());
        ForgeryGuard.renew(opened.secret(), request, response);
        return opened.session();
    }

    /** Shows a browser out. */
    public static void loggedOut(HttpServletResponse response) {
        Cookies.SESSION.clear(response);
        Cookies.CSRF.clear(response);
    }
}
