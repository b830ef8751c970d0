package dev.imprimatur.bench;

import dev.imprimatur.publishing.database.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The rival, as its documentation has it run in production, in so many processes that share the connections evenly. They
 * would need Redis to tell each other of changes to the schema, but there are none once they run.
 */
final class Directus implements AutoCloseable {
    private static final Duration TO_START = Duration.ofSeconds(90);
    private static final int CONNECTIONS_OF_EACH = 16;

    private final DirectusProgram program;
    private final Path folder;
    private final Map<String, String> settings;
    private final String token = "writer-" + UUID.randomUUID();
    private final List<Child> processes = new ArrayList<>();
    private final List<URI> urls = new ArrayList<>();

    private Directus(DirectusProgram program, Path folder, Map<String, String> settings) {
        this.program = program;
        this.folder = folder;
        this.settings = settings;
    }

    /** Sets itself up in this database, which is new. */
    static Directus start(DirectusProgram program, DatabaseUrl database, int processes) throws IOException {
        Path folder = program.folder().resolve("work");
        if (Files.exists(folder)) {
            Installation.delete(folder);
        }
        Files.createDirectories(folder.resolve("uploads"));
        Files.createDirectories(folder.resolve("extensions"));
        Files.writeString(folder.resolve("package.json"), "{\"private\": true}\n");
        String administrator = "administrator-" + UUID.randomUUID();
        Directus directus = new Directus(program, folder, settings(database, administrator));
        boolean started = false;
        try {
            Path log = folder.resolve("bootstrap.log");
            DirectusProgram.run("directus bootstrap", directus.command(log, "bootstrap"), log);
            // The others begin when the schema is as it stays, since nobody would tell them of a change.
            directus.launch(administrator).makeContentAndWriter(directus.token);
            while (directus.processes.size() < processes) {
                directus.launch(administrator);
            }
            started = true;
            return directus;
        } finally {
            if (!started) {
                directus.close();
            }
        }
    }

    List<URI> urls() {
        return List.copyOf(urls);
    }

    String token() {
        return token;
    }

    Duration processor() {
        return processes.stream()
                .map(child -> Machine.processor(child.handle()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static Map<String, String> settings(DatabaseUrl database, String administrator) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("NODE_ENV", "production");
        settings.put("HOST", "127.0.0.1");
        settings.put("PUBLIC_URL", "http://127.0.0.1");
        settings.put("SECRET", UUID.randomUUID().toString() + UUID.randomUUID());
        settings.put("DB_CLIENT", "pg");
        settings.put("DB_HOST", database.host());
        settings.put("DB_PORT", Integer.toString(database.port()));
        settings.put("DB_DATABASE", database.database());
        settings.put("DB_USER", database.user());
        settings.put("DB_PASSWORD", String.valueOf(database.password()));
        settings.put("DB_POOL__MIN", "2");
        settings.put("DB_POOL__MAX", Integer.toString(CONNECTIONS_OF_EACH));
        settings.put("ADMIN_EMAIL", "administrator@example.org");
        settings.put("ADMIN_PASSWORD", UUID.randomUUID().toString());
        settings.put("ADMIN_TOKEN", administrator);
        settings.put("CACHE_ENABLED", "false");
        settings.put("RATE_LIMITER_ENABLED", "false");
        // It would answer 503 as soon as it is as busy as a benchmark makes it.
        settings.put("PRESSURE_LIMITER_ENABLED", "false");
        settings.put("LOG_LEVEL", "warn");
        settings.put("LOG_STYLE", "raw");
        settings.put("WEBSOCKETS_LOGS_ENABLED", "false");
        // Without a licence it counts for its report all the same; a benchmark talks to nobody outside.
        settings.put("TELEMETRY", "false");
        settings.put("TELEMETRY_URL", "http://127.0.0.1:9");
        settings.put("COMPLIANCE_URL", "http://127.0.0.1:9");
        return settings;
    }

    private DirectusApi launch(String administrator) throws IOException {
        int port = freePort();
        Path log = folder.resolve("process-" + (processes.size() + 1) + ".log");
        ProcessBuilder command = command(log, "start");
        command.environment().put("PORT", Integer.toString(port));
        Child child = Child.start("Directus", command);
        processes.add(child);
        URI url = URI.create("http://127.0.0.1:" + port);
        urls.add(url);
        DirectusApi api = new DirectusApi(url, administrator);
        long deadline = System.nanoTime() + TO_START.toNanos();
        while (!api.answers()) {
            if (!child.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("Directus does not start:\n" + Files.readString(log));
            }
            pause();
        }
        return api;
    }

    private ProcessBuilder command(Path log, String command) {
        ProcessBuilder builder = new ProcessBuilder(
                        program.node().toString(), program.cli().toString(), command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // It takes every variable for a setting.
        builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG", "TMPDIR"));
        builder.environment().putAll(settings);
        return builder;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        processes.forEach(Child::close);
        Installation.delete(folder);
    }
}
