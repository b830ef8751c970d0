package dev.imprimatur.publishing.outlets;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the feed is given of a manuscript; as compact JSON with these keys in this order it is what people approve. */
record FeedPayload(String title, @Nullable String link, String lang, String contentHtml) {
    private static final JsonMapper JSON = new JsonMapper();

    String toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("title", title);
        json.put("link", link);
        json.put("lang", lang);
        json.put("content_html", contentHtml);
        return JSON.writeValueAsString(json);
    }

    static FeedPayload parse(String text) {
        JsonNode json = JSON.readTree(text);
        return new FeedPayload(
                json.required("title").stringValue(),
                json.required("link").isNull() ? null : json.required("link").stringValue(),
                json.required("lang").stringValue(),
                json.required("content_html").stringValue());
    }
}
