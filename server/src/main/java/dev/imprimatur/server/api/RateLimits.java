package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.Allowance;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.RateLimit;
import dev.imprimatur.publishing.access.RateLimitStore;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.server.settings.RateLimitSettings;
import dev.imprimatur.server.settings.RateLimitSettings.Group;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Holds every caller to the limit of its kind, once it is known who calls. The header fields are those of
 * draft-ietf-httpapi-ratelimit-headers-11.
 */
final class RateLimits extends OncePerRequestFilter {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final RateLimitStore store;
    private final RateLimitSettings settings;
    private final Problems problems;

    RateLimits(RateLimitStore store, RateLimitSettings settings, Problems problems) {
        this.store = store;
        this.settings = settings;
        this.problems = problems;
    }

    /** Whoever watches over the server must not be told that it is unwell because others ask too much. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().equals("/healthz")
                || request.getRequestURI().startsWith("/health/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Principal principal = principal();
        RateLimit limit = settings.limits().get(group(principal, READING.contains(request.getMethod())));
        if (limit == null) {
            chain.doFilter(request, response);
            return;
        }
        Allowance allowance = store.take(key(principal, request), limit);
        response.setHeader(
                "RateLimit-Policy",
                "\"%s\";q=%d;w=%d".formatted(limit.policy(), limit.calls(), seconds(limit.window())));
        response.setHeader(
                "RateLimit",
                "\"%s\";r=%d;t=%d".formatted(limit.policy(), allowance.left(), seconds(allowance.nextIn())));
        if (allowance.granted()) {
            chain.doFilter(request, response);
        } else {
            response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(seconds(allowance.nextIn())));
            problems.tooMany(limit, seconds(allowance.nextIn()), request, response);
        }
    }

    private static @Nullable Principal principal() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof Principal principal
                ? principal
                : null;
    }

    private static Group group(@Nullable Principal principal, boolean reading) {
        if (principal == null) {
            return reading ? Group.ANONYMOUS_READ : Group.ANONYMOUS_WRITE;
        }
        return switch (principal.kind()) {
            case AGENT -> reading ? Group.AGENT_READ : Group.AGENT_WRITE;
            case PERSONAL -> reading ? Group.PERSON_READ : Group.PERSON_WRITE;
        };
    }

    /** A person is one caller by whichever session or token; each agent's token is one of its own. */
    private static String key(@Nullable Principal principal, HttpServletRequest request) {
        if (principal == null) {
            return address(request.getRemoteAddr());
        }
        return String.valueOf(principal.kind() == TokenKind.AGENT ? principal.token() : principal.id());
    }

    /** Of IPv6 the network: who has one address there has them all. */
    private static String address(String remote) {
        byte[] bytes = InetAddress.ofLiteral(remote.replaceFirst("%.*", "")).getAddress();
        return bytes.length == 16 ? HexFormat.of().formatHex(Arrays.copyOf(bytes, 8)) : remote;
    }

    /** Rounded up: who waits so long is not too early. */
    private static long seconds(Duration duration) {
        return duration.plusSeconds(1).minusNanos(1).toSeconds();
    }
}
