package dev.imprimatur.publishing.access;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.Base16;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Counts in Redis 7, by its clock, so that all replicas count together. One round trip a call: a script that touches
 * one key, as a cluster wants it. Keys are gone a window after their last granted call. Redis must not evict
 * ({@code maxmemory-policy noeviction}): what it forgets would be granted again.
 */
public final class RedisRateLimits implements RateLimitStore {
    private static final String PREFIX = "imprimatur:rate:";
    private static final String SCRIPT = script();
    private static final String SHA1 = Base16.digest(SCRIPT.getBytes(StandardCharsets.UTF_8));

    private final ClientResources resources;
    private final RedisClient client;
    private final RedisURI uri;
    private final Duration timeout;
    private final AtomicReference<CompletableFuture<StatefulRedisConnection<String, String>>> connection =
            new AtomicReference<>();

    /**
     * Connects when first asked, and again whenever the connection is lost.
     *
     * @param timeout how long a call may wait for Redis, connecting included
     */
    public RedisRateLimits(RedisURI uri, Duration timeout) {
        this.uri = uri;
        this.timeout = timeout;
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .reconnectDelay(Delay.constant(Duration.ofSeconds(1)))
                .build();
        this.client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(10_000)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(Duration.ofSeconds(2))
                        .build())
                .timeoutOptions(TimeoutOptions.enabled(timeout))
                .build());
    }

    @Override
    public Allowance take(String key, RateLimit limit) {
        long deadline = System.nanoTime() + timeout.toNanos();
        long window = limit.window().dividedBy(ChronoUnit.MICROS.getDuration());
        String[] keys = {PREFIX + limit.policy() + ":" + window + ":" + key};
        String[] arguments = {String.valueOf(limit.calls()), String.valueOf(window)};
        try {
            RedisAsyncCommands<String, String> redis =
                    await(connected(), deadline).async();
            List<Long> said;
            try {
                said = await(redis.evalsha(SHA1, ScriptOutputType.MULTI, keys, arguments), deadline);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RedisNoScriptException)) {
                    throw e;
                }
                said = await(redis.eval(SCRIPT, ScriptOutputType.MULTI, keys, arguments), deadline);
            }
            return new Allowance(
                    said.get(0) == 1,
                    said.get(1).intValue(),
                    Duration.of(said.get(2), ChronoUnit.MICROS),
                    Instant.EPOCH.plus(said.get(3), ChronoUnit.MICROS));
        } catch (ExecutionException e) {
            throw new UnavailableException("Redis does not count: " + root(e), e);
        } catch (RedisException | IllegalStateException e) {
            throw new UnavailableException("Redis does not count: " + root(e), e);
        } catch (TimeoutException e) {
            throw new UnavailableException("Redis has not answered within %d ms".formatted(timeout.toMillis()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while Redis counted", e);
        }
    }

    /** The one connection, which Lettuce shares among threads; a new attempt where the last one has failed. */
    private CompletableFuture<StatefulRedisConnection<String, String>> connected() {
        CompletableFuture<StatefulRedisConnection<String, String>> known = connection.get();
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        CompletableFuture<StatefulRedisConnection<String, String>> mine = new CompletableFuture<>();
        if (!connection.compareAndSet(known, mine)) {
            return Objects.requireNonNull(connection.get());
        }
        try {
            var _ = client.connectAsync(StringCodec.UTF8, uri).whenComplete((open, failure) -> {
                if (failure == null) {
                    mine.complete(open);
                } else {
                    mine.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
        }
        return mine;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static <T> T await(Future<T> future, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private static String script() {
        try (InputStream in = RedisRateLimits.class.getResourceAsStream("sliding-log.lua")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        resources.shutdown(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
