package dev.imprimatur.migrations;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A database's address as {@code postgres://user:password@host:port/database?name=value}, every part percent-decoded.
 * Missing parts default as in libpq: port 5432, the operating system's user, a database called as the user. Known
 * parameters: {@code sslmode}, {@code sslrootcert}, {@code sslcert}, {@code sslkey}, {@code sslpassword},
 * {@code connect_timeout} (seconds), {@code application_name}, {@code options}, {@code search_path}, {@code user} and
 * {@code password}.
 *
 * <p>{@link #toString()} never shows the password, and no error of this class does.
 */
public final class DatabaseUrl implements ConnectionSource {

    private static final Map<String, String> DRIVER_NAMES = Map.ofEntries(
            Map.entry("sslmode", "sslmode"),
            Map.entry("sslrootcert", "sslrootcert"),
            Map.entry("sslcert", "sslcert"),
            Map.entry("sslkey", "sslkey"),
            Map.entry("sslpassword", "sslpassword"),
            Map.entry("connect_timeout", "connectTimeout"),
            Map.entry("application_name", "ApplicationName"),
            Map.entry("options", "options"),
            Map.entry("search_path", "currentSchema"));

    private final String host;
    private final int port;
    private final String database;
    private final String user;
    private final @Nullable String password;
    private final SortedMap<String, String> parameters;

    private DatabaseUrl(Parts parts) {
        host = parts.host;
        port = parts.port;
        user = parts.user == null ? System.getProperty("user.name", "postgres") : parts.user;
        database = parts.database.isEmpty() ? user : parts.database;
        password = parts.password;
        parameters = parts.parameters;
    }

    /**
     * Reads a URL.
     *
     * @throws MigrationException {@link MigrationException.Reason#USAGE}, telling what is wrong with which part
     */
    public static DatabaseUrl parse(String url) {
        return new DatabaseUrl(new Parts(url));
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public String database() {
        return database;
    }

    public String user() {
        return user;
    }

    /** The password, if the URL has one. */
    public Optional<String> password() {
        return Optional.ofNullable(password);
    }

    /** The same address with this password. */
    public DatabaseUrl withPassword(String newPassword) {
        Parts parts = new Parts(host, port, database, user, newPassword, parameters);
        return new DatabaseUrl(parts);
    }

    /** Another database on the same server, for the same user. */
    public DatabaseUrl withDatabase(String otherDatabase) {
        return new DatabaseUrl(new Parts(host, port, otherDatabase, user, password, parameters));
    }

    /** The driver's form of the address, without user, password and parameters. */
    public String jdbcUrl() {
        String shownHost = host.contains(":") ? "[" + host + "]" : host;
        return "jdbc:postgresql://" + shownHost + ":" + port + "/"
                + URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** User, password and parameters as the driver's properties. */
    public Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        parameters.forEach((name, value) -> properties.setProperty(DRIVER_NAMES.getOrDefault(name, name), value));
        return properties;
    }

    /** Opens a session made for migrations: statements are sent as they are, one at a time. */
    @Override
    public Connection open() throws SQLException {
        Properties properties = properties();
        properties.putIfAbsent("ApplicationName", "imprimatur migrate");
        properties.putIfAbsent("connectTimeout", "10");
        // A migration's text goes to the server as it is. Our own queries are prepared, and then planned once a
        // session:
        // they read catalogs, whose shape no migration changes.
        properties.setProperty("preferQueryMode", "extendedForPrepared");
        properties.setProperty("prepareThreshold", "1");
        properties.setProperty("flushCacheOnDdl", "false");
        properties.setProperty("tcpKeepAlive", "true");
        return DriverManager.getConnection(jdbcUrl(), properties);
    }

    /** {@code user@host:port/database}, without the password. */
    @Override
    public String toString() {
        return user + "@" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + database;
    }

    private static final class Parts {

        private String host = "localhost";
        private int port = 5432;
        private String database = "";
        private @Nullable String user;
        private @Nullable String password;
        private final SortedMap<String, String> parameters = new TreeMap<>();

        Parts(
                String host,
                int port,
                String database,
                String user,
                @Nullable String password,
                SortedMap<String, String> parameters) {
            this.host = host;
            this.port = port;
            this.database = database;
            this.user = user;
            this.password = password;
            this.parameters.putAll(parameters);
        }

        Parts(String url) {
            String rest;
            if (url.startsWith("postgres://")) {
                rest = url.substring("postgres://".length());
            } else if (url.startsWith("postgresql://")) {
                rest = url.substring("postgresql://".length());
            } else {
                throw wrong("it must begin with postgres:// or postgresql://");
            }
            int query = rest.indexOf('?');
            String parameterText = query < 0 ? "" : rest.substring(query + 1);
            String address = query < 0 ? rest : rest.substring(0, query);
            if (address.contains("#") || parameterText.contains("#")) {
                throw wrong("it holds a bare #; write %23");
            }
            // A password may hold a slash by mistake, but then also an at sign follows it.
            int at = address.lastIndexOf('@');
            if (at >= 0) {
                credentials(address.substring(0, at));
            }
            String place = address.substring(at + 1);
            int slash = place.indexOf('/');
            hostAndPort(slash < 0 ? place : place.substring(0, slash));
            database = slash < 0 ? "" : decode("database", place.substring(slash + 1));
            if (database.contains("/")) {
                throw wrong("the database's name holds a slash");
            }
            for (String parameter : parameterText.split("&", -1)) {
                if (!parameter.isEmpty()) {
                    parameter(parameter);
                }
            }
        }

        private void credentials(String text) {
            int colon = text.indexOf(':');
            String decodedUser = decode("user", colon < 0 ? text : text.substring(0, colon));
            user = decodedUser.isEmpty() ? null : decodedUser;
            password = colon < 0 ? null : decode("password", text.substring(colon + 1));
        }

        private void hostAndPort(String text) {
            if (text.contains(",")) {
                throw wrong("it names several hosts; name one");
            }
            String portText = "";
            if (text.startsWith("[")) {
                int close = text.indexOf(']');
                if (close < 0) {
                    throw wrong("the host's [ is not closed");
                }
                host = text.substring(1, close);
                String after = text.substring(close + 1);
                if (!after.isEmpty() && !after.startsWith(":")) {
                    throw wrong("something stands between the host's ] and the port");
                }
                portText = after.isEmpty() ? "" : after.substring(1);
            } else {
                int colon = text.indexOf(':');
                String hostText = decode("host", colon < 0 ? text : text.substring(0, colon));
                host = hostText.isEmpty() ? "localhost" : hostText;
                portText = colon < 0 ? "" : text.substring(colon + 1);
            }
            if (host.contains("/")) {
                throw wrong("a socket's folder cannot be the host; name a host");
            }
            if (!portText.isEmpty()) {
                port = portNumber(portText);
            }
        }

        private static int portNumber(String text) {
            if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65535) {
                // An unescaped character in a password ends up here: do not show what was found.
                throw wrong("the port is not a number from 1 to 65535 (a :, / or @ in a password is written %3A, %2F,"
                        + " %40)");
            }
            return Integer.parseInt(text);
        }

        private void parameter(String text) {
            int equals = text.indexOf('=');
            String name = decode("parameter", equals < 0 ? text : text.substring(0, equals));
            if (equals < 0) {
                throw wrong("the parameter " + name + " has no value");
            }
            String value = decode("parameter " + name, text.substring(equals + 1));
            switch (name) {
                case "user" -> user = value;
                case "password" -> password = value;
                default -> {
                    if (!DRIVER_NAMES.containsKey(name)) {
                        throw wrong("there is no parameter " + name + "; known are password, user, "
                                + String.join(", ", new TreeMap<>(DRIVER_NAMES).keySet()));
                    }
                    parameters.put(name, value);
                }
            }
        }

        private static String decode(String part, String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] != '%') {
                    decoded.put(bytes[i]);
                    continue;
                }
                int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
                int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw wrong("the " + part + " holds a % that is not followed by two hexadecimal digits; write %25");
                }
                decoded.put((byte) (high * 16 + low));
                i += 2;
            }
            try {
                String result = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(decoded.flip())
                        .toString();
                if (result.indexOf('\0') >= 0) {
                    throw wrong("the " + part + " holds %00");
                }
                return result;
            } catch (CharacterCodingException e) {
                throw new MigrationException(
                        MigrationException.Reason.USAGE,
                        "The database's URL cannot be used: the " + part + " is not UTF-8 when decoded.",
                        e);
            }
        }

        private static MigrationException wrong(String what) {
            return new MigrationException(
                    MigrationException.Reason.USAGE, "The database's URL cannot be used: " + what + ".");
        }
    }
}
