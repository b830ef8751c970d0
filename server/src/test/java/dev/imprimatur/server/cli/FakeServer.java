package dev.imprimatur.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.content.Manuscript;
import dev.imprimatur.publishing.content.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Speaks the part of the HTTP contract that the command line uses, from memory, and can be told to misbehave. */
final class FakeServer implements AutoCloseable {
    static final String TOKEN = "a-token";

    private final HttpServer http;
    private final Map<String, ObjectNode> content = new LinkedHashMap<>();
    private final Map<String, String> keys = new TreeMap<>();
    private final List<ObjectNode> comments = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, ObjectNode> publications = new LinkedHashMap<>();
    private final Map<String, Consumer<HttpExchange>> misbehaviour = new TreeMap<>();

    /** {@code POST /api/content {…}}, as they came. */
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    boolean outletIsOff;

    FakeServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::handle);
        http.start();
    }

    String url() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    /** Answers {@code POST /api/content} or the like in this way, once. */
    void once(String request, Consumer<HttpExchange> answer) {
        misbehaviour.put(request, answer);
    }

    /** Answers with a problem, once. */
    void refuseOnce(String request, ErrorCode code, String detail, String... pointersAndDetails) {
        once(request, exchange -> problem(exchange, code, detail, pointersAndDetails));
    }

    ObjectNode put(String id, String title, String state) {
        ObjectNode made =
                Api.JSON.createObjectNode().put("id", id).put("state", state).put("revision", 1);
        made.put("title", title).put("body", "Text.\n").put("lang", "en");
        made.putArray("outlets").add("feed");
        made.set("author", person("anna"));
        made.set("last_editor", person("anna"));
        made.putNull("submitter");
        made.putNull("publish_at");
        rehash(made);
        content.put(id, made);
        return made;
    }

    ObjectNode content(String id) {
        ObjectNode found = content.get(id);
        if (found == null) {
            throw new AssertionError("there is no content " + id);
        }
        return found;
    }

    List<String> ids() {
        return List.copyOf(content.keySet());
    }

    private static ObjectNode person(String name) {
        return Api.JSON
                .createObjectNode()
                .put("id", "00000000-0000-4000-8000-000000000001")
                .put("name", name);
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            String path = exchange.getRequestURI().getPath();
            String request = exchange.getRequestMethod() + " " + path;
            requests.add(request + (body.isEmpty() ? "" : " " + body));
            Consumer<HttpExchange> other = misbehaviour.remove(request);
            if (other != null) {
                other.accept(exchange);
            } else if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                problem(exchange, ErrorCode.UNAUTHENTICATED, "this token is unknown");
            } else {
                route(exchange, request, body.isEmpty() ? Api.JSON.createObjectNode() : Api.JSON.readTree(body));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void route(HttpExchange exchange, String request, JsonNode body) {
        String[] parts = request.split("[ /]+");
        String resource = parts[2];
        if (request.equals("GET /api/feature-flags")) {
            ObjectNode flags = Api.JSON.createObjectNode();
            flags.putArray("items").addObject().put("outlet", "feed").put("mode", "live");
            json(exchange, 200, flags);
        } else if (request.equals("POST /api/content")) {
            create(exchange, body);
        } else if (request.equals("GET /api/content")) {
            page(exchange);
        } else if (resource.equals("content")) {
            aboutContent(exchange, request, parts, body);
        } else if (request.equals("POST /api/approvals")) {
            decide(exchange, body);
        } else if (request.equals("POST /api/publications")) {
            publish(exchange, body);
        } else if (request.equals("GET /api/publications")) {
            json(exchange, 200, items(List.copyOf(publications.values())));
        } else if (request.equals("GET /api/approvals")) {
            json(exchange, 200, items(List.of()));
        } else {
            problem(exchange, ErrorCode.NOT_FOUND, "nothing at " + request);
        }
    }

    private void create(HttpExchange exchange, JsonNode body) {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        String earlier = key == null ? null : keys.get(key);
        exchange.getResponseHeaders().add("Idempotency-Replayed", String.valueOf(earlier != null));
        if (earlier != null) {
            json(exchange, 201, content(earlier));
            return;
        }
        String id = "%08x-0000-4000-8000-000000000000".formatted(0xa0000000 + content.size());
        ObjectNode made = put(id, "-", "draft");
        fill(made, body);
        if (key != null) {
            keys.put(key, id);
        }
        json(exchange, 201, made);
    }

    private static void fill(ObjectNode made, JsonNode body) {
        for (String field : List.of("title", "body", "link", "lang", "outlets")) {
            if (body.has(field)) {
                made.set(field, body.path(field));
            }
        }
        rehash(made);
    }

    private static void rehash(ObjectNode made) {
        String title = made.path("title").asString();
        String link = made.has("link") ? made.path("link").asString() : null;
        String body = made.path("body").asString();
        made.put("sha256", new Manuscript(title, body, link, "en", new TreeMap<>()).sha256());
    }

    private void page(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        int limit = Integer.parseInt(query.replaceAll("(?s).*limit=(\\d+).*", "$1"));
        int start = query.contains("cursor=") ? Integer.parseInt(query.replaceAll("(?s).*cursor=(\\d+).*", "$1")) : 0;
        List<ObjectNode> all = List.copyOf(content.values());
        int end = Math.min(all.size(), start + limit);
        ObjectNode page = items(all.subList(start, end));
        page.put("next", end < all.size() ? String.valueOf(end) : null);
        json(exchange, 200, page);
    }

    private void aboutContent(HttpExchange exchange, String request, String[] parts, JsonNode body) {
        ObjectNode found = content.get(parts[3]);
        if (found == null) {
            problem(exchange, ErrorCode.NOT_FOUND, "there is no content " + parts[3]);
            return;
        }
        String revision = "\"%d\"".formatted(found.path("revision").asInt());
        String ifMatch = exchange.getRequestHeaders().getFirst("If-Match");
        if (ifMatch != null && !ifMatch.equals(revision)) {
            problem(exchange, ErrorCode.STALE_REVISION, "revision " + revision + " is current");
            return;
        }
        switch (parts[0] + " " + (parts.length > 4 ? parts[4] : "")) {
            case "GET " -> json(exchange, 200, found);
            case "PUT " -> {
                String before = found.path("sha256").asString();
                fill(found, body);
                if (!found.path("sha256").asString().equals(before)) {
                    found.put("revision", found.path("revision").asInt() + 1).put("state", "draft");
                }
                json(exchange, 200, found);
            }
            case "POST submission" -> json(exchange, 200, found.put("state", "in_review"));
            case "GET renditions" -> json(exchange, 200, items(List.of(rendition(found))));
            case "GET comments" -> json(exchange, 200, items(comments));
            case "POST comments" -> {
                ObjectNode comment = Api.JSON
                        .createObjectNode()
                        .put("body", body.path("body").asString());
                comment.set("author", person("bert"));
                comments.add(comment.put("created_at", "2026-11-24T10:00:00Z"));
                json(exchange, 201, comment);
            }
            default -> problem(exchange, ErrorCode.NOT_FOUND, "nothing at " + request);
        }
    }

    static ObjectNode rendition(JsonNode content) {
        String payload = "<entry>" + content.path("title").asString() + "</entry>";
        return Api.JSON
                .createObjectNode()
                .put("outlet", "feed")
                .put("revision", content.path("revision").asInt())
                .put("sha256", Sha256.hex(payload))
                .put("payload", payload);
    }

    private void decide(HttpExchange exchange, JsonNode body) {
        ObjectNode found = content(body.path("content_id").asString());
        String seen = body.path("renditions").path(0).path("sha256").asString();
        if (!seen.equals(rendition(found).path("sha256").asString())) {
            problem(exchange, ErrorCode.RENDITIONS_DIFFER, "read it again");
            return;
        }
        found.put("state", body.path("decision").asString());
        ObjectNode approval = ((ObjectNode) body.deepCopy()).put("id", "e0000000-0000-4000-8000-000000000000");
        approval.set("approver", person("bert"));
        if (!approval.has("not_after")) {
            approval.put("not_after", "2026-11-25T10:00:00Z");
        }
        json(exchange, 201, approval);
    }

    private void publish(HttpExchange exchange, JsonNode body) {
        String outlet = body.path("outlet").asString();
        if (!outlet.equals("feed")) {
            problem(exchange, ErrorCode.UNKNOWN_OUTLET, "there is no outlet " + outlet, "/outlet", "there are: feed");
            return;
        }
        ObjectNode publication = (ObjectNode) body.deepCopy();
        publication.put("id", "b0000000-0000-4000-8000-000000000000");
        publication.put("state", outletIsOff ? "held" : "scheduled");
        publication.put("held_reason", outletIsOff ? "outlet_off" : null);
        publication
                .putObject("due_at")
                .put("instant", "2026-12-01T08:00:00Z")
                .put("local", "2026-12-01T09:00")
                .put("zone", "Europe/Berlin");
        publications.put(body.path("content_id").asString(), publication);
        json(exchange, 201, publication);
    }

    private static ObjectNode items(List<ObjectNode> items) {
        ObjectNode page = Api.JSON.createObjectNode();
        page.putArray("items").addAll(items);
        return page;
    }

    static void json(HttpExchange exchange, int status, JsonNode json) {
        answer(exchange, status, "application/json", json.toString());
    }

    private static void problem(HttpExchange exchange, ErrorCode code, String detail, String... pointersAndDetails) {
        ObjectNode problem = Api.JSON.createObjectNode();
        problem.put("type", "/problems/" + code.slug()).put("title", code.title());
        problem.put("status", code.status()).put("detail", detail).put("code", code.code());
        for (int i = 0; i < pointersAndDetails.length; i += 2) {
            problem.withArray("errors")
                    .addObject()
                    .put("pointer", pointersAndDetails[i])
                    .put("detail", pointersAndDetails[i + 1]);
        }
        answer(exchange, code.status(), "application/problem+json", problem.toString());
    }

    static void answer(HttpExchange exchange, int status, @Nullable String type, String body) {
        try {
            if (type != null) {
                exchange.getResponseHeaders().add("Content-Type", type);
            }
            byte[] bytes = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
