package dev.imprimatur.publishing.database;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL is and who we are there, as one line: {@code postgres://user:password@host:5432/database?sslmode=…}.
 *
 * @param password null where the server asks for none
 * @param parameters by libpq's names, already known to be understood
 */
public record DatabaseUrl(
        String host,
        int port,
        String database,
        String user,
        @Nullable String password,
        SortedMap<String, String> parameters) {
    private static final String EXAMPLE = "postgres://user:password@host:5432/database";
    private static final Pattern SHAPE =
            Pattern.compile("postgres(?:ql)?://([^/?]*)(?:/([^?]*))?(?:\\?(.*))?", Pattern.DOTALL);
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:,\\[\\]]+)(?::(.*))?", Pattern.DOTALL);
    private static final Pattern BAD_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final int DEFAULT_PORT = 5432;

    /** libpq's names, which the URL uses, to the driver's. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "application_name", "ApplicationName",
            "channel_binding", "channelBinding",
            "connect_timeout", "connectTimeout",
            "gssencmode", "gssEncMode",
            "options", "options",
            "sslcert", "sslcert",
            "sslkey", "sslkey",
            "sslmode", "sslmode",
            "sslnegotiation", "sslNegotiation",
            "sslrootcert", "sslrootcert");

    public DatabaseUrl {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    static DatabaseUrl of(String host, int port, String database, String user, String password) {
        return new DatabaseUrl(host, port, database, user, password, new TreeMap<>());
    }

    /** Refuses with a message that says what to write, and never repeats a password. */
    public static DatabaseUrl parse(String text) {
        if (text.startsWith("jdbc:")) {
            throw refuse("begins with jdbc:");
        }
        Matcher shape = SHAPE.matcher(text.strip());
        if (!shape.matches()) {
            throw refuse("does not begin with postgres:// or postgresql://");
        }
        String authority = shape.group(1);
        int at = authority.lastIndexOf('@');
        if (at < 0) {
            throw refuse("has no user (nothing before an @). In a password, / ? # are written %2F %3F %23");
        }
        String[] credentials = authority.substring(0, at).split(":", 2);
        String user = decode(credentials[0], "user");
        if (user.isEmpty()) {
            throw refuse("has no user (nothing before the @)");
        }
        String password = credentials.length == 2 ? decode(credentials[1], "password") : null;
        Matcher host = HOST.matcher(authority.substring(at + 1));
        if (!host.matches()) {
            throw refuse("has no single host after the @ (an IPv6 address stands in [brackets])");
        }
        String database = decode(shape.group(2) == null ? "" : shape.group(2), "database");
        if (database.isEmpty() || database.contains("/")) {
            throw refuse("does not name one database after the host");
        }
        return new DatabaseUrl(
                decode(host.group(1), "host"),
                port(host.group(2)),
                database,
                user,
                password,
                parameters(shape.group(3) == null ? "" : shape.group(3)));
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    /** For the driver, beside {@link #jdbcUrl}: who we are and how to connect. */
    public Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        parameters.forEach((name, value) -> {
            if (name.equals("sslrootcert") && value.equals("system")) {
                properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            } else {
                properties.setProperty(PARAMETERS.getOrDefault(name, name), value);
            }
        });
        return properties;
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), properties());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("postgres://").append(encode(user));
        if (password != null) {
            text.append(":***");
        }
        text.append('@').append(host).append(':').append(port).append('/').append(encode(database));
        char separator = '?';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            text.append(separator).append(parameter.getKey()).append('=').append(encode(parameter.getValue()));
            separator = '&';
        }
        return text.toString();
    }

    private static int port(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return DEFAULT_PORT;
        }
        if (text.matches("\\d{1,5}")) {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw refuse("has no port from 1 to 65535 after the host. In a password, / ? # are written %2F %3F %23");
    }

    private static SortedMap<String, String> parameters(String query) {
        SortedMap<String, String> parameters = new TreeMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
            String[] parts = pair.split("=", 2);
            String name = decode(parts[0], "parameters");
            if (!PARAMETERS.containsKey(name)) {
                throw refuse("has the unknown parameter " + name + " (known: "
                        + String.join(", ", new TreeMap<>(PARAMETERS).keySet()) + ")");
            }
            if (parts.length == 1 || parts[1].isEmpty()) {
                throw refuse("has the parameter " + name + " without a value");
            }
            if (parameters.put(name, decode(parts[1], name)) != null) {
                throw refuse("has the parameter " + name + " twice");
            }
        }
        String mode = parameters.getOrDefault("sslmode", "prefer");
        if (!mode.matches("disable|allow|prefer|require|verify-ca|verify-full")) {
            throw refuse("has sslmode=" + mode + " (known: disable, allow, prefer, require, verify-ca, verify-full)");
        }
        return parameters;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A plus is a plus here, unlike in forms. */
    private static String decode(String text, String part) {
        if (BAD_ESCAPE.matcher(text).find()) {
            throw refuse("has a % in its " + part + " that two hex digits do not follow (a % itself is %25)");
        }
        String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        if (decoded.indexOf('\0') >= 0) {
            throw refuse("has a zero byte in its " + part);
        }
        return decoded;
    }

    private static IllegalArgumentException refuse(String why) {
        return new IllegalArgumentException("The database URL (DATABASE_URL) " + why + ". Write " + EXAMPLE
                + ", and ?sslmode=verify-full behind it for a server elsewhere.");
    }
}
