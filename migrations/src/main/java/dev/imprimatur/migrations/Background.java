package dev.imprimatur.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** What a run begins on; asked at its start, for later there may be nobody left to ask. */
record Background(String database, String server, String role, List<Deploy> deploys) {

    static Background of(Connection connection, List<Deploy> deploys) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                        SELECT current_database(), pg_catalog.current_setting('server_version'), session_user
                        """);
                ResultSet row = query.executeQuery()) {
            row.next();
            return new Background(row.getString(1), row.getString(2), row.getString(3), deploys);
        }
    }

    Failure.Run with(Timeline timeline) {
        return new Failure.Run(database, server, role, deploys, timeline.moments());
    }
}
