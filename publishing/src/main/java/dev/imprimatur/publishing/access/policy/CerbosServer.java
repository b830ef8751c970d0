package dev.imprimatur.publishing.access.policy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Cerbos that is asked over HTTP. Only its clear yes is one: silence and nonsense deny, and are counted. */
final class CerbosServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CerbosServer.class);
    private static final Duration TO_CONNECT = Duration.ofMillis(500);
    private static final Duration TO_ANSWER = Duration.ofSeconds(1);
    private static final int LARGEST_ANSWER = 64 * 1024;
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(TO_CONNECT)
            .build();
    private final URI check;
    private final LongAdder unanswered = new LongAdder();
    private final AtomicBoolean silent = new AtomicBoolean();

    /** @param url without a slash at its end */
    CerbosServer(URI url) {
        check = URI.create(url + "/api/check/resources");
    }

    Answer ask(Question question) {
        if (question.roles().isEmpty()) {
            // Cerbos takes no question of a principal without roles; it has no rule for one either.
            return Answer.DENIED;
        }
        HttpRequest request = HttpRequest.newBuilder(check)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body(question))))
                .build();
        // The request's own timeout would end with the headers.
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        try {
            Answer read = read(answer.get(TO_ANSWER.toMillis(), TimeUnit.MILLISECONDS), question);
            if (silent.compareAndSet(true, false)) {
                LOG.info("the policy server at {} answers again", check);
            }
            return read;
        } catch (TimeoutException e) {
            answer.cancel(true);
            return none("it has not answered within " + TO_ANSWER);
        } catch (ExecutionException e) {
            return none(String.valueOf(e.getCause()));
        } catch (JacksonException | IOException e) {
            return none(String.valueOf(e));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return none("this was interrupted");
        }
    }

    long unanswered() {
        return unanswered.sum();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private static Map<String, Object> body(Question question) {
        return Map.of(
                "principal",
                Map.of(
                        "id", question.id(),
                        "roles", question.roles(),
                        "attr", question.attributes()),
                "resources",
                List.of(Map.of(
                        "resource",
                        Map.of(
                                "kind", question.action().kind(),
                                "id", question.resource().id(),
                                "attr", question.resource().attributes()),
                        "actions",
                        List.of(question.action().verb()))));
    }

    private static Answer read(HttpResponse<byte[]> response, Question question) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException("it answers with status " + response.statusCode());
        }
        JsonNode results = JSON.readTree(response.body()).path("results");
        JsonNode resource = results.path(0).path("resource");
        if (results.size() != 1
                || !resource.path("kind").asString("").equals(question.action().kind())
                || !resource.path("id").asString("").equals(question.resource().id())) {
            throw new IOException("it answers another question than was asked");
        }
        String effect =
                results.path(0).path("actions").path(question.action().verb()).asString("");
        return switch (effect) {
            case "EFFECT_ALLOW" -> Answer.ALLOWED;
            case "EFFECT_DENY" -> Answer.DENIED;
            default -> throw new IOException("it answers with no effect that there is");
        };
    }

    /** Logged when it begins, and when it is over: while it lasts, every request would say the same. */
    private Answer none(String why) {
        unanswered.increment();
        if (silent.compareAndSet(false, true)) {
            LOG.warn("the policy server at {} has no answer, so nothing is allowed until it has: {}", check, why);
        }
        return Answer.NONE;
    }
}
