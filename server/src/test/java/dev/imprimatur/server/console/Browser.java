package dev.imprimatur.server.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Chromium without a window, driven over its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long PATIENCE_SECONDS = 30;
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private final Path profile;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
    private String session = "";

    private Browser(Path profile, Process process, URI endpoint) {
        this.profile = profile;
        this.process = process;
        this.socket = http.newWebSocketBuilder()
                .buildAsync(endpoint, new Messages())
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    static Browser start() throws IOException {
        Path profile = Files.createTempDirectory("imprimatur-browser");
        Process process = new ProcessBuilder(
                        program(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--window-size=1100,900",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        String listening = process.inputReader()
                .lines()
                .filter(line -> line.startsWith("DevTools listening on "))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the browser said nothing of where it listens"));
        Thread.ofVirtual().start(() -> process.inputReader().lines().forEach(line -> {}));
        Browser browser =
                new Browser(profile, process, URI.create(listening.substring("DevTools listening on ".length())));
        browser.openPage();
        return browser;
    }

    private static String program() {
        for (String name : NAMES) {
            for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
                Path program = Path.of(folder, name);
                if (Files.isExecutable(program)) {
                    return program.toString();
                }
            }
        }
        throw new IllegalStateException("this test needs a Chromium; install one, such as Debian's package chromium");
    }

    private void openPage() {
        String target = call("Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asString();
        session = call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asString();
        for (String domain : List.of("Page", "Runtime", "Log")) {
            call(domain + ".enable", Map.of());
        }
    }

    JsonNode call(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        Map<String, Object> message = new java.util.HashMap<>(Map.of("id", id, "method", method, "params", parameters));
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        wait(socket.sendText(JSON.writeValueAsString(message), true));
        return wait(answer);
    }

    private static <T> T wait(CompletableFuture<T> future) {
        try {
            return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    /** Opens an address and waits until the page is there. */
    void open(URI url) {
        CompletableFuture<Void> here = expectPage();
        call("Page.navigate", Map.of("url", url.toString()));
        wait(here);
    }

    /** Does what leads to another page, and waits until that is there. */
    void andThenPage(String script) {
        CompletableFuture<Void> here = expectPage();
        run(script);
        wait(here);
    }

    private CompletableFuture<Void> expectPage() {
        CompletableFuture<Void> here = new CompletableFuture<>();
        loaded = here;
        return here;
    }

    /** What a script in the page gives, awaited if it is a promise. */
    JsonNode run(String script) {
        JsonNode answer = call(
                "Runtime.evaluate",
                Map.of("expression", script, "awaitPromise", true, "returnByValue", true, "userGesture", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(answer.path("exceptionDetails").toString());
        }
        return answer.path("result").path("value");
    }

    String text() {
        return run("document.body.innerText").asString("");
    }

    String path() {
        return run("location.pathname").asString("");
    }

    /** What a policy of ours kept the page from doing, or a script of ours broke on. */
    List<String> violations() {
        synchronized (violations) {
            return List.copyOf(violations);
        }
    }

    void screenshot(Path file) throws IOException {
        String data = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true))
                .path("data")
                .asString();
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(data));
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        session = "";
        wait(socket.sendText("{\"id\":0,\"method\":\"Browser.close\"}", true));
        all.forEach(one -> {
            try {
                wait(one.onExit());
            } catch (AssertionError tooLong) {
                one.destroyForcibly();
            }
        });
        socket.abort();
        http.shutdownNow();
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private final class Messages implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode message = JSON.readTree(text.toString());
                text.setLength(0);
                received(message);
            }
            from.request(1);
            return null;
        }

        private void received(JsonNode message) {
            CompletableFuture<JsonNode> answer =
                    answers.remove(message.path("id").asInt(-1));
            if (answer != null) {
                if (message.has("error")) {
                    answer.completeExceptionally(
                            new AssertionError(message.path("error").toString()));
                } else {
                    answer.complete(message.path("result"));
                }
                return;
            }
            switch (message.path("method").asString("")) {
                case "Page.loadEventFired" -> loaded.complete(null);
                case "Runtime.exceptionThrown" -> remember(message);
                case "Log.entryAdded" -> {
                    String entry = message.toString();
                    if (entry.contains("Content Security Policy")) {
                        remember(message);
                    }
                }
                default -> {}
            }
        }

        private void remember(JsonNode message) {
            synchronized (violations) {
                violations.add(message.toString());
            }
        }
    }
}
