package dev.imprimatur.publishing.access;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.embedded.RedisServer;
import redis.embedded.RedisServerBuilder;

/** A throw-away Redis 7.0 on a free port of the loopback address, and a connection to look into it. */
public final class TestRedis implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final RedisServer server;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private TestRedis(int port, List<String> settings) {
        try {
            this.port = port;
            this.folder = Files.createTempDirectory("imprimatur-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RedisServerBuilder builder = RedisServer.builder()
                .bind("127.0.0.1")
                .port(port)
                .setting("dir " + folder)
                .setting("save \"\"");
        settings.forEach(builder::setting);
        this.server = builder.build();
        server.start();
        this.client = RedisClient.create(uri());
        this.connection = client.connect();
    }

    public static TestRedis start() {
        return on(freePort());
    }

    public static TestRedis on(int port) {
        return new TestRedis(port, List.of());
    }

    /** One node that owns every slot, and so insists on what a cluster insists on. */
    static TestRedis cluster() {
        TestRedis redis = new TestRedis(freePort(), List.of("cluster-enabled yes"));
        redis.commands().clusterAddSlots(IntStream.range(0, 16_384).toArray());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!redis.commands().clusterInfo().contains("cluster_state:ok")) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(redis.commands().clusterInfo());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return redis;
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public RedisURI uri() {
        return RedisURI.create("redis://127.0.0.1:" + port);
    }

    public RedisCommands<String, String> commands() {
        return connection.sync();
    }

    @Override
    public void close() {
        if (!server.isActive()) {
            return;
        }
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        server.stop();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
