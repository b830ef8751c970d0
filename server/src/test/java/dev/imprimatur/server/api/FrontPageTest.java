package dev.imprimatur.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.outlets.WebPage;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.runtime.TestServer.Answer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The feed as a page, which needs no token. */
class FrontPageTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everybodySeesTheFeedAndTheirBrowserRunsNothing() throws SQLException {
        // Not even what came around every gate, straight into the table.
        try (Connection superuser =
                        server.database().getDatabase("postgres", "imprimatur").getConnection();
                Statement statement = superuser.createStatement()) {
            statement.execute("""
                    SET session_replication_role = replica;
                    INSERT INTO feed_entries (subject, key, revision, payload)
                    VALUES (gen_random_uuid(), gen_random_uuid(), 1,
                        '{"title":"<script>alert(1)</script>","link":null,"lang":"en","content_html":"<p>Seen</p>"}')""");
        }

        Answer page = server.get("/", null);

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html;charset=utf-8");
        assertThat(page.header("Content-Security-Policy"))
                .isEqualTo(WebPage.CONTENT_SECURITY_POLICY)
                .startsWith("default-src 'none'");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.body()).contains("<p>Seen</p>", "&lt;script&gt;").doesNotContain("<script");
    }

    @Test
    void thePageIsNotSentAgainToWhoHasIt() {
        Answer first = server.get("/", null);
        Answer second = server.get("/", null, "If-None-Match", first.header("ETag"));

        assertThat(first.header("ETag")).matches("\"[0-9a-f]{64}\"");
        assertThat(second.status()).isEqualTo(304);
        assertThat(second.response().body()).isEmpty();
    }

    @Test
    void aCursorOfOnesOwnMakingIsRefused() {
        assertThat(server.get("/?cursor=1", null).status()).isEqualTo(400);
    }
}
