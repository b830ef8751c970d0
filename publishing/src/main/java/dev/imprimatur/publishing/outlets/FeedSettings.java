package dev.imprimatur.publishing.outlets;

import java.net.URI;
import java.util.UUID;

/**
 * What the feed says of itself.
 *
 * @param installation never changes, and so neither does the feed's id
 * @param baseUrl where readers find this server, with or without a slash at its end
 * @param author the organisation's name
 */
public record FeedSettings(UUID installation, URI baseUrl, String title, String author) {

    public FeedSettings {
        String base = baseUrl.toString();
        baseUrl = base.endsWith("/") ? baseUrl : URI.create(base + "/");
    }

    public URI atomUrl() {
        return baseUrl.resolve("feed.xml");
    }

    public URI jsonUrl() {
        return baseUrl.resolve("feed.json");
    }

    String id() {
        return "urn:uuid:" + installation;
    }
}
