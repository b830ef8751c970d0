package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.Session;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The two sessions in the database where the chain is applied: the chain's own, in which what a file sets lasts as long as
 * its layout's runner lets it, and ours, to which nothing of that applies. Both stay open, since opening one takes longer
 * than most of what is done in it, and are closed for as long as the database is copied.
 */
final class Sessions implements AutoCloseable {

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    /** What a new session would find set for it: a file may have changed that with ALTER DATABASE or ALTER ROLE. */
    private static final String DEFAULTS = """
            SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_conf_load_time(), (
                     SELECT pg_catalog.string_agg(
                              pg_catalog.concat_ws(' ', setdatabase, setrole, setconfig), ' ' ORDER BY setdatabase, setrole)
                       FROM pg_catalog.pg_db_role_setting))""";

    private final DatabaseUrl database;
    private final boolean keepsSettings;

    private SessionSettings settings = SessionSettings.NONE;
    private @Nullable Connection chains;
    private @Nullable Connection ours;
    private String defaults = "";

    /** @param keepsSettings whether what one file sets holds for the next */
    Sessions(DatabaseUrl database, boolean keepsSettings) {
        this.database = database;
        this.keepsSettings = keepsSettings;
    }

    /** The chain's session, as the last file left it. */
    Connection chain() throws SQLException {
        Connection open = chains;
        if (open == null || open.isClosed()) {
            open = open(database);
            chains = open;
        }
        return open;
    }

    /** The chain's session, as the next file is to find it. */
    Connection forNextFile() throws SQLException {
        Connection open = chain();
        if (!keepsSettings) {
            Session.prepare(open, LOCK_TIMEOUT);
        }
        return open;
    }

    /** Such a session as the chain's, in a copy of the database. */
    Connection open(DatabaseUrl copy) throws SQLException {
        Connection connection = copy.open();
        if (keepsSettings) {
            settings.applyTo(connection);
        } else {
            Session.prepare(connection, LOCK_TIMEOUT);
        }
        return connection;
    }

    /** Looks, or writes, in our session. */
    <T> T ours(Ground.Look<T> look) throws SQLException {
        Connection open = ours;
        if (open != null && !isAsNew(open)) {
            open.close();
            open = null;
        }
        if (open == null) {
            open = database.open();
            ours = open;
            defaults = defaults(open);
        }
        try {
            return look.at(open);
        } catch (SQLException | RuntimeException e) {
            ours = null;
            open.close();
            throw e;
        }
    }

    String serverVersion() throws SQLException {
        return ours(connection -> {
            try (PreparedStatement query = connection.prepareStatement("SHOW server_version");
                    ResultSet row = query.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        });
    }

    private boolean isAsNew(Connection open) throws SQLException {
        try {
            return defaults.equals(defaults(open));
        } catch (SQLException e) {
            // A file may have ended it, as it may end any other.
            if (Failure.isConnectionLost(e)) {
                return false;
            }
            throw e;
        }
    }

    private static String defaults(Connection open) throws SQLException {
        try (PreparedStatement query = open.prepareStatement(DEFAULTS);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /** The chain's session has ended, by what a file did. */
    void lost() throws SQLException {
        Connection open = chains;
        chains = null;
        if (open != null) {
            open.close();
        }
    }

    /** Leaves the database alone; what the chain has set comes back with its next session. */
    @Override
    public void close() throws SQLException {
        Connection reader = ours;
        ours = null;
        if (reader != null) {
            reader.close();
        }
        Connection open = chains;
        chains = null;
        if (open != null) {
            if (!open.isClosed() && open.isValid(5) && keepsSettings) {
                settings = SessionSettings.of(open);
            }
            open.close();
        }
    }
}
