package dev.imprimatur.publishing.outlets;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A page as JSON Feed 1.1. */
final class JsonFeed {
    private static final JsonMapper JSON = new JsonMapper();

    private JsonFeed() {}

    static String of(FeedPage page, FeedSettings settings) {
        ObjectNode feed = JSON.createObjectNode();
        feed.put("version", "https://jsonfeed.org/version/1.1");
        feed.put("title", settings.title());
        feed.put("home_page_url", settings.baseUrl().toString());
        // The same on each page: JSON Feed takes it for the feed's identity.
        feed.put("feed_url", settings.jsonUrl().toString());
        if (page.next() != null) {
            feed.put("next_url", page.next().on(settings.jsonUrl()).toString());
        }
        feed.putArray("authors").addObject().put("name", settings.author());
        ArrayNode items = feed.putArray("items");
        page.entries().forEach(entry -> item(items.addObject(), entry));
        return JSON.writeValueAsString(feed);
    }

    private static void item(ObjectNode item, FeedPage.Entry entry) {
        item.put("id", Feed.entryId(entry.subject()));
        if (entry.payload().link() != null) {
            item.put("url", entry.payload().link());
        }
        item.put("title", entry.payload().title());
        item.put("content_html", entry.payload().contentHtml());
        item.put("date_published", entry.publishedAt().toString());
        item.put("date_modified", entry.updatedAt().toString());
        item.put("language", entry.payload().lang());
    }
}
