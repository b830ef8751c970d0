package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.Faults;
import dev.imprimatur.publishing.RefusedException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a client sent, read when a handler asks for it: who may not, and what is not there, is told before what is wrong
 * with the body. Reading tells every fault at once.
 */
final class JsonBody<T> {
    private final Source source;
    private final Shape shape;
    private final Function<JsonNode, T> binding;
    private @Nullable JsonNode tree;

    /** Where the bytes come from; refuses what is no JSON by its media type, or too large. */
    interface Source {
        byte[] bytes();
    }

    JsonBody(Source source, Shape shape, Function<JsonNode, T> binding) {
        this.source = source;
        this.shape = shape;
        this.binding = binding;
    }

    /** @throws RefusedException MALFORMED, UNSUPPORTED_MEDIA_TYPE, TOO_LARGE */
    T read() {
        return read(Function.identity());
    }

    /** @throws RefusedException as {@link #read()}, and what {@code meaning} refuses, together */
    <R> R read(Function<T, R> meaning) {
        return read(meaning, () -> {});
    }

    /** @param first asked only when the body is at fault: refuses for a reason that is to be told before */
    <R> R read(Function<T, R> meaning, Runnable first) {
        try {
            return understood(meaning);
        } catch (RefusedException fault) {
            first.run();
            throw fault;
        }
    }

    private <R> R understood(Function<T, R> meaning) {
        Faults faults = new Faults();
        JsonNode read = StrictTree.read(source.bytes(), faults);
        JsonNode sound = read == null ? null : shape.sound(read, "", faults);
        R understood = null;
        if (sound != null) {
            // What could be read is judged too, so that no fault hides behind another.
            tree = sound;
            understood = faults.take(() -> meaning.apply(binding.apply(sound)));
        }
        faults.refuse();
        if (understood == null) {
            throw new RefusedException(ErrorCode.MALFORMED, "the request needs a JSON body");
        }
        return understood;
    }

    /** What was read last, as it was understood; for its fingerprint. */
    JsonNode tree() {
        if (tree == null) {
            throw new IllegalStateException("the body was not read");
        }
        return tree;
    }
}
