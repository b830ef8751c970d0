package dev.imprimatur.server.settings;

import dev.imprimatur.publishing.access.RateLimit;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many requests of which kind are let through, and where they are counted.
 *
 * @param redis where all replicas count together; empty where this process counts alone
 * @param limits those groups that have one
 */
public record RateLimitSettings(Optional<RedisURI> redis, Map<Group, RateLimit> limits) {
    private static final Pattern LIMIT = Pattern.compile("([1-9][0-9]{0,6})/([1-9][0-9]{0,4})([smh])");
    private static final String REDIS = "must look like redis://:password@redis.example.org:6379 (rediss:// with TLS)";
    private static final int MOST_CALLS = 1_000_000;
    private static final Duration LONGEST = Duration.ofHours(24);

    public RateLimitSettings {
        limits = Map.copyOf(limits);
    }

    /**
     * Requests of one kind, counted for each agent's token, each person, or each address. What a person asks for is
     * not limited unless somebody says so: it is audited, and revoked when needed. An agent loops unwatched.
     */
    public enum Group {
        AGENT_READ("1200/60s"),
        AGENT_WRITE("120/60s"),
        PERSON_READ("off"),
        PERSON_WRITE("off"),
        ANONYMOUS_READ("6000/60s"),
        ANONYMOUS_WRITE("120/60s");

        private final String otherwise;

        Group(String otherwise) {
            this.otherwise = otherwise;
        }

        /** As it is named in headers and problems: {@code agent-write}. */
        public String policy() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        String setting() {
            return "rate_limit_" + name().toLowerCase(Locale.ROOT);
        }

        String otherwise() {
            return otherwise;
        }

        /** Empty for {@code off}. */
        Optional<RateLimit> parse(String text) {
            if (text.equals("off")) {
                return Optional.empty();
            }
            Matcher matcher = LIMIT.matcher(text);
            if (matcher.matches()) {
                int calls = Integer.parseInt(matcher.group(1));
                int number = Integer.parseInt(matcher.group(2));
                Duration window = switch (matcher.group(3)) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                };
                if (calls <= MOST_CALLS && window.compareTo(LONGEST) <= 0) {
                    return Optional.of(new RateLimit(policy(), calls, window));
                }
            }
            throw new IllegalArgumentException(
                    "'%s' is no limit; write 120/60s for 120 in any 60 seconds, 1000/1h, or off; up to 1000000 and 24h"
                            .formatted(text));
        }
    }

    /** Says nothing of the text, which holds a password. */
    static RedisURI redis(String text) {
        try {
            URI uri = new URI(text);
            if (("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme())) && uri.getHost() != null) {
                return RedisURI.create(uri);
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IllegalArgumentException(REDIS, e);
        }
        throw new IllegalArgumentException(REDIS);
    }
}
