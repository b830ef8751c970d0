package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.database.Failures;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** RFC 6750: who an {@code Authorization: Bearer} header speaks for. Without one the request goes on as nobody. */
final class BearerTokens extends OncePerRequestFilter {
    private static final String SCHEME = "bearer ";

    private final ApiTokens tokens;
    private final Problems problems;

    BearerTokens(ApiTokens tokens, Problems problems) {
        this.tokens = tokens;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null) {
            Optional<Principal> principal;
            try {
                principal = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                        ? tokens.principal(header.substring(SCHEME.length()).strip())
                        : Optional.empty();
            } catch (RuntimeException e) {
                problems.write(Failures.of(e), request, response);
                return;
            }
            if (principal.isEmpty()) {
                problems.write(unknown(), request, response);
                return;
            }
            SecurityContextHolder.getContext().setAuthentication(new Authenticated(principal.get()));
        }
        chain.doFilter(request, response);
    }

    private static RefusedException unknown() {
        return new RefusedException(
                ErrorCode.UNAUTHENTICATED,
                "this token is unknown, expired or revoked; make one with: imprimatur token create");
    }
}
