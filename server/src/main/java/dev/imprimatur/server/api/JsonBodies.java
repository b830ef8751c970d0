package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import tools.jackson.databind.json.JsonMapper;

/** Gives handlers the {@link JsonBody} of their request. */
final class JsonBodies implements HandlerMethodArgumentResolver {
    private final JsonMapper json;
    private final Map<Class<?>, Shape> shapes = new ConcurrentHashMap<>();

    JsonBodies(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == JsonBody.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        AnnotatedType declared = ((AnnotatedParameterizedType)
                        parameter.getExecutable().getAnnotatedParameterTypes()[parameter.getParameterIndex()])
                .getAnnotatedActualTypeArguments()[0];
        HttpServletRequest servlet = request.getNativeRequest(HttpServletRequest.class);
        if (servlet == null) {
            throw new IllegalStateException("only HTTP brings a body");
        }
        return of(servlet, (Class<?>) declared.getType(), declared);
    }

    private <T> JsonBody<T> of(HttpServletRequest request, Class<T> type, AnnotatedType declared) {
        Shape shape = shapes.computeIfAbsent(type, known -> Shape.of(declared));
        return new JsonBody<>(new Bytes(request), shape, tree -> json.treeToValue(tree, type));
    }

    /** Read once, and kept for who asks again. */
    private static final class Bytes implements JsonBody.Source {
        private final HttpServletRequest request;
        private byte @Nullable [] bytes;

        Bytes(HttpServletRequest request) {
            this.request = request;
        }

        @Override
        public byte[] bytes() {
            if (bytes == null) {
                requireJson(request.getContentType());
                try {
                    bytes = request.getInputStream().readAllBytes();
                } catch (BodyLimit.GivenUpException e) {
                    throw e.refused();
                } catch (IOException e) {
                    throw new RefusedException(ErrorCode.MALFORMED, "the body broke off", e);
                }
            }
            return bytes;
        }

        private static void requireJson(@Nullable String said) {
            try {
                MediaType type = said == null ? MediaType.ALL : MediaType.parseMediaType(said);
                boolean utf8 = type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8);
                if (type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON) && utf8) {
                    return;
                }
            } catch (InvalidMediaTypeException e) {
                throw unsupported(said, e);
            }
            throw unsupported(said, null);
        }

        private static RefusedException unsupported(@Nullable String said, @Nullable Exception cause) {
            String detail = "send Content-Type: application/json, in UTF-8, instead of " + said;
            return cause == null
                    ? new RefusedException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, detail)
                    : new RefusedException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, detail, cause);
        }
    }
}
