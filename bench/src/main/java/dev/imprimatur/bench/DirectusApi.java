package dev.imprimatur.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an administrator of a new Directus does by hand, so that a writer can create what we call content. */
final class DirectusApi {
    /** Our content, with the columns of a first revision; an item is hashed by nobody. */
    private static final String CONTENT = """
            {"collection": "content", "meta": {"accountability": "all"}, "schema": {}, "fields": [
              {"field": "id", "type": "uuid", "meta": {"special": ["uuid"]}, "schema": {"is_primary_key": true}},
              {"field": "state", "type": "string", "schema": {"default_value": "draft", "is_nullable": false}},
              {"field": "revision", "type": "integer", "schema": {"default_value": 1, "is_nullable": false}},
              {"field": "title", "type": "string", "schema": {}},
              {"field": "body", "type": "text", "schema": {"is_nullable": false}},
              {"field": "link", "type": "string", "schema": {}},
              {"field": "lang", "type": "string", "schema": {}},
              {"field": "outlets", "type": "json", "meta": {"special": ["cast-json"]}, "schema": {"is_nullable": false}},
              {"field": "due_at", "type": "timestamp", "schema": {}},
              {"field": "author", "type": "uuid", "meta": {"special": ["user-created"]}, "schema": {}},
              {"field": "created_at", "type": "timestamp", "meta": {"special": ["date-created"]},
               "schema": {"is_indexed": true}},
              {"field": "updated_at", "type": "timestamp", "meta": {"special": ["date-created", "date-updated"]},
               "schema": {}}]}""";

    private static final String AUTHOR = """
            {"collection": "content", "field": "author", "related_collection": "directus_users", "schema": {}}""";

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI server;
    private final String administrator;

    DirectusApi(URI server, String administrator) {
        this.server = server;
        this.administrator = administrator;
    }

    void makeContentAndWriter(String writer) throws IOException {
        post("/collections", CONTENT);
        post("/relations", AUTHOR);
        String policy = id(post("/policies", """
                {"name": "Writer", "admin_access": false, "app_access": false}"""));
        for (String action : new String[] {"create", "read"}) {
            post("/permissions", """
                    {"policy": "%s", "collection": "content", "action": "%s", "fields": ["*"],
                     "permissions": {}, "validation": {}}""".formatted(policy, action));
        }
        String role = id(post("/roles", "{\"name\": \"Writer\"}"));
        post("/access", "{\"policy\": \"%s\", \"role\": \"%s\"}".formatted(policy, role));
        post("/users", """
                {"email": "writer@example.org", "role": "%s", "token": "%s", "status": "active"}""".formatted(role, writer));
    }

    boolean answers() {
        try {
            return send(HttpRequest.newBuilder(server.resolve("/server/ping")).build())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            // It does not listen yet; whoever asks asks again, and knows when to give up.
            return false;
        }
    }

    private JsonNode post(String path, String json) throws IOException {
        HttpResponse<String> response = send(HttpRequest.newBuilder(server.resolve(path))
                .header("Authorization", "Bearer " + administrator)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
        if (response.statusCode() != 200) {
            throw new IOException("POST " + path + ": " + response.statusCode() + " " + response.body());
        }
        return JsonMapper.shared().readTree(response.body()).path("data");
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static String id(JsonNode data) {
        return data.path("id").asString();
    }
}
