package dev.imprimatur.server.settings;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where traces, metrics and logs go by OTLP over HTTP.
 *
 * @param endpoint to which {@code /v1/traces} and its like are added; empty for nowhere, and then nothing is measured
 * @param headers sent along; their values are secrets
 * @param sampling which part of the requests is traced, from 0 to 1
 */
public record TelemetrySettings(Optional<URI> endpoint, Map<String, String> headers, double sampling) {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    public TelemetrySettings {
        headers = Map.copyOf(headers);
    }

    /** Names a header, and not what it says. */
    @Override
    public String toString() {
        return "TelemetrySettings[endpoint=%s, headers=%s, sampling=%s]"
                .formatted(endpoint, headers.keySet(), sampling);
    }

    static URI endpoint(URI url) {
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("put the password into OTEL_EXPORTER_OTLP_HEADERS instead");
        }
        return url;
    }

    /** {@code name=value,name=value}, percent-encoded, as OpenTelemetry's own variable is. Tells no value. */
    static Map<String, String> headers(String text) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header : text.split(",", -1)) {
            int equals = header.indexOf('=');
            String name = equals < 0 ? "" : header.substring(0, equals).strip();
            String value =
                    equals < 0 ? "" : decoded(header.substring(equals + 1).strip());
            if (!TOKEN.matcher(name).matches()
                    || value.isEmpty()
                    || value.chars().anyMatch(Character::isISOControl)
                    || headers.put(name, value) != null) {
                throw malformed(null);
            }
        }
        return headers;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed(e);
        }
    }

    @SuppressWarnings("OrphanedFormatString") // %20 is a blank of the example
    private static IllegalArgumentException malformed(@Nullable Throwable cause) {
        return new IllegalArgumentException(
                "must look like Authorization=Basic%20dXNlcjpwYXNz,stream-name=imprimatur, each name once", cause);
    }

    static double sampling(String text) {
        try {
            double sampling = Double.parseDouble(text);
            if (sampling >= 0 && sampling <= 1) {
                return sampling;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is no number".formatted(text), e);
        }
        throw new IllegalArgumentException("%s is not between 0 and 1".formatted(text));
    }
}
