package dev.imprimatur.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Gives connections to the database that is migrated. Each must be a session of its own: a proxy that hands one session
 * to several clients in turn cannot hold the lock that keeps two runs apart.
 */
@FunctionalInterface
public interface ConnectionSource {

    /** A connection that the caller closes. */
    Connection open() throws SQLException;

    /** Takes its connections from a data source. They go back with their settings reset. */
    static ConnectionSource of(DataSource dataSource) {
        return dataSource::getConnection;
    }
}
