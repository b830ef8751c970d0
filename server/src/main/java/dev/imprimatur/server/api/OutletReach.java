package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.approvals.Approvals;
import dev.imprimatur.publishing.content.Drafts;
import dev.imprimatur.publishing.publications.Publication;
import dev.imprimatur.publishing.publications.Publications;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * For a token that is narrowed to outlets, what names any other outlet is not there. Asked by the path of each request;
 * a route that is not known here is closed to such a token. Lists leave out what lies outside by themselves.
 */
final class OutletReach implements HandlerInterceptor {
    /** Routes that name no single thing of an outlet, or narrow by themselves. */
    private static final Set<String> NARROWED_THEMSELVES = Set.of(
            "/api/content",
            "/api/approvals",
            "/api/publications",
            "/api/feature-flags",
            "/api/me",
            "/api/me/password",
            "/api/session",
            "/api/sessions",
            "/api/sessions/{id}",
            "/api/tokens",
            "/api/tokens/{id}");

    private final Drafts drafts;
    private final Approvals approvals;
    private final Publications publications;

    OutletReach(Drafts drafts, Approvals approvals, Publications publications) {
        this.drafts = drafts;
        this.approvals = approvals;
        this.publications = publications;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        Authentication known = SecurityContextHolder.getContext().getAuthentication();
        Object route = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (known != null
                && known.getPrincipal() instanceof Principal principal
                && principal.scope().only() != null
                && String.valueOf(route).startsWith("/api/")
                && !reaches(principal.scope(), request.getMethod(), String.valueOf(route), request)) {
            throw nothing();
        }
        return true;
    }

    /** For what a body names. */
    void requireContent(Principal principal, UUID content) {
        if (principal.scope().only() != null && !drafts.isWithin(principal.scope(), content)) {
            throw nothing();
        }
    }

    private boolean reaches(OutletScope scope, String method, String route, HttpServletRequest request) {
        if (NARROWED_THEMSELVES.contains(route)) {
            return true;
        }
        if (route.equals("/api/feature-flags/global-stop")) {
            return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
        }
        if (route.equals("/api/feature-flags/{outlet}")) {
            return scope.covers(String.valueOf(variable(request, "outlet")));
        }
        UUID id = id(request);
        if (id == null) {
            return false;
        }
        try {
            return reaches(scope, route, id);
        } catch (RefusedException missing) {
            // Told in the same words as what lies outside.
            if (missing.code() == ErrorCode.NOT_FOUND) {
                return false;
            }
            throw missing;
        }
    }

    private boolean reaches(OutletScope scope, String route, UUID id) {
        if (route.startsWith("/api/content/{id}")) {
            return drafts.isWithin(scope, id);
        }
        if (route.startsWith("/api/approvals/{id}")) {
            return drafts.isWithin(scope, approvals.get(id).contentId());
        }
        if (route.startsWith("/api/publications/{id}")) {
            Publication publication = publications.get(id);
            return scope.covers(publication.outlet()) && drafts.isWithin(scope, publication.contentId());
        }
        return false;
    }

    private static @Nullable UUID id(HttpServletRequest request) {
        Object id = variable(request, "id");
        try {
            return id == null ? null : UUID.fromString(String.valueOf(id));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Object variable(HttpServletRequest request, String name) {
        return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                ? variables.get(name)
                : null;
    }

    private static RefusedException nothing() {
        return new RefusedException(ErrorCode.NOT_FOUND, "there is nothing here that this token reaches");
    }
}
