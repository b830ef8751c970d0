package dev.imprimatur.server.settings;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.RateLimit;
import dev.imprimatur.publishing.database.DatabaseUrl;
import dev.imprimatur.server.settings.RateLimitSettings.Group;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every setting: its default, its name in each of the three places, and what is refused in the name of which key. */
class SettingsReaderTest {
    private static final String DATABASE = "postgres://app:pw@db.example.org/news";
    private static final String REDIS = "rediss://:pw@redis.example.org:6380/2";
    private static final String KEYS = "k1 2026-01-01T00:00:00Z AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private static final String OWNER = "postgres://owner:pw@db.example.org/news";
    private static final String CERBOS = "http://policy.example.org:3592";

    private static final String OTLP = "http://openobserve.example.org:5080/api/default/";
    private static final String OTLP_HEADERS = "Authorization=Basic%20dXNlcjpwK3c=, stream-name=pub";

    @TempDir
    Path folder;

    @Test
    void whoSetsNothingGetsLoopbackAndAnEmbeddedDatabase() {
        assertThat(read(Map.of(), Map.of(), null))
                .isEqualTo(new Settings(
                        InetAddress.ofLiteral("127.0.0.1"),
                        8080,
                        Optional.empty(),
                        Path.of("data"),
                        Optional.empty(),
                        Optional.empty(),
                        10,
                        Optional.empty(),
                        new TrustedProxies(List.of(), TrustedProxies.Header.X_FORWARDED_FOR),
                        Optional.empty(),
                        new SingleSignOn(Optional.empty()),
                        new Settings.FeedSettings("Imprimatur", "Imprimatur"),
                        new RateLimitSettings(
                                Optional.empty(),
                                Map.of(
                                        Group.AGENT_READ, RateLimit.perMinute("agent-read", 1200),
                                        Group.AGENT_WRITE, RateLimit.perMinute("agent-write", 120),
                                        Group.ANONYMOUS_READ, RateLimit.perMinute("anonymous-read", 6000),
                                        Group.ANONYMOUS_WRITE, RateLimit.perMinute("anonymous-write", 120))),
                        new TelemetrySettings(Optional.empty(), Map.of(), 1)));
    }

