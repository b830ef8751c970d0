package dev.imprimatur.server.settings;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.RateLimit;
import dev.imprimatur.publishing.database.DatabaseUrl;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link Settings} from options, the environment and a file, in this order of precedence. What it does not know,
 * or cannot read as what it should be, refuses the start and is named with the place it came from.
 */
public final class SettingsReader {
    private static final String PREFIX = "IMPRIMATUR_";
    private static final List<String> KEYS = List.of(
            "bind",
            "port",
            "public_url",
            "data",
            "database_url",
            "database_owner_url",
            "database_connections",
            "keys",
            "trusted_proxies",
            "proxy_header",
            "cerbos_url",
            "oidc_issuer",
            "oidc_client_id",
            "oidc_client_secret",
            "oidc_label",
            "feed_title",
            "feed_author",
            "redis_url",
            "rate_limit_agent_read",
            "rate_limit_agent_write",
            "rate_limit_person_read",
            "rate_limit_person_write",
            "rate_limit_anonymous_read",
            "rate_limit_anonymous_write",
            "otlp_endpoint",
            "otlp_headers",
            "otlp_sampling");
    /** Where the environment's name is a standard of its own. */
    private static final Map<String, String> STANDARD = Map.of(
            "DATABASE_URL", "database_url",
            "DATABASE_OWNER_URL", "database_owner_url",
            "CERBOS_URL", "cerbos_url",
            "REDIS_URL", "redis_url",
            "OTEL_EXPORTER_OTLP_ENDPOINT", "otlp_endpoint",
            "OTEL_EXPORTER_OTLP_HEADERS", "otlp_headers");
    /** Read by the launcher and by the commands that talk to a server. */
    private static final Set<String> NOT_SETTINGS = Set.of(
            "IMPRIMATUR_URL",
            "IMPRIMATUR_TOKEN",
            "IMPRIMATUR_TOKEN_FILE",
            "IMPRIMATUR_PASSWORD",
            "IMPRIMATUR_PASSWORD_FILE",
            "IMPRIMATUR_JAVA_OPTS",
            "IMPRIMATUR_CLASS_PATH");

    private record Value(String text, String from, @Nullable Path file) {}

    private final Map<String, Value> values = new TreeMap<>();

    private SettingsReader() {}

    /**
     * @param options what the command line said, by key; the strongest
     * @param environment the process's environment
     * @param file a properties file, or null for none; the weakest
     * @throws RefusedException BAD_SETTING, naming the key
     */
    public static Settings read(Map<String, String> options, Map<String, String> environment, @Nullable Path file) {
        SettingsReader reader = new SettingsReader();
        if (file != null) {
            reader.readFile(file);
        }
        reader.readEnvironment(environment);
        options.forEach((key, value) -> reader.values.put(key, new Value(value, "--" + key.replace('_', '-'), null)));
        return reader.settings();
    }

