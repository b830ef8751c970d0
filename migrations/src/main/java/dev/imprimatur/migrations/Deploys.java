package dev.imprimatur.migrations;

import dev.imprimatur.migrations.MigrationException.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The table {@code migrate.deploys}: which releases ran on which state of the schema. A role that records needs to insert
 * three columns and to read; when and by whom is the server's word.
 */
final class Deploys {

    /** One row for each release on each state: the same release that starts again has nothing new to say. */
    static final String CREATE = """
            CREATE TABLE IF NOT EXISTS migrate.deploys (
              version text NOT NULL CHECK (version <> ''),
              newest integer NOT NULL,
              newest_applied_at timestamptz NOT NULL,
              deployed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
              deployed_by text NOT NULL DEFAULT session_user,
              PRIMARY KEY (version, newest, newest_applied_at)
            );
            """;

    /** What becomes of a deploy that is known already. */
    enum Again {
        /** A server that starts again says nothing new: an older one may still run beside it. */
        IGNORED,
        /** A person says that it is so now. */
        NOTED
    }

    private final Connection connection;

    Deploys(Connection connection) {
        this.connection = connection;
    }

    /** All of them, oldest first; none when the table does not exist or is closed to this role. */
    List<Deploy> rows() throws SQLException {
        List<Deploy> deploys = new ArrayList<>();
        if (!isReadable()) {
            return deploys;
        }
        try (PreparedStatement query = connection.prepareStatement("""
                        SELECT version, newest, deployed_at, deployed_by FROM migrate.deploys
                         ORDER BY deployed_at, version
                        """);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                deploys.add(new Deploy(
                        row.getString(1),
                        row.getInt(2),
                        row.getObject(3, OffsetDateTime.class).toInstant(),
                        row.getString(4)));
            }
        }
        return deploys;
    }

    private boolean isReadable() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                        SELECT coalesce(pg_catalog.has_table_privilege(pg_catalog.to_regclass('migrate.deploys'),
                                                                       'SELECT'), false)
                        """);
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * Records that this release runs now; the row of before when it is known to run on this state of the schema.
     *
     * @param again whether that somebody says so is worth noting also when it is known already
     */
    Deploy record(String version, Again again) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO migrate.deploys (version, newest, newest_applied_at)
                SELECT ?, number, applied_at FROM migrate.history
                 WHERE state = 'applied' ORDER BY number DESC LIMIT 1
                ON CONFLICT DO NOTHING
                """)) {
            insert.setString(1, version);
            if (insert.executeUpdate() > 0 || again == Again.NOTED) {
                new Sightings(connection).add(version);
            }
        }
        return rows().stream()
                .filter(deploy -> deploy.version().equals(version))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new MigrationException(
                        Reason.USAGE, "Nothing is applied in this database yet, so no release can run on it."));
    }
}
