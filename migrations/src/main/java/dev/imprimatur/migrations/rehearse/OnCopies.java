package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.snapshot.Snapshot;
import dev.imprimatur.migrations.snapshot.Touched;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A copy of the database, where everything is committed as it will be in the end; thrown away and made anew for each
 * reset. Nobody is connected to the original meanwhile.
 */
final class OnCopies implements Ground {

    /** Opens a session as the layout's runner would have it at this step. */
    @FunctionalInterface
    interface Opening {
        Connection open(DatabaseUrl url) throws SQLException;
    }

    private final Stage stage;
    private final Opening opening;
    private final java.time.Duration timeout;

    private @Nullable DatabaseUrl copy;
    private @Nullable Connection session;
    private Map<Long, Long> files = Map.of();
    private int rewrites;
    private Optional<Globals> globals = Optional.empty();

    OnCopies(Stage stage, Opening opening, java.time.Duration timeout) {
        this.stage = stage;
        this.opening = opening;
        this.timeout = timeout;
    }

    private Connection session() throws SQLException {
        Connection open = session;
        if (open == null) {
            DatabaseUrl made = stage.copy();
            copy = made;
            open = opening.open(made);
            session = open;
            files = look(Touched::allFilenodes);
            if (stage.venue() instanceof Venue.Embedded) {
                globals = Optional.of(look(Globals::read));
            }
        }
        return open;
    }

    @Override
    public Run run(Part part) throws SQLException {
        Connection connection = session();
        Run run = ended(connection, new Runner(connection, timeout).committed(part));
        if (run.failure().isEmpty() && Transactions.makesTemporaryTables(part)) {
            // They end with the session, which a way back never shares with the way there.
            try (java.sql.Statement statement = connection.createStatement()) {
                statement.execute("DISCARD TEMP");
            }
        }
        return run;
    }

    @Override
    public Run runAsOneRange(Part part) throws SQLException {
        Connection connection = session();
        return ended(connection, new Runner(connection, timeout).asOneRange(part));
    }

    private static Run ended(Connection connection, Run run) throws SQLException {
        if (run.failure().map(Failure::isConnectionLost).orElse(false)) {
            return run;
        }
        if (!connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(true);
        } else if (run.failure().isPresent()) {
            // The file may have opened a transaction of its own.
            try (java.sql.Statement statement = connection.createStatement()) {
                statement.execute("ROLLBACK");
            }
        }
        return run;
    }

    /** A session of its own: whatever the files have set in theirs does not count. */
    @Override
    public <T> T look(Look<T> look) throws SQLException {
        session();
        try (Connection reader = java.util.Objects.requireNonNull(copy).open()) {
            return look.at(reader);
        }
    }

    @Override
    public Snapshot catalog(Connection connection, Snapshot before) throws SQLException {
        return Snapshot.read(connection);
    }

    @Override
    public <T> T use(Look<T> use) throws SQLException {
        return look(use);
    }

    @Override
    public Optional<Set<String>> touched() {
        return Optional.empty();
    }

    @Override
    public int rewrites() throws SQLException {
        return rewrites;
    }

    private int rewrites(Map<Long, Long> now) {
        return (int) files.entrySet().stream()
                .filter(file -> now.containsKey(file.getKey()))
                .filter(file -> !file.getValue().equals(now.get(file.getKey())))
                .count();
    }

    @Override
    public void reset() throws SQLException {
        if (copy == null) {
            return;
        }
        Globals now = look(connection -> {
            rewrites = rewrites(Touched.allFilenodes(connection));
            return Globals.read(connection);
        });
        close();
        // What all databases of the server share does not go with a copy.
        if (globals.isPresent()) {
            Roles.drop(stage, globals.get(), now);
        }
    }

    @Override
    public void close() throws SQLException {
        Connection open = session;
        session = null;
        if (open != null) {
            open.close();
        }
        DatabaseUrl made = copy;
        copy = null;
        if (made != null) {
            stage.drop(made);
        }
    }
}
