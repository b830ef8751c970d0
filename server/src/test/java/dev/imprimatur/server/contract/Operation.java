package dev.imprimatur.server.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** One method of one path, as the document describes it. */
public record Operation(String method, String path, JsonNode json, JsonNode document) {
    public String id() {
        return json.path("operationId").asString("");
    }

    public boolean isOpen() {
        return json.has("security") && json.path("security").isEmpty();
    }

    /** Which roles may ask, one being enough; empty where everybody may who is known. */
    public Set<String> roles() {
        Set<String> roles = new TreeSet<>();
        json.path("x-roles").forEach(role -> roles.add(role.asString()));
        return roles;
    }

    public boolean agentsMay() {
        return json.path("x-agents").asBoolean();
    }

    public boolean takesBody() {
        return json.has("requestBody");
    }

    /** The resolved parameters. */
    public List<JsonNode> parameters() {
        List<JsonNode> parameters = new ArrayList<>();
        json.path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
        return parameters;
    }

    public boolean takes(String parameter, String in) {
        return parameters().stream()
                .anyMatch(known -> known.path("name").asString("").equals(parameter)
                        && known.path("in").asString("").equals(in));
    }

    public boolean answers(int status) {
        return json.path("responses").has(String.valueOf(status));
    }

    /** The status when all goes well. */
    public int success() {
        return json.path("responses").propertyNames().stream()
                .filter(status -> status.startsWith("2"))
                .map(Integer::valueOf)
                .findFirst()
                .orElseThrow();
    }

    JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asString("").substring(1)) : node;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
