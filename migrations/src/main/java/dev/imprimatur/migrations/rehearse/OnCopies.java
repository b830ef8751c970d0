package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.DatabaseUrl;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.snapshot.Snapshot;
import dev.imprimatur.migrations.snapshot.Touched;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
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
    private final Limits limits;

    private @Nullable DatabaseUrl copy;
    private @Nullable Connection session;
    private @Nullable Connection reader;
    private Map<Long, Long> files = Map.of();
    private int rewrites;
    private Optional<Roles> roles = Optional.empty();
    private Sequences sequences = Sequences.NONE;

    OnCopies(Stage stage, Opening opening, Limits limits) {
        this.stage = stage;
        this.opening = opening;
        this.limits = limits;
    }

    private Connection session() throws SQLException {
        Connection open = session;
        if (open == null) {
            if (stage.venue() instanceof Venue.Embedded && roles.isEmpty()) {
                roles = Optional.of(stage.roles());
            }
            DatabaseUrl made = stage.copy();
            copy = made;
            open = opening.open(made);
            session = open;
            files = look(connection -> {
                sequences.continueIn(connection);
                return Touched.allFilenodes(connection);
            });
        }
        return open;
    }

    @Override
    public Run run(Part part) throws SQLException {
        Connection connection = session();
        Run run = ended(connection, new Runner(connection, limits).committed(part));
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
        return ended(connection, new Runner(connection, limits).asOneRange(part));
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
        Connection open = reader;
        if (open == null || !open.isValid(5)) {
            open = Objects.requireNonNull(copy).open();
            reader = open;
        }
        return look.at(open);
    }

    @Override
    public Snapshot catalog(Connection connection, Snapshot before) throws SQLException {
        return Snapshot.read(connection);
    }

    @Override
    public <T> T use(Look<T> use) throws SQLException {
        session();
        // What the step has set for new sessions counts for those who write.
        try (Connection writer = Objects.requireNonNull(copy).open()) {
            return use.at(writer);
        }
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
        sequences = look(connection -> {
            rewrites = rewrites(Touched.allFilenodes(connection));
            return Sequences.read(connection);
        });
        close();
    }

    /** What all databases of the server share does not go with a copy. */
    @Override
    public void close() throws SQLException {
        for (Connection open : Arrays.asList(session, reader)) {
            if (open != null) {
                open.close();
            }
        }
        session = null;
        reader = null;
        DatabaseUrl made = copy;
        copy = null;
        if (made != null) {
            stage.drop(made);
            if (roles.isPresent()) {
                stage.restore(roles.get());
            }
        }
    }
}