    private static Settings everything() {
        return new Settings(
                InetAddress.ofLiteral("0.0.0.0"),
                9090,
                Optional.of(URI.create("https://news.example.org")),
                Path.of("/var/lib/imprimatur"),
                Optional.of(DatabaseUrl.parse(DATABASE)),
                Optional.of(DatabaseUrl.parse(OWNER)),
                25,
                Optional.of(new KeySource(KEYS, Optional.empty())),
                new TrustedProxies(
                        List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("::1")),
                        TrustedProxies.Header.FORWARDED),
                Optional.of(URI.create(CERBOS)),
                new SingleSignOn(Optional.empty()),
                new Settings.FeedSettings("Our news", "The newsroom"),
                new RateLimitSettings(
                        Optional.of(RedisURI.create(REDIS)),
                        Map.of(
                                Group.AGENT_READ,
                                RateLimit.perMinute("agent-read", 1200),
                                Group.PERSON_WRITE,
                                new RateLimit("person-write", 20, Duration.ofHours(1)),
                                Group.ANONYMOUS_READ,
                                RateLimit.perMinute("anonymous-read", 5),
                                Group.ANONYMOUS_WRITE,
                                new RateLimit("anonymous-write", 1, Duration.ofSeconds(1)))),
                new TelemetrySettings(
                        Optional.of(URI.create("http://openobserve.example.org:5080/api/default")),
                        Map.of("Authorization", "Basic dXNlcjpwK3c=", "stream-name", "pub"),
                        0.25));
    }

    @Test
    void everySettingHasAnOption() {
        assertThat(read(
                        Map.ofEntries(
                                entry("bind", "0.0.0.0"),
                                entry("port", "9090"),
                                entry("public_url", "https://news.example.org/"),
                                entry("data", "/var/lib/imprimatur"),
                                entry("database_url", DATABASE),
                                entry("database_owner_url", OWNER),
                                entry("database_connections", "25"),
                                entry("keys", KEYS),
                                entry("trusted_proxies", "10.0.0.0/8, ::1"),
                                entry("proxy_header", "forwarded"),
                                entry("cerbos_url", CERBOS),
                                entry("feed_title", "Our news"),
                                entry("feed_author", "The newsroom"),
                                entry("redis_url", REDIS),
                                entry("rate_limit_agent_write", "off"),
                                entry("rate_limit_person_write", "20/1h"),
                                entry("rate_limit_anonymous_read", "5/1m"),
                                entry("rate_limit_anonymous_write", "1/1s"),
                                entry("otlp_endpoint", OTLP),
                                entry("otlp_headers", OTLP_HEADERS),
                                entry("otlp_sampling", "0.25")),
                        Map.of(),
                        null))
                .isEqualTo(everything());
    }

    @Test
    void everySettingHasAVariable() {
        assertThat(read(
                        Map.of(),
                        Map.ofEntries(
                                entry("IMPRIMATUR_BIND", "0.0.0.0"),
                                entry("IMPRIMATUR_PORT", " 9090 "),
                                entry("IMPRIMATUR_PUBLIC_URL", "https://news.example.org"),
                                entry("IMPRIMATUR_DATA", "/var/lib/imprimatur"),
                                entry("DATABASE_URL", DATABASE),
                                entry("DATABASE_OWNER_URL", OWNER),
                                entry("IMPRIMATUR_DATABASE_CONNECTIONS", "25"),
                                entry("IMPRIMATUR_KEYS", KEYS),
                                entry("IMPRIMATUR_TRUSTED_PROXIES", "10.0.0.0/8,::1"),
                                entry("IMPRIMATUR_PROXY_HEADER", "Forwarded"),
                                entry("CERBOS_URL", CERBOS + "/"),
                                entry("IMPRIMATUR_FEED_TITLE", "Our news"),
                                entry("IMPRIMATUR_FEED_AUTHOR", "The newsroom"),
                                entry("REDIS_URL", REDIS),
                                entry("IMPRIMATUR_RATE_LIMIT_AGENT_WRITE", "off"),
                                entry("IMPRIMATUR_RATE_LIMIT_PERSON_WRITE", "20/1h"),
                                entry("IMPRIMATUR_RATE_LIMIT_ANONYMOUS_READ", "5/1m"),
                                entry("IMPRIMATUR_RATE_LIMIT_ANONYMOUS_WRITE", "1/1s"),
                                entry("OTEL_EXPORTER_OTLP_ENDPOINT", OTLP),
                                entry("OTEL_EXPORTER_OTLP_HEADERS", OTLP_HEADERS),
                                entry("IMPRIMATUR_OTLP_SAMPLING", "0.25"),
                                entry("PATH", "/usr/bin")),
                        null))
                .isEqualTo(everything());
    }

    @Test
    void everySettingHasAPlaceInTheFile() throws IOException {
        assertThat(read(Map.of(), Map.of(), file("""
                        # comments are fine
                        bind = 0.0.0.0
                        port = 9090
                        public_url = https://news.example.org
                        data = /var/lib/imprimatur
                        database_url = %s
                        database_owner_url = %s
                        database_connections = 25
                        cerbos_url = %s
                        keys = %s
                        trusted_proxies = 10.0.0.0/8, ::1
                        proxy_header = Forwarded
                        feed_title = Our news
                        feed_author = The newsroom
                        redis_url = %s
                        rate_limit_agent_write = off
                        rate_limit_person_write = 20/1h
                        rate_limit_anonymous_read = 5/1m
                        rate_limit_anonymous_write = 1/1s
                        otlp_endpoint = %s
                        otlp_headers = %s
                        otlp_sampling = 0.25
                        """.formatted(
                                DATABASE, OWNER, CERBOS, KEYS, REDIS, OTLP, OTLP_HEADERS))))
                .isEqualTo(everything());
    }

    @Test
    void anOptionIsStrongerThanAVariableAndThatIsStrongerThanTheFile() throws IOException {
        Path file = file("port = 1\nfeed_title = file\nfeed_author = file\n");
        Map<String, String> environment = Map.of("IMPRIMATUR_PORT", "2", "IMPRIMATUR_FEED_TITLE", "variable");
        Settings settings = read(Map.of("port", "3"), environment, file);
        assertThat(settings.port()).isEqualTo(3);
        assertThat(settings.feed()).isEqualTo(new Settings.FeedSettings("variable", "file"));
    }

    @Test
    void aSecretMayStandInAFileOfItsOwn() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), DATABASE + "\n");
        assertThat(read(Map.of(), Map.of("DATABASE_URL_FILE", secret.toString()), null)
                        .database())
                .contains(DatabaseUrl.parse(DATABASE));
        assertRefused(Map.of("DATABASE_URL_FILE", folder.resolve("none").toString()), "DATABASE_URL_FILE", "none");
        assertRefused(
                Map.of("DATABASE_URL_FILE", secret.toString(), "DATABASE_URL", OWNER),
                "DATABASE_URL and DATABASE_URL_FILE are both set");
    }

    @Test
    void aFileOfKeysIsRememberedForItIsReadAgain() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys"), KEYS + "\n");
        Settings settings = read(Map.of(), Map.of("IMPRIMATUR_KEYS_FILE", keys.toString()), null);
        assertThat(settings.keys()).contains(new KeySource(KEYS, Optional.of(keys)));
        assertThat(settings.toString()).doesNotContain("AAAAAAAA");
    }

    @Test
    void aProxysHeaderWithoutAProxyIsRefused() {
        assertRefused(Map.of("IMPRIMATUR_PROXY_HEADER", "Forwarded"), "trusted_proxies");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"IMPRIMATUR_PROT", "IMPRIMATUR_", "IMPRIMATUR_PROT_FILE", "IMPRIMATUR_POR", "IMPRIMATUR_URL_FILE"
            })
    void aVariableThatNobodyReadsIsRefused(String name) {
        assertRefused(Map.of(name, "1"), "there is no setting " + name + ";", "there are: bind, port,");
    }

    @Test
    void whatTheCommandsReadIsNoSetting() {
        Map<String, String> theirs = Map.of(
                "IMPRIMATUR_URL", "http://localhost:1",
                "IMPRIMATUR_TOKEN", "imp_x",
                "IMPRIMATUR_TOKEN_FILE", "/none",
                "IMPRIMATUR_JAVA_OPTS", "-Xmx1g",
                "IMPRIMATUR_CLASS_PATH", "/none");
        assertThat(read(Map.of(), theirs, null)).isEqualTo(read(Map.of(), Map.of(), null));
    }

    @Test
    void aKeyOfTheFileThatNobodyReadsIsRefusedWithTheFile() throws IOException {
        Path file = file("prot = 8080\n");
        assertThat(refusal(Map.of(), Map.of(), file).detail()).contains("there is no setting 'prot' in " + file);
    }

    @Test
    void aFileThatIsNoneIsRefusedWithItsName() throws IOException {
        Path missing = folder.resolve("missing.properties");
        assertThat(refusal(Map.of(), Map.of(), missing).detail()).isEqualTo(missing + " does not exist");
        Path latin = Files.write(folder.resolve("latin"), "feed_title = \u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(refusal(Map.of(), Map.of(), latin).detail()).contains(latin.toString(), "UTF-8");
        assertThat(refusal(Map.of(), Map.of(), folder).detail()).contains(folder.toString(), "cannot be read");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    IMPRIMATUR_PORT                 | eighty
                    IMPRIMATUR_PORT                 | ``
                    IMPRIMATUR_PORT                 | -1
                    IMPRIMATUR_PORT                 | 65536
                    IMPRIMATUR_PORT                 | 8080.0
                    IMPRIMATUR_BIND                 | ``
                    IMPRIMATUR_BIND                 | 8080
                    IMPRIMATUR_BIND                 | no such host
                    IMPRIMATUR_BIND                 | 1.2.3.400
                    IMPRIMATUR_DATA                 | ``
                    IMPRIMATUR_PUBLIC_URL           | ``
                    IMPRIMATUR_PUBLIC_URL           | news.example.org
                    IMPRIMATUR_PUBLIC_URL           | ftp://news.example.org
                    IMPRIMATUR_PUBLIC_URL           | https://
                    IMPRIMATUR_PUBLIC_URL           | https://news.example.org?a=b
                    IMPRIMATUR_PUBLIC_URL           | https://two words
                    IMPRIMATUR_DATABASE_CONNECTIONS | 0
                    IMPRIMATUR_DATABASE_CONNECTIONS | many
                    CERBOS_URL | localhost:3592
                    IMPRIMATUR_KEYS                 | ``
                    IMPRIMATUR_TRUSTED_PROXIES      | ``
                    IMPRIMATUR_TRUSTED_PROXIES      | 10.0.0.0/33
                    IMPRIMATUR_TRUSTED_PROXIES      | 10.0.0.1/8
                    IMPRIMATUR_TRUSTED_PROXIES      | 10.0.0.0/8,
                    IMPRIMATUR_TRUSTED_PROXIES      | proxy.example.org
                    IMPRIMATUR_PROXY_HEADER         | X-Real-IP
                    IMPRIMATUR_FEED_TITLE           | ``
                    IMPRIMATUR_FEED_AUTHOR          | ``
                    DATABASE_URL                    | ``
                    DATABASE_URL                    | jdbc:postgresql://here/db
                    DATABASE_URL                    | mysql://me:secret@here/db
                    DATABASE_URL                    | postgres://me:secret@here/db?sslmod=require
                    DATABASE_OWNER_URL              | postgres://me:secret@here/db
                    REDIS_URL                       | ``
                    REDIS_URL                       | redis.example.org:6379
                    REDIS_URL                       | http://:secret@redis.example.org
                    REDIS_URL                       | redis://:secret@redis.example.org:port
                    REDIS_URL                       | redis:///secret
                    IMPRIMATUR_RATE_LIMIT_AGENT_WRITE | ``
                    IMPRIMATUR_RATE_LIMIT_AGENT_WRITE | 120
                    IMPRIMATUR_RATE_LIMIT_AGENT_WRITE | 0/60s
                    IMPRIMATUR_RATE_LIMIT_AGENT_WRITE | -1/60s
                    IMPRIMATUR_RATE_LIMIT_AGENT_WRITE | 1000001/60s
                    IMPRIMATUR_RATE_LIMIT_AGENT_WRITE | 120/0s
                    IMPRIMATUR_RATE_LIMIT_AGENT_WRITE | 120/25h
                    IMPRIMATUR_RATE_LIMIT_AGENT_WRITE | 120/60
                    IMPRIMATUR_RATE_LIMIT_AGENT_WRITE | OFF
                    OTEL_EXPORTER_OTLP_ENDPOINT     | localhost:4318
                    OTEL_EXPORTER_OTLP_ENDPOINT     | http://me:secret@localhost:4318
                    OTEL_EXPORTER_OTLP_HEADERS      | ``
                    OTEL_EXPORTER_OTLP_HEADERS      | secret
                    OTEL_EXPORTER_OTLP_HEADERS      | =secret
                    OTEL_EXPORTER_OTLP_HEADERS      | a=secret,
                    OTEL_EXPORTER_OTLP_HEADERS      | a=secret,A=secret
                    OTEL_EXPORTER_OTLP_HEADERS      | a=secret%
                    OTEL_EXPORTER_OTLP_HEADERS      | a=secret%0D%0Ab
                    OTEL_EXPORTER_OTLP_HEADERS      | a=secret
                    IMPRIMATUR_OTLP_SAMPLING        | 1.5
                    IMPRIMATUR_OTLP_SAMPLING        | NaN
                    IMPRIMATUR_OTLP_SAMPLING        | all
                    """)
    void aMalformedValueIsRefusedWithItsNameAndWithoutItsSecret(String name, String value) {
        assertThat(refusal(Map.of(), Map.of(name, value), null).detail())
                .startsWith(name)
                .doesNotContain("secret");
    }

    @Test
    void whatIsPrintedOfSettingsHoldsNoSecret() {
        assertThat(read(
                                Map.of(),
                                Map.of(
                                        "DATABASE_URL", "postgres://app:secret@db.example.org/news",
                                        "REDIS_URL", "redis://:secret@redis.example.org",
                                        "OTEL_EXPORTER_OTLP_ENDPOINT", OTLP,
                                        "OTEL_EXPORTER_OTLP_HEADERS", "Authorization=secret"),
                                null)
                        .toString())
                .contains("db.example.org", "redis.example.org", "Authorization")
                .doesNotContain("secret");
    }

    @Test
    void everyFaultIsToldAtOnceWithThePlaceItCameFrom() throws IOException {
        RefusedException refused =
                refusal(Map.of("port", "x"), Map.of("IMPRIMATUR_BIND", "?"), file("database_connections = 0\n"));
        assertThat(refused.detail()).contains("--port: 'x'", "IMPRIMATUR_BIND: '?'", "'database_connections' in ");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("imprimatur.properties"), text);
    }

    private static Settings read(Map<String, String> options, Map<String, String> environment, @Nullable Path file) {
        return SettingsReader.read(options, environment, file);
    }

    private static void assertRefused(Map<String, String> environment, String... parts) {
        assertThat(refusal(Map.of(), environment, null).detail()).contains(parts);
    }

    private static RefusedException refusal(
            Map<String, String> options, Map<String, String> environment, @Nullable Path file) {
        RefusedException refused =
                catchThrowableOfType(RefusedException.class, () -> SettingsReader.read(options, environment, file));
        assertThat(refused).isNotNull();
        assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
        return refused;
    }

    @Test
    void takesSingleSignOnWholeOrNotAtAll() {
        Map<String, String> whole = Map.of(
                "IMPRIMATUR_OIDC_ISSUER", "https://id.example.org",
                "IMPRIMATUR_OIDC_CLIENT_ID", "imprimatur",
                "IMPRIMATUR_OIDC_CLIENT_SECRET", "a planted secret");
        SingleSignOn read = read(Map.of(), whole, null).singleSignOn();

        assertThat(read.providers()).containsExactly(Map.entry("oidc", "single sign-on"));
        assertThat(read.toString()).contains("https://id.example.org").doesNotContain("planted");
        for (String missing : whole.keySet()) {
            Map<String, String> part = new java.util.HashMap<>(whole);
            part.remove(missing);
            assertThatThrownBy(() -> read(Map.of(), part, null)).hasMessageContaining("IMPRIMATUR_OIDC_ISSUER");
        }
        assertThatThrownBy(() -> read(Map.of(), Map.of("IMPRIMATUR_OIDC_ISSUER", "http://id.example.org"), null))
                .hasMessageContaining("https");
    }
}
