package dev.imprimatur.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The table {@code migrate.sightings}: when somebody said that a release runs, and how often each statement had been sent
 * until then. What {@code pg_stat_statements} counts goes on over all releases; only against such a mark it tells who is
 * still there.
 */
final class Sightings {

    static final String CREATE = """
            CREATE TABLE IF NOT EXISTS migrate.sightings (
              version text NOT NULL CHECK (version <> ''),
              calls jsonb,
              seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
              seen_by text NOT NULL DEFAULT session_user
            );
            """;

    /** @param by the database's role that said so */
    record Sighting(String version, Instant at, String by) {}

    private final Connection connection;

    Sightings(Connection connection) {
        this.connection = connection;
    }

    /** Without the table, or without the right to write to it, nothing is noted: the deploy itself counts all the same. */
    void add(String version) throws SQLException {
        if (!may("INSERT")) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO migrate.sightings (version, calls) SELECT ?, " + CallCounts.marks(connection))) {
            insert.setString(1, version);
            insert.executeUpdate();
        }
    }

    /** All of them, oldest first. */
    List<Sighting> rows() throws SQLException {
        List<Sighting> sightings = new ArrayList<>();
        if (!may("SELECT")) {
            return sightings;
        }
        try (PreparedStatement query = connection.prepareStatement(
                        "SELECT version, seen_at, seen_by FROM migrate.sightings ORDER BY seen_at");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                sightings.add(new Sighting(
                        row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant(), row.getString(3)));
            }
        }
        return sightings;
    }

    boolean may(String what) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT coalesce(pg_catalog.has_any_column_privilege(pg_catalog.to_regclass('migrate.sightings'), ?),
                                false)
                """)) {
            query.setString(1, what);
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
