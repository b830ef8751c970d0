package dev.imprimatur.migrations.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The settings that decide how values are written, and that a prepared query is planned once. They hold for a transaction,
 * and the caller's come back after. Readings within one another set them once.
 */
public final class PinnedSettings {

    /** What is done under the settings. */
    @FunctionalInterface
    public interface Reading<T> {
        T read(Connection connection) throws SQLException;
    }

    /** The session that has them at the moment. */
    private static final ScopedValue<Connection> PINNED = ScopedValue.newInstance();

    private static final List<String> NAMES = List.of(
            "DateStyle",
            "TimeZone",
            "IntervalStyle",
            "extra_float_digits",
            "bytea_output",
            "lc_monetary",
            "search_path",
            "row_security",
            "quote_all_identifiers",
            "plan_cache_mode",
            "jit");

    private static final List<String> VALUES =
            List.of("ISO, YMD", "UTC", "postgres", "3", "hex", "C", "", "off", "off", "force_generic_plan", "off");

    /** Sets them until the transaction ends, or goes back to a savepoint before. */
    public static final String SET = IntStream.range(0, NAMES.size())
            .mapToObj(i -> "pg_catalog.set_config('%s', '%s', true)".formatted(NAMES.get(i), VALUES.get(i)))
            .collect(Collectors.joining(", ", "SELECT ", ""));

    private static final String EXCHANGE = NAMES.stream()
            .map("pg_catalog.current_setting('%1$s'), pg_catalog.set_config('%1$s', ?, true)"::formatted)
            .collect(Collectors.joining(", ", "SELECT ", ""));

    private PinnedSettings() {}

    @SuppressWarnings("ReferenceEquality") // Settings hold in one session.
    private static boolean holdIn(Connection connection) {
        return PINNED.isBound() && PINNED.get() == connection;
    }

    /** Reads in the caller's transaction if there is one, else in one of its own that changes nothing. */
    @SuppressWarnings("ReferenceEquality") // the very session that was pinned, not one that is equal
    public static <T> T under(Connection connection, Reading<T> reading) throws SQLException {
        if (holdIn(connection)) {
            return reading.read(connection);
        }
        if (!connection.getAutoCommit()) {
            List<String> before = exchange(connection, VALUES);
            T result = alreadyUnder(connection, reading);
            exchange(connection, before);
            return result;
        }
        connection.setAutoCommit(false);
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; " + SET);
            }
            return alreadyUnder(connection, reading);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Reads in a session where {@link #SET} holds for as long as this takes. */
    public static <T> T alreadyUnder(Connection connection, Reading<T> reading) throws SQLException {
        return ScopedValue.where(PINNED, connection).<T, SQLException>call(() -> reading.read(connection));
    }

    /** @return what they were, in the same order */
    private static List<String> exchange(Connection connection, List<String> values) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(EXCHANGE)) {
            for (int i = 0; i < values.size(); i++) {
                set.setString(i + 1, values.get(i));
            }
            try (ResultSet row = set.executeQuery()) {
                row.next();
                List<String> before = new ArrayList<>();
                for (int i = 0; i < values.size(); i++) {
                    before.add(row.getString(2 * i + 1));
                }
                return before;
            }
        }
    }
}
