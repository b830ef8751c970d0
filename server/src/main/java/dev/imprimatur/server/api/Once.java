package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Envelope;
import dev.imprimatur.publishing.access.KeyRing;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.content.IdempotencyKey;
import dev.imprimatur.publishing.content.IdempotencyKeys;
import dev.imprimatur.publishing.content.IdempotencyKeys.Answer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** A request that makes something, and makes it once, however often it is sent with its Idempotency-Key. */
final class Once {
    static final String HEADER = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";

    private static final JsonMapper CANONICAL =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private final IdempotencyKeys keys;
    private final Supplier<KeyRing> ring;
    private final JsonMapper json;
    private final Request request;

    /**
     * @param route as the handler is mapped, after its method
     * @param path as it was asked for
     */
    record Request(String route, String path, @Nullable String header) {}

    /** What was made, and where it stands. */
    record Made(@Nullable String location, Object body) {}

    Once(IdempotencyKeys keys, Supplier<KeyRing> ring, JsonMapper json, Request request) {
        this.keys = keys;
        this.ring = ring;
        this.json = json;
        this.request = request;
    }

    /** @throws RefusedException IDEMPOTENCY_KEY_MISSING, MALFORMED */
    IdempotencyKey key() {
        IdempotencyKey key = IdempotencyKey.ofHeader(request.header());
        if (key == null) {
            throw new RefusedException(
                    ErrorCode.IDEMPOTENCY_KEY_MISSING,
                    "send Idempotency-Key with a new UUID for each new request, and the same one when you repeat it");
        }
        return key;
    }

    /**
     * Makes it, or tells again what came of it.
     *
     * @param body that was read
     * @throws RefusedException as {@link #key()} and {@link IdempotencyKeys#once}
     */
    ResponseEntity<byte[]> make(Principal principal, JsonBody<?> body, Supplier<Made> effect) {
        return make(principal, body, effect, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** The same where the answer holds a secret: it is kept, but nobody reads it in the database. */
    ResponseEntity<byte[]> makeSecret(Principal principal, JsonBody<?> body, Supplier<Made> effect) {
        return make(
                principal,
                body,
                effect,
                text -> Envelope.seal(ring.get(), text, request.route()),
                text -> Envelope.open(ring.get(), text, request.route()));
    }

    private ResponseEntity<byte[]> make(
            Principal principal,
            JsonBody<?> body,
            Supplier<Made> effect,
            UnaryOperator<String> seal,
            UnaryOperator<String> open) {
        String canonical = request.path() + "\n" + CANONICAL.writeValueAsString(body.tree());
        Answer answer = keys.once(
                principal,
                new IdempotencyKeys.Asked(request.route(), key(), canonical),
                () -> made(effect.get(), seal),
                refused -> refused(refused, seal));
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(answer.status() < 400 ? MediaType.APPLICATION_JSON : MediaType.APPLICATION_PROBLEM_JSON);
        headers.set(REPLAYED, String.valueOf(answer.replayed()));
        if (answer.location() != null) {
            headers.set(HttpHeaders.LOCATION, answer.location());
        }
        if (answer.etag() != null) {
            headers.set(HttpHeaders.ETAG, answer.etag());
        }
        return ResponseEntity.status(answer.status())
                .headers(headers)
                .body(open.apply(answer.body()).getBytes(StandardCharsets.UTF_8));
    }

    private Answer made(Made made, UnaryOperator<String> seal) {
        return new Answer(201, made.location(), null, seal.apply(json.writeValueAsString(made.body())), false);
    }

    private Answer refused(RefusedException refused, UnaryOperator<String> seal) {
        String problem = json.writeValueAsString(Problem.of(refused, request.path()));
        return new Answer(refused.code().status(), null, null, seal.apply(problem), false);
    }
}
