package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.access.policy.Policy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Controller;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Asks the policy what {@link Requires} says, before anything of the request is read. A route of ours that says nothing is
 * closed.
 */
final class Admission implements HandlerInterceptor {
    private static final String OURS = "dev.imprimatur.";

    private final Policy policy;

    Admission(Policy policy) {
        this.policy = policy;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        Requires requires = method.getMethodAnnotation(Requires.class);
        if (requires == null) {
            if (isOurs(method) && request.getRequestURI().startsWith("/api/")) {
                throw new IllegalStateException(method + " does not say what it requires");
            }
            return true;
        }
        for (Action action : requires.value()) {
            policy.require(principal(), action);
        }
        return true;
    }

    private static boolean isOurs(HandlerMethod method) {
        return method.getBeanType().getName().startsWith(OURS)
                && AnnotatedElementUtils.hasAnnotation(method.getBeanType(), Controller.class);
    }

    private static Principal principal() {
        @Nullable Authentication known = SecurityContextHolder.getContext().getAuthentication();
        if (known != null && known.getPrincipal() instanceof Principal principal) {
            return principal;
        }
        throw new IllegalStateException("a route that requires something is open to nobody in particular");
    }
}