    private void readFile(Path file) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(in);
        } catch (NoSuchFileException e) {
            throw bad(file + " does not exist");
        } catch (MalformedInputException | IllegalArgumentException e) {
            throw bad(file + " is not a properties file in UTF-8");
        } catch (IOException e) {
            throw bad(file + " cannot be read: " + e.getMessage());
        }
        properties.forEach((key, value) -> put((String) key, (String) value, "'" + key + "' in " + file, null));
    }

    private void readEnvironment(Map<String, String> environment) {
        Map<String, String> setBy = new TreeMap<>();
        new TreeMap<>(environment).forEach((name, value) -> {
            String plain = name.endsWith("_FILE") ? name.substring(0, name.length() - "_FILE".length()) : name;
            if (NOT_SETTINGS.contains(name) || !(plain.startsWith(PREFIX) || STANDARD.containsKey(plain))) {
                return;
            }
            String key = STANDARD.getOrDefault(plain, "");
            if (key.isEmpty()) {
                key = plain.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
            }
            refuseUnknown(key, name);
            String other = setBy.put(key, name);
            if (other != null) {
                throw bad("%s and %s are both set; keep one of them".formatted(other, name));
            }
            if (plain.equals(name)) {
                put(key, value, name, null);
            } else {
                put(key, fromFile(name, value), name, Path.of(value));
            }
        });
    }

    private static String fromFile(String name, String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw bad("%s names the file %s, which cannot be read".formatted(name, file));
        }
    }

    private static void refuseUnknown(String key, String from) {
        if (!KEYS.contains(key)) {
            throw bad("there is no setting %s; there are: %s".formatted(from, String.join(", ", KEYS)));
        }
    }

    private void put(String key, String text, String from, @Nullable Path file) {
        refuseUnknown(key, from);
        values.put(key, new Value(text.strip(), from, file));
    }

    private Settings settings() {
        List<String> faults = new ArrayList<>();
        Settings settings = new Settings(
                read("bind", "127.0.0.1", faults, SettingsReader::address),
                read("port", "8080", faults, text -> number(text, 0, 65_535)),
                given("public_url", faults, SettingsReader::url),
                read("data", "data", faults, SettingsReader::folder),
                given("database_url", faults, DatabaseUrl::parse),
                given("database_owner_url", faults, DatabaseUrl::parse),
                read("database_connections", "10", faults, text -> number(text, 1, 500)),
                given("keys", faults, this::keys),
                new TrustedProxies(
                        given("trusted_proxies", faults, SettingsReader::ranges).orElse(List.of()),
                        read("proxy_header", "X-Forwarded-For", faults, TrustedProxies.Header::of)),
                given("cerbos_url", faults, SettingsReader::url),
                singleSignOn(faults),
                new Settings.FeedSettings(
                        read("feed_title", "Imprimatur", faults, SettingsReader::line),
                        read("feed_author", "Imprimatur", faults, SettingsReader::line)),
                rateLimits(faults),
                new TelemetrySettings(
                        given("otlp_endpoint", faults, text -> TelemetrySettings.endpoint(url(text))),
                        given("otlp_headers", faults, TelemetrySettings::headers)
                                .orElse(Map.of()),
                        read("otlp_sampling", "1", faults, TelemetrySettings::sampling)));
        if (values.containsKey("database_owner_url") && !values.containsKey("database_url")) {
            faults.add("DATABASE_OWNER_URL is of use only beside DATABASE_URL");
        }
        if (values.containsKey("proxy_header") && !values.containsKey("trusted_proxies")) {
            faults.add("a proxy's header is believed only from trusted_proxies; name them");
        }
        if (values.containsKey("otlp_headers") && !values.containsKey("otlp_endpoint")) {
            faults.add("OTEL_EXPORTER_OTLP_HEADERS is of use only beside OTEL_EXPORTER_OTLP_ENDPOINT");
        }
        if (!faults.isEmpty()) {
            throw bad(String.join("; ", faults));
        }
        return settings;
    }

    private SingleSignOn singleSignOn(List<String> faults) {
        Optional<URI> issuer = given("oidc_issuer", faults, SingleSignOn::issuer);
        Optional<String> id = given("oidc_client_id", faults, SettingsReader::line);
        Optional<String> secret = given("oidc_client_secret", faults, SettingsReader::line);
        String label = read("oidc_label", "single sign-on", faults, SettingsReader::line);
        boolean some = values.keySet().stream().anyMatch(key -> key.startsWith("oidc_"));
        if (some && (issuer.isEmpty() || id.isEmpty() || secret.isEmpty())) {
            faults.add("single sign-on takes IMPRIMATUR_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET together");
            return new SingleSignOn(Optional.empty());
        }
        return new SingleSignOn(
                issuer.map(known -> new SingleSignOn.Provider(known, id.orElseThrow(), secret.orElseThrow(), label)));
    }

    private RateLimitSettings rateLimits(List<String> faults) {
        Map<RateLimitSettings.Group, RateLimit> limits = new EnumMap<>(RateLimitSettings.Group.class);
        for (RateLimitSettings.Group group : RateLimitSettings.Group.values()) {
            read(group.setting(), group.otherwise(), faults, group::parse).ifPresent(limit -> limits.put(group, limit));
        }
        return new RateLimitSettings(given("redis_url", faults, RateLimitSettings::redis), limits);
    }

    private interface Parser<T> {
        T parse(String text);
    }

    private <T> T read(String key, String otherwise, List<String> faults, Parser<T> parser) {
        return given(key, faults, parser).orElseGet(() -> parser.parse(otherwise));
    }

    /** Empty when nobody set it, or not to what it can be: then that is one fault more. */
    private <T> Optional<T> given(String key, List<String> faults, Parser<T> parser) {
        Value value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.parse(value.text()));
        } catch (IllegalArgumentException e) {
            faults.add(value.from() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private KeySource keys(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("there are no keys; make some in a file: imprimatur keys make FILE");
        }
        Value value = values.get("keys");
        return new KeySource(text, Optional.ofNullable(value == null ? null : value.file()));
    }

    private static List<AddressRange> ranges(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(AddressRange::parse)
                .toList();
    }

    private static Path folder(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("name a folder");
        }
        return Path.of(text);
    }

    /** Java would take an empty name for this machine, and a bare number for one of the internet's. */
    private static InetAddress address(String text) {
        if (!text.matches(".*[.:a-zA-Z].*")) {
            throw new IllegalArgumentException("'" + text + "' is no address; write 127.0.0.1 or 0.0.0.0");
        }
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no address of this machine; write 127.0.0.1 or 0.0.0.0", e);
        }
    }

    private static int number(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is no whole number".formatted(text), e);
        }
        throw new IllegalArgumentException("%s is not between %d and %d".formatted(text, least, most));
    }

    static URI url(String text) {
        try {
            URI url = new URI(text);
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (web && url.getHost() != null && url.getQuery() == null && url.getFragment() == null) {
                return URI.create(text.replaceFirst("/+$", ""));
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' is no URL", e);
        }
        throw new IllegalArgumentException("'" + text + "' must look like https://news.example.org");
    }

    private static String line(String text) {
        if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("write one line of text");
        }
        return text;
    }

    private static RefusedException bad(String detail) {
        return new RefusedException(ErrorCode.BAD_SETTING, detail);
    }
}
