package dev.imprimatur.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often a live database was sent each of its statements, as {@code pg_stat_statements} has counted; reading it takes
 * no lock that anybody would notice. Without the extension nothing is known.
 *
 * @param isKnown whether there are counts at all
 * @param hidden how many texts the role may not read
 */
public record CallCounts(boolean isKnown, int hidden, List<Count> statements) {

    static final CallCounts UNKNOWN = new CallCounts(false, 0, List.of());

    private static final String WHERE_IT_IS = """
            SELECT pg_catalog.format('%I.pg_stat_statements', home.nspname)
              FROM pg_catalog.pg_extension extension
              JOIN pg_catalog.pg_namespace home ON home.oid = extension.extnamespace
             WHERE extension.extname = 'pg_stat_statements'
            """;

    private static final String OF_THIS_DATABASE =
            " WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

    private static final String KEY = "pg_catalog.concat_ws(' ', userid, queryid, toplevel)";

    /** Counted since when: servers before 17 do not tell. */
    private static final String SINCE =
            "(pg_catalog.to_jsonb(counted) OPERATOR(pg_catalog.->>) 'stats_since')::pg_catalog.timestamptz";

    private static final String EPOCH = "EXTRACT(epoch FROM " + SINCE + ")";

    /**
     * One statement of one role.
     *
     * @param text normalised, with {@code $1} in the place of values
     * @param role who sends it
     * @param own whether that is the role that asks
     * @param calls how often in all
     * @param since when counting began; empty on servers before 17
     * @param sinceSighting how often since the last {@link Migrator#deployed recorded deploy}; empty when that cannot be
     *     told, for nothing was counted then
     */
    public record Count(
            String text, String role, boolean own, long calls, Optional<Instant> since, Optional<Long> sinceSighting) {}

    public CallCounts {
        statements = List.copyOf(statements);
    }

    /**
     * Reads them, in the caller's transaction or without one.
     *
     * @throws SQLException when the connection breaks
     */
    public static CallCounts read(Connection connection) throws SQLException {
        String view = view(connection);
        if (view == null) {
            return UNKNOWN;
        }
        String marks = new Sightings(connection).may("SELECT")
                ? "SELECT calls, seen_at FROM migrate.sightings WHERE calls IS NOT NULL ORDER BY seen_at DESC LIMIT 1"
                : "SELECT NULL::pg_catalog.jsonb, NULL::pg_catalog.timestamptz WHERE false";
        List<Count> counts = new ArrayList<>();
        int hidden = 0;
        try (PreparedStatement query =
                        connection.prepareStatement("""
                        WITH seen (calls, at) AS (%s),
                        counted AS (
                          SELECT *, %s AS key FROM %s%s)
                        SELECT query, pg_catalog.pg_get_userbyid(userid),
                               pg_catalog.pg_get_userbyid(userid) = session_user, counted.calls,
                               %s, seen.at,
                               (seen.calls OPERATOR(pg_catalog.->) key OPERATOR(pg_catalog.->>) 0)::pg_catalog.int8,
                               (seen.calls OPERATOR(pg_catalog.->) key OPERATOR(pg_catalog.->>) 1)::pg_catalog.numeric
                                 IS NOT DISTINCT FROM %s
                          FROM counted LEFT JOIN seen ON true
                         ORDER BY counted.calls DESC, query
                        """.formatted(marks, KEY, view, OF_THIS_DATABASE, SINCE, EPOCH));
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String text = row.getString(1);
                if (text == null || text.equals("<insufficient privilege>")) {
                    hidden++;
                } else {
                    counts.add(count(text, row));
                }
            }
        }
        return new CallCounts(true, hidden, counts);
    }

    private static Count count(String text, ResultSet row) throws SQLException {
        long calls = row.getLong(4);
        Optional<Instant> since = instant(row, 5);
        Optional<Instant> seen = instant(row, 6);
        long before = row.getLong(7);
        boolean wasCounted = !row.wasNull() && row.getBoolean(8);
        Optional<Long> sinceSighting = Optional.empty();
        if (wasCounted) {
            // Fewer than then: somebody has set the counts back.
            sinceSighting = Optional.of(calls >= before ? calls - before : calls);
        } else if (seen.isPresent() && since.isPresent() && since.get().isAfter(seen.get())) {
            sinceSighting = Optional.of(calls);
        }
        return new Count(text, row.getString(2), row.getBoolean(3), calls, since, sinceSighting);
    }

    private static Optional<Instant> instant(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** An expression for all counts as they are now, by statement; NULL where there are none. */
    static String marks(Connection connection) throws SQLException {
        String view = view(connection);
        return view == null
                ? "NULL"
                : "(SELECT pg_catalog.jsonb_object_agg(%s, pg_catalog.jsonb_build_array(calls, %s)) FROM %s counted%s)"
                        .formatted(KEY, EPOCH, view, OF_THIS_DATABASE + " AND queryid IS NOT NULL");
    }

    /** The view's name; null when there is none that this role may read on this server. */
    private static @Nullable String view(Connection connection) throws SQLException {
        String view = null;
        try (PreparedStatement query = connection.prepareStatement(WHERE_IT_IS);
                ResultSet row = query.executeQuery()) {
            if (row.next()) {
                view = row.getString(1);
            }
        }
        if (view == null) {
            return null;
        }
        Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
        try (PreparedStatement query = connection.prepareStatement("SELECT FROM " + view + " LIMIT 1")) {
            query.execute();
            return view;
        } catch (SQLException e) {
            if (!"55000".equals(e.getSQLState()) && !"42501".equals(e.getSQLState())) {
                throw e;
            }
            // Not loaded at the server's start, or closed to this role: as if it were not there.
            if (before != null) {
                connection.rollback(before);
            }
            return null;
        }
    }
}
