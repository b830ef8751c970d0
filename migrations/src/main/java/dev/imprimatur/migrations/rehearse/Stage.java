package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The server of a rehearsal, and its database as the chain has made it so far. What was made here is gone when it is
 * closed, and also when the program is told to end before.
 */
final class Stage implements AutoCloseable {

    static final String PREFIX = "imprimatur_rehearsal";

    private final Venue venue;
    /** Ends with this stage, unless it was lent. */
    private final @Nullable EmbeddedServer server;

    private final DatabaseUrl maintenance;
    private final DatabaseUrl work;
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private final String run =
            PREFIX + "_" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    private final Thread atExit = new Thread(this::endWithTheProgram, "end of rehearsal");
    private int copies;
    private boolean ended;
    /** The copy that is being made, for whoever ends the program not to wait until it is. */
    private volatile @Nullable Statement copying;

    private Stage(Venue venue, @Nullable EmbeddedServer server, DatabaseUrl source) throws SQLException {
        this.venue = venue;
        this.server = server;
        this.maintenance = source.withDatabase("postgres");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            this.work = switch (venue) {
                case Venue.Embedded() -> create("template1");
                case Venue.CopiesOf(DatabaseUrl url) -> create(url.database());
                case Venue.InPlace(DatabaseUrl url) -> url;
            };
        } catch (SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * @param lent an embedded server that goes on running afterwards; without one, a new one is started where it is needed
     * @throws MigrationException when there is no server to be had, or the database cannot be copied
     */
    static Stage open(Venue venue, Optional<EmbeddedServer> lent) {
        EmbeddedServer server = null;
        try {
            DatabaseUrl source = switch (venue) {
                case Venue.Embedded() -> {
                    if (lent.isPresent()) {
                        yield lent.get().url();
                    }
                    server = EmbeddedServer.start();
                    yield server.url();
                }
                case Venue.CopiesOf(DatabaseUrl url) -> url;
                case Venue.InPlace(DatabaseUrl url) -> url;
            };
            return new Stage(venue, server, source);
        } catch (IOException e) {
            throw new MigrationException(
                    Reason.UNREACHABLE,
                    "The embedded PostgreSQL cannot be started: " + e.getMessage() + ". Name a server with --url.",
                    e);
        } catch (SQLException e) {
            throw new MigrationException(Reason.UNREACHABLE, "The database cannot be used: " + e.getMessage(), e);
        }
    }

    Venue venue() {
        return venue;
    }

    /** The database that the chain is applied to. */
    DatabaseUrl work() {
        return work;
    }

    boolean canCopy() {
        return !(venue instanceof Venue.InPlace);
    }

    /** A copy of the database as it is now. Nobody may be connected to it. */
    DatabaseUrl copy() throws SQLException {
        return create(work.database());
    }

    private synchronized DatabaseUrl create(String template) throws SQLException {
        if (ended) {
            throw new MigrationException(Reason.STOPPED, "The rehearsal was told to end.");
        }
        String name = run + "_" + ++copies;
        try (Connection connection = maintenance.open();
                Statement statement = connection.createStatement()) {
            made.add(name);
            copying = statement;
            try {
                statement.execute("CREATE DATABASE " + name + " TEMPLATE " + quoted(template));
            } catch (SQLException e) {
                if ("55006".equals(e.getSQLState())) {
                    made.remove(name);
                    throw inUse(connection, template, e);
                }
                throw e;
            } finally {
                copying = null;
            }
            DatabaseProperties.copy(connection, template, name);
        }
        return maintenance.withDatabase(name);
    }

    private static MigrationException inUse(Connection connection, String database, SQLException why)
            throws SQLException {
        List<String> sessions = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT pg_catalog.format('pid %s (%s, role %s, from %s)', pid,
                         coalesce(nullif(application_name, ''), 'unnamed'), usename,
                         coalesce(client_addr::text, 'this machine'))
                  FROM pg_catalog.pg_stat_activity WHERE datname = ? ORDER BY backend_start LIMIT 10
                """)) {
            query.setString(1, database);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    sessions.add(row.getString(1));
                }
            }
        }
        return new MigrationException(
                Reason.BUSY,
                "%s cannot be copied while others are connected to it: %s. End these sessions, or restore a dump of it"
                                .formatted(
                                        database,
                                        sessions.isEmpty()
                                                ? "sessions that have just ended"
                                                : String.join("; ", sessions))
                        + " (pg_dump) into a database of its own and name that one.",
                why);
    }

    synchronized void drop(DatabaseUrl copy) throws SQLException {
        try (Connection connection = maintenance.open();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + quoted(copy.database()) + " WITH (FORCE)");
            made.remove(copy.database());
        }
    }

    /** Runs something on the server as a whole. */
    void onServer(String sql) throws SQLException {
        try (Connection connection = maintenance.open();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    Roles roles() throws SQLException {
        try (Connection connection = maintenance.open()) {
            return Roles.read(connection);
        }
    }

    /** Only on a server of our own. */
    void restore(Roles roles) throws SQLException {
        try (Connection connection = maintenance.open()) {
            roles.restore(connection);
        }
    }

    static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }

    @Override
    public void close() {
        clearAway();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // The program is ending already: the hook runs, or has run, and finds nothing left to do.
            return;
        }
    }

    private void endWithTheProgram() {
        Statement under = copying;
        try {
            if (under != null) {
                under.cancel();
            }
        } catch (SQLException e) {
            // Then it takes as long as it takes.
            clearAway();
            return;
        }
        clearAway();
    }

    private synchronized void clearAway() {
        ended = true;
        try {
            if (server != null) {
                server.close();
                made.clear();
            }
            for (String name : List.copyOf(made)) {
                drop(maintenance.withDatabase(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the embedded PostgreSQL cannot be cleared away", e);
        } catch (SQLException e) {
            throw new MigrationException(
                    Reason.UNREACHABLE,
                    "These databases could not be dropped, and should be: " + String.join(", ", made) + " ("
                            + e.getMessage() + ")",
                    e);
        }
    }
}
