package dev.imprimatur.server.settings;

import dev.imprimatur.publishing.database.DatabaseUrl;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Everything that can be set, typed, with the defaults that a newcomer gets.
 *
 * @param bind the address to listen on; loopback unless told otherwise
 * @param port 0 for any free one
 * @param publicUrl how the world reaches this server; empty for http://localhost and the port
 * @param data where the embedded PostgreSQL keeps its rows; unused when a database is given
 * @param database as whom the server connects; empty for the embedded one
 * @param owner as whom it migrates; empty for the same as {@code database}
 * @param connections how many connections the pool may open
 * @param keys for signatures and encryption; empty for those that the embedded database's data folder holds
 * @param proxies whose word is taken on where a request came from
 * @param cerbos which policy server decides; empty for this program itself
 * @param singleSignOn by which other server people may come in
 */
public record Settings(
        InetAddress bind,
        int port,
        Optional<URI> publicUrl,
        Path data,
        Optional<DatabaseUrl> database,
        Optional<DatabaseUrl> owner,
        int connections,
        Optional<KeySource> keys,
        TrustedProxies proxies,
        Optional<URI> cerbos,
        SingleSignOn singleSignOn,
        FeedSettings feed,
        RateLimitSettings rateLimits,
        TelemetrySettings telemetry) {

    /** How the feed calls itself. */
    public record FeedSettings(String title, String author) {}

    /** The address that people are shown, once the port is known. */
    public URI publicUrl(int actualPort) {
        return publicUrl.orElseGet(() -> URI.create("http://localhost:" + actualPort));
    }
}
