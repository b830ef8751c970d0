package dev.imprimatur.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server over HTTP. Only what may safely happen twice is sent a second time when a connection breaks. */
final class Api {
    static final JsonMapper JSON = new JsonMapper();

    private static final String DEFAULT_URL = "http://localhost:8080";
    private static final Duration TIME_TO_CONNECT = Duration.ofSeconds(5);
    private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(30);
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,4096}");

    private final HttpClient http;
    private final String root;
    private final Token token;
    private final Duration timeToAnswer;

    private Api(String root, Token token, Duration timeToAnswer) {
        this.http = client(root);
        this.root = root;
        this.token = token;
        this.timeToAnswer = timeToAnswer;
    }

    private static HttpClient client(String root) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIME_TO_CONNECT);
        if (root.startsWith("http:")) {
            builder.sslContext(trustingNobody());
        }
        return builder.build();
    }

    /** Where no TLS is spoken, half of the start would be spent on reading the certificates of all authorities. */
    private static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[0], new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform must have TLS", e);
        }
    }

    /** Who we are, and where we were told so. */
    private record Token(String value, String source) {}

    /** What the server said when it agreed. */
    record Answer(JsonNode json, boolean replayed) {}

    /** The server and the token that the environment names. */
    static Api of(Surroundings surroundings) {
        return of(surroundings, TIME_TO_ANSWER);
    }

    static Api of(Surroundings surroundings, Duration timeToAnswer) {
        String url = surroundings.variable("IMPRIMATUR_URL");
        return new Api(rootOf(url.isEmpty() ? DEFAULT_URL : url), tokenOf(surroundings), timeToAnswer);
    }

    private static String rootOf(String url) {
        try {
            URI uri = new URI(url);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null) {
                return uri.getScheme().toLowerCase(Locale.ROOT)
                        + url.substring(uri.getScheme().length()).replaceAll("/+$", "");
            }
        } catch (URISyntaxException e) {
            throw FailedException.badInput("IMPRIMATUR_URL is not a URL: " + e.getMessage());
        }
        throw FailedException.badInput("IMPRIMATUR_URL is \"%s\"; write it like %s".formatted(url, DEFAULT_URL));
    }

    private static Token tokenOf(Surroundings surroundings) {
        String value = surroundings.variable("IMPRIMATUR_TOKEN");
        String file = surroundings.variable("IMPRIMATUR_TOKEN_FILE");
        String source = "IMPRIMATUR_TOKEN";
        if (value.isEmpty() && !file.isEmpty()) {
            source = file;
            try {
                value = Files.readString(Path.of(file)).strip();
            } catch (IOException e) {
                throw FailedException.badInput("IMPRIMATUR_TOKEN_FILE: %s cannot be read (%s)"
                        .formatted(file, e.getClass().getSimpleName()));
            }
        }
        if (value.isEmpty()) {
            throw FailedException.badInput("there is no token; put one into IMPRIMATUR_TOKEN or a file named by "
                    + "IMPRIMATUR_TOKEN_FILE. Make one with: imprimatur token create --owner NAME");
        }
        if (!TOKEN.matcher(value).matches()) {
            throw FailedException.badInput("the token in %s holds blanks or odd characters".formatted(source));
        }
        return new Token(value, source);
    }

    static String query(String name, String value) {
        return name + "=" + URLEncoder.encode(value, UTF_8);
    }

    JsonNode get(String path) {
        return send(request(path).GET().build(), true).json();
    }

    /** Makes something new; should the connection break, the same key keeps the repetition from making it twice. */
    JsonNode post(String path, JsonNode body) {
        return postOnce(path, body, UUID.randomUUID().toString()).json();
    }

    /** The key lets the server see a repetition, for a day. */
    Answer postOnce(String path, JsonNode body, String idempotencyKey) {
        return send(
                request(path)
                        .header("Idempotency-Key", idempotencyKey)
                        .POST(bytes(body))
                        .build(),
                true);
    }

    /** Only if that revision is still the current one. */
    JsonNode postIfRevision(String path, int revision) {
        return send(ifRevision(path, revision).POST(bytes(null)).build(), false).json();
    }

    /** Only if that revision is still the current one. */
    JsonNode putIfRevision(String path, JsonNode body, int revision) {
        return send(ifRevision(path, revision).PUT(bytes(body)).build(), false).json();
    }

    private HttpRequest.Builder ifRevision(String path, int revision) {
        return request(path).header("If-Match", "\"%d\"".formatted(revision));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(root + path))
                .timeout(timeToAnswer)
                .header("Authorization", "Bearer " + token.value())
                .header("Accept", "application/json, application/problem+json")
                .header("Content-Type", "application/json");
    }

    private static BodyPublisher bytes(@Nullable JsonNode body) {
        return body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
    }

    private Answer send(HttpRequest request, boolean mayRepeat) {
        try {
            return judge(http.send(request, BodyHandlers.ofByteArray()));
        } catch (HttpConnectTimeoutException e) {
            throw FailedException.outOfReach(
                    "no connection to %s within %d s".formatted(root, TIME_TO_CONNECT.toSeconds()), e);
        } catch (HttpTimeoutException e) {
            throw FailedException.outOfReach(
                    "no answer from %s within %d s; it may have been done nevertheless, see: imprimatur status"
                            .formatted(root, timeToAnswer.toSeconds()),
                    e);
        } catch (ConnectException e) {
            throw FailedException.outOfReach(unconnected(e), e);
        } catch (SSLException e) {
            throw FailedException.outOfReach("no safe connection to %s: %s".formatted(root, e.getMessage()), e);
        } catch (IOException e) {
            if (mayRepeat) {
                return send(request, false);
            }
            throw FailedException.outOfReach(
                    "the connection to %s broke; it may have been done nevertheless, see: imprimatur status"
                            .formatted(root),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw FailedException.outOfReach("interrupted", e);
        }
    }

    private String unconnected(ConnectException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "nobody knows the host of %s; check IMPRIMATUR_URL".formatted(root);
            }
        }
        return "nothing listens at %s; start it with: imprimatur serve, or set IMPRIMATUR_URL".formatted(root);
    }

    private Answer judge(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        JsonNode json = json(response);
        if (status >= 200 && status < 300) {
            boolean replayed = response.headers()
                    .firstValue("Idempotency-Replayed")
                    .orElse("")
                    .equals("true");
            return new Answer(json, replayed);
        }
        if (status < 400) {
            throw foreign(status, "a redirection");
        }
        FailedException refused = FailedException.of(status, json);
        throw status == 401 ? refused.withHint("the token came from " + token.source()) : refused;
    }

    private JsonNode json(HttpResponse<byte[]> response) {
        String type = response.headers().firstValue("Content-Type").orElse("nothing");
        int end = type.indexOf(';');
        String plain = end < 0 ? type : type.substring(0, end).strip();
        boolean said = plain.equals("application/json") || plain.endsWith("+json");
        if (said) {
            try {
                return JSON.readTree(response.body());
            } catch (JacksonException e) {
                throw foreign(response.statusCode(), "broken JSON");
            }
        }
        throw foreign(response.statusCode(), plain);
    }

    private FailedException foreign(int status, String what) {
        return FailedException.outOfReach(
                "%s answered %d with %s instead of JSON; does IMPRIMATUR_URL name an Imprimatur server?"
                        .formatted(root, status, what),
                null);
    }
}
