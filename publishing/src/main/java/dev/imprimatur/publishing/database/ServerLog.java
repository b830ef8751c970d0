package dev.imprimatur.publishing.database;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries what the server says to a file of bounded size, keeps its last lines, and hears when it is ready. */
final class ServerLog {
    private static final Logger LOG = LoggerFactory.getLogger(ServerLog.class);
    private static final String READY = "database system is ready to accept connections";
    private static final long LARGEST = 8L << 20;
    private static final int TAIL_LINES = 15;
    private static final int LINE_LENGTH = 400;

    private final Path file;
    private final Deque<String> tail = new ArrayDeque<>();
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    private ServerLog(Path file) {
        this.file = file;
    }

    static ServerLog follow(InputStream said, Path file) {
        ServerLog log = new ServerLog(file);
        Thread.ofPlatform().name("postgres-log").daemon().start(() -> log.carry(said));
        return log;
    }

    /** False if the server ended, or took longer. */
    boolean awaitReady(Duration atMost) {
        return await(ready, atMost);
    }

    void awaitEnd(Duration atMost) {
        await(ended, atMost);
    }

    private static boolean await(CompletableFuture<Boolean> event, Duration atMost) {
        return event.copy()
                .completeOnTimeout(false, atMost.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    List<String> tail() {
        synchronized (tail) {
            return List.copyOf(tail);
        }
    }

    private void carry(InputStream said) {
        Sink sink = new Sink(file);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(said, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                remember(line);
                if (line.endsWith(READY)) {
                    ready.complete(true);
                }
                sink.write(line);
            }
        } catch (IOException e) {
            LOG.warn("PostgreSQL's log can no longer be read", e);
        } finally {
            sink.close();
            ready.complete(false);
            ended.complete(true);
        }
    }

    private void remember(String line) {
        synchronized (tail) {
            if (tail.size() == TAIL_LINES) {
                tail.removeFirst();
            }
            tail.addLast(line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) + "…" : line);
        }
    }

    /** A full disk may cost lines, never the reading: a server whose log is not read stands still. */
    private static final class Sink {
        private final Path file;
        private @Nullable BufferedWriter writer;
        private long size;
        private boolean failing;

        Sink(Path file) {
            this.file = file;
        }

        void write(String line) {
            try {
                BufferedWriter open = writer == null || size > LARGEST ? reopen() : writer;
                open.write(line);
                open.write('\n');
                open.flush();
                size += line.length() + 1L;
                failing = false;
            } catch (IOException e) {
                if (!failing) {
                    LOG.warn("PostgreSQL's log {} cannot be written, lines are lost", file, e);
                }
                failing = true;
                close();
            }
        }

        private BufferedWriter reopen() throws IOException {
            close();
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            FileChannel channel = DataFolder.openPrivately(file);
            size = channel.size();
            channel.position(size);
            BufferedWriter opened = new BufferedWriter(
                    new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8));
            writer = opened;
            return opened;
        }

        void close() {
            BufferedWriter open = writer;
            writer = null;
            if (open == null) {
                return;
            }
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("PostgreSQL's log {} lost its last lines", file, e);
            }
        }
    }
}
