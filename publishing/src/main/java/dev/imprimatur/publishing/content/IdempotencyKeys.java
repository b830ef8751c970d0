package dev.imprimatur.publishing.content;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.database.Failures;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * What was answered to requests with an idempotency key: written with the effect in one transaction, and given again, byte
 * for byte, for a day. {@link Drafts} keeps its own keys here, in the statement that creates.
 */
public final class IdempotencyKeys {
    private static final String EFFECT = "effect";

    private final Jdbi jdbi;

    public IdempotencyKeys(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Something that is asked for once.
     *
     * @param route with its variables unfilled, as {@code POST /api/content/{id}/comments}
     * @param request everything that makes it this request and no other: the filled path, and the body in one form
     */
    public record Asked(String route, IdempotencyKey key, String request) {}

    /** @param replayed whether it was given before */
    public record Answer(
            int status, @Nullable String location, @Nullable String etag, String body, boolean replayed) {}

    /**
     * The answer of the effect, or the one that it had before. The effect joins this transaction, because a store on the
     * same Jdbi takes the connection that its thread has open.
     *
     * <p>What refuses for the state of things (3xx of the closed list), or for who has had a hand in it (2xx), is an answer
     * like any other and is kept. Bad input (1xx) and what broke on our side (5xx) leave nothing behind.
     *
     * @throws RefusedException IDEMPOTENCY_KEY_BUSY while the first is still running, IDEMPOTENCY_KEY_REUSED for another
     *     request, and what the effect refuses and is not kept
     */
    public Answer once(
            Principal principal, Asked asked, Supplier<Answer> effect, Function<RefusedException, Answer> refusal) {
        return jdbi.inTransaction(handle -> {
            if (!lock(handle, principal, asked)) {
                throw busy();
            }
            return kept(handle, principal, asked).orElseGet(() -> first(handle, principal, asked, effect, refusal));
        });
    }

    private static Answer first(
            Handle handle,
            Principal principal,
            Asked asked,
            Supplier<Answer> effect,
            Function<RefusedException, Answer> refusal) {
        handle.savepoint(EFFECT);
        Answer answer;
        try {
            answer = effect.get();
        } catch (RuntimeException e) {
            RefusedException refused = Failures.of(e);
            if (!isKept(refused.code())) {
                throw refused;
            }
            handle.rollbackToSavepoint(EFFECT);
            answer = refusal.apply(refused);
        }
        keep(handle, principal, asked, answer);
        return answer;
    }

    private static boolean isKept(ErrorCode code) {
        return code.code().startsWith("IM2") || code.code().startsWith("IM3");
    }

    /** Deletes what is older than a day, and tells how much that was. */
    public int sweep() {
        return jdbi.withHandle(handle ->
                handle.execute("DELETE FROM idempotency_keys WHERE created_at <= now() - interval '24 hours'"));
    }

    static RefusedException busy() {
        return new RefusedException(
                ErrorCode.IDEMPOTENCY_KEY_BUSY,
                "the first request with this key is still running; ask again in a moment");
    }

    static RefusedException reused() {
        return new RefusedException(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                "this Idempotency-Key came with another request before; use a new key for a new one");
    }

    /** What the lock on a key is taken by; the same in the statement that creates content. */
    static String name(Principal principal, String route, IdempotencyKey key) {
        return principal.id() + " " + route + " " + key.value();
    }

    private static boolean lock(Handle handle, Principal principal, Asked asked) {
        return handle.createQuery("SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
                .bind("name", name(principal, asked.route(), asked.key()))
                .mapTo(Boolean.class)
                .one();
    }

    private static Optional<Answer> kept(Handle handle, Principal principal, Asked asked) {
        return handle.createQuery("""
                        SELECT fingerprint = sha256(convert_to(:request, 'UTF8')) AS same, status, location, etag, body
                        FROM idempotency_keys
                        WHERE principal = :principal AND route = :route AND key = :key
                          AND created_at > now() - interval '24 hours'""")
                .bind("principal", principal.id())
                .bind("route", asked.route())
                .bind("key", asked.key().value())
                .bind("request", asked.request())
                .map((row, context) -> {
                    if (!row.getBoolean("same")) {
                        throw reused();
                    }
                    return new Answer(
                            row.getInt("status"),
                            row.getString("location"),
                            row.getString("etag"),
                            row.getString("body"),
                            true);
                })
                .findOne();
    }

    private static void keep(Handle handle, Principal principal, Asked asked, Answer answer) {
        handle.createUpdate("""
                        INSERT INTO idempotency_keys (principal, route, key, fingerprint, status, location, etag, body)
                        VALUES (:principal, :route, :key, sha256(convert_to(:request, 'UTF8')),
                                :status, :location, :etag, :body)
                        ON CONFLICT (principal, route, key) DO UPDATE
                        SET fingerprint = excluded.fingerprint, status = excluded.status, location = excluded.location,
                            etag = excluded.etag, body = excluded.body, created_at = now()""")
                .bind("principal", principal.id())
                .bind("route", asked.route())
                .bind("key", asked.key().value())
                .bind("request", asked.request())
                .bind("status", answer.status())
                .bind("location", answer.location())
                .bind("etag", answer.etag())
                .bind("body", answer.body())
                .execute();
    }
}
