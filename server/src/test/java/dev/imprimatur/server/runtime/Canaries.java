package dev.imprimatur.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Listens to everything that any test of the server logs, in whichever class, and fails that class when a secret was
 * among it. Found by JUnit itself, so that no test can forget it. What was logged is kept in {@code target/logged/server.txt}.
 */
public final class Canaries implements AfterAllCallback {
    /** Tokens need not be planted: they are known by their form. */
    private static final Pattern TOKEN = Pattern.compile("imp_[A-Za-z0-9_-]{43}");

    private static final Set<String> PLANTED = ConcurrentHashMap.newKeySet();
    private static final Queue<String> LOGGED = new ConcurrentLinkedQueue<>();
    private static final Path KEPT = Path.of("target", "logged", "server.txt");

    /** From now on this must not be logged by anybody. */
    public static String plant(String secret) {
        assertThat(secret.length()).as("a canary that cannot sing by chance").isGreaterThan(12);
        PLANTED.add(secret);
        return secret;
    }

    /** A line of a program of ours that ran beside the tests. */
    public static void heard(String line) {
        LOGGED.add(line);
    }

    /** Whether this was logged since the class under test began. */
    static boolean wasLogged(String text) {
        return LOGGED.stream().anyMatch(line -> line.contains(text));
    }

    /** What of this is secret; empty if nothing. */
    public static List<String> in(String text) {
        if (TOKEN.matcher(text).find()) {
            return List.of("a token");
        }
        return PLANTED.stream().filter(text::contains).toList();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        Files.createDirectories(Path.of("target", "logged"));
        try (Writer kept = Files.newBufferedWriter(KEPT, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = LOGGED.poll(); line != null; line = LOGGED.poll()) {
                kept.write(line + "\n");
                assertThat(in(line))
                        .as("secrets logged in %s: %s", context.getDisplayName(), line)
                        .isEmpty();
            }
        }
    }

    /** Named by logback-besides.xml, since each start of the framework sets all logging up anew. */
    public static final class Listening extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            LOGGED.add(event.getLoggerName() + " " + event.getFormattedMessage() + " " + event.getMDCPropertyMap()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    }
}
