package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.KeyRing;
import dev.imprimatur.publishing.content.IdempotencyKeys;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** Gives handlers that make something the {@link Once} of their request. */
final class OnceArguments implements HandlerMethodArgumentResolver {
    private final IdempotencyKeys keys;
    private final Supplier<KeyRing> ring;
    private final JsonMapper json;

    OnceArguments(IdempotencyKeys keys, Supplier<KeyRing> ring, JsonMapper json) {
        this.keys = keys;
        this.ring = ring;
        this.json = json;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Once.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest servlet = request.getNativeRequest(HttpServletRequest.class);
        if (servlet == null) {
            throw new IllegalStateException("only HTTP brings a key");
        }
        String route = servlet.getMethod() + " " + servlet.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return new Once(
                keys, ring, json, new Once.Request(route, servlet.getRequestURI(), servlet.getHeader(Once.HEADER)));
    }
}
