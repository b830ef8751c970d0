package dev.imprimatur.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.database.Database;
import dev.imprimatur.publishing.database.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an installation has in its database and its feed once everything is out, held against what should be there. */
record Books(List<String> titles, List<String> feed, Map<String, List<Map<String, Object>>> breaches, String summary) {
    /** Each finds what must not be. */
    private static final Map<String, String> RULES = Map.of(
            "one publication for each content, and it is published",
            """
                SELECT c.id, array_agg(p.state) AS states
                FROM content c LEFT JOIN publications p ON p.content_id = c.id
                GROUP BY c.id HAVING array_agg(p.state) <> ARRAY['published']""",
            "what stands in the feed was published, with the approved bytes",
            """
                SELECT p.id AS publication, f.subject
                FROM feed_entries f
                FULL JOIN publications p ON p.id = f.key AND p.content_id = f.subject AND p.revision = f.revision
                      AND p.rendition_sha256 = sha256(convert_to(E'feed\\n' || f.payload, 'UTF8'))
                WHERE p.id IS NULL OR f.subject IS NULL""",
            "whatever reached the wire was approved then, by somebody else",
            """
                SELECT a.publication_id, a.fence
                FROM attempts a JOIN publications p ON p.id = a.publication_id JOIN content c ON c.id = p.content_id
                WHERE a.wire_at IS NOT NULL AND NOT EXISTS (
                    SELECT FROM approvals y
                    WHERE y.content_id = p.content_id AND y.revision = p.revision AND y.decision = 'approved'
                      AND p.rendition_sha256 = ANY (y.rendition_sha256s) AND y.withdrawn_at IS NULL
                      AND y.decided_at <= a.wire_at AND a.wire_at BETWEEN y.not_before AND y.not_after
                      AND y.approver NOT IN (c.author, c.submitter))""",
            "every attempt has ended, and the last one only was accepted",
            """
                SELECT publication_id, array_agg(outcome ORDER BY fence) AS outcomes
                FROM attempts GROUP BY publication_id
                HAVING bool_or(finished_at IS NULL) OR max(fence) <> count(*)
                    OR array_agg(fence) FILTER (WHERE outcome = 'accepted') IS DISTINCT FROM ARRAY[max(fence)]""",
            "one key for each content",
            """
                SELECT c.id, k.key
                FROM content c
                FULL JOIN (SELECT * FROM idempotency_keys WHERE route = 'POST /api/content') k ON k.subject_id = c.id
                WHERE c.id IS NULL OR k.key IS NULL""",
            "one kept answer for each yes and each publication",
            """
                SELECT approvals, publications, answered FROM
                    (SELECT (SELECT count(*) FROM approvals) AS approvals,
                            (SELECT count(*) FROM publications) AS publications,
                            (SELECT count(*) FROM idempotency_keys WHERE route <> 'POST /api/content' AND status = 201)
                                AS answered) one
                WHERE approvals + publications <> answered""",
            "three people",
            """
                SELECT array_agg(name ORDER BY name) AS names FROM people
                HAVING array_agg(name ORDER BY name) <> ARRAY['anna', 'olga', 'vera']""",
            "the audit tells of every change, and of nothing else",
            """
                WITH happened AS (
                    SELECT 'content.' || step AS action, id::text AS subject_id
                    FROM content, unnest(ARRAY['created', 'submitted', 'approved']) AS step
                    UNION ALL SELECT 'approval.decided', content_id::text FROM approvals
                    UNION ALL SELECT 'publication.' || step, id::text
                              FROM publications, unnest(ARRAY['scheduled', 'published']) AS step
                    UNION ALL SELECT 'publication.sending', publication_id::text FROM attempts
                    UNION ALL SELECT 'publication.scheduled', publication_id::text FROM attempts WHERE outcome <> 'accepted'
                    UNION ALL SELECT 'person.added', id::text FROM people
                    UNION ALL SELECT 'token.created', id::text FROM api_tokens)
                SELECT action, subject_id, h.times AS happened, a.times AS told
                FROM (SELECT action, subject_id, count(*) AS times FROM happened GROUP BY 1, 2) h
                FULL JOIN (SELECT action, subject_id, count(*) AS times FROM audit GROUP BY 1, 2) a
                    USING (action, subject_id)
                WHERE h.times IS DISTINCT FROM a.times""");

    static Books of(Installation installation) {
        List<String> feed = readFeed(installation);
        try (LocalPostgres postgres = LocalPostgres.connectOrStart(installation.data())) {
            Jdbi jdbi = Database.jdbi(postgres.ownerUrl()::connect);
            Map<String, List<Map<String, Object>>> breaches = new LinkedHashMap<>();
            RULES.forEach((rule, sql) -> {
                List<Map<String, Object>> found = jdbi.withHandle(
                        handle -> handle.createQuery(sql).mapToMap().list());
                if (!found.isEmpty()) {
                    breaches.put(rule, found);
                }
            });
            List<String> titles = strings(
                    jdbi, "SELECT canonical::jsonb ->> 'title' FROM content JOIN revisions ON content_id = content.id");
            String summary = String.join("; ", strings(jdbi, """
                    SELECT coalesce(outcome, 'open') || ' ' || count(*) FROM attempts GROUP BY outcome ORDER BY 1"""));
            return new Books(titles, feed, breaches, "attempts: " + summary);
        }
    }

    void assertComplete(List<String> expected) {
        assertThat(breaches).isEmpty();
        assertThat(titles).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(feed).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<String> strings(Jdbi jdbi, String sql) {
        return jdbi.withHandle(
                handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    /** The title of every entry that a reader finds who follows the pages. */
    private static List<String> readFeed(Installation installation) {
        List<String> read = new ArrayList<>();
        try (Program server = installation.serve();
                HttpClient http = HttpClient.newHttpClient()) {
            String line = server.awaitLine("Imprimatur serves at ");
            String next = line.substring(line.indexOf("http")) + "/feed.json";
            while (!next.isEmpty()) {
                String page = http.send(HttpRequest.newBuilder(URI.create(next)).build(), BodyHandlers.ofString())
                        .body();
                JsonNode json = new JsonMapper().readTree(page);
                json.path("items").forEach(item -> read.add(item.path("title").asString("")));
                next = json.path("next_url").asString("");
            }
            server.terminate();
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
