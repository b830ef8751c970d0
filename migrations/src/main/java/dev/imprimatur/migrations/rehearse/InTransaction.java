package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.rows.PinnedSettings;
import dev.imprimatur.migrations.snapshot.Snapshot;
import dev.imprimatur.migrations.snapshot.Touched;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One transaction that is rolled back: the cheapest ground, for all that can run in one. */
final class InTransaction implements Ground {

    private static final String LOOK = "SAVEPOINT look; RESET SESSION AUTHORIZATION; RESET ROLE; " + PinnedSettings.SET;

    private final Connection connection;
    private final Runner runner;
    private Optional<Touched> touched = Optional.empty();
    private Optional<Touched> takenBack = Optional.empty();

    InTransaction(Connection connection, Limits limits) throws SQLException {
        this.connection = connection;
        this.runner = new Runner(connection, limits);
        connection.setAutoCommit(false);
        execute("SAVEPOINT start");
    }

    @Override
    public Run run(Part part) throws SQLException {
        return settled(part, runner.within(part));
    }

    @Override
    public Run runAsOneRange(Part part) throws SQLException {
        return settled(part, runner.asOneRange(part));
    }

    private Run settled(Part part, Run run) {
        touched = Optional.empty();
        if (run.failure().isPresent()) {
            return run;
        }
        try {
            execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED");
            if (Transactions.makesTemporaryTables(part)) {
                // They end with the transaction or the session, which a way back never shares with the way there.
                execute("DISCARD TEMP");
            }
            return run;
        } catch (SQLException e) {
            return failed(part, run, e);
        }
    }

    @Override
    public <T> T look(Look<T> look) throws SQLException {
        execute(LOOK);
        try {
            return PinnedSettings.alreadyUnder(connection, look::at);
        } finally {
            execute("ROLLBACK TO SAVEPOINT look; RELEASE SAVEPOINT look");
        }
    }

    @Override
    public <T> T use(Look<T> use) throws SQLException {
        return use.at(connection);
    }

    /** Only what this transaction may have changed is read anew. */
    @Override
    public Snapshot catalog(Connection connection, Snapshot before) throws SQLException {
        return Snapshot.since(connection, before);
    }

    @Override
    public Optional<Set<String>> touched() throws SQLException {
        Set<String> tables = new HashSet<>(read().tables());
        if (look(LargeObjects::areTouched)) {
            tables.add(LargeObjects.NAME);
        }
        return Optional.of(tables);
    }

    @Override
    public int rewrites() throws SQLException {
        return takenBack.isEmpty()
                ? 0
                : takenBack.get().rewritten(look(takenBack.get()::filenodes)).size();
    }

    private Touched read() throws SQLException {
        Touched now = touched.isPresent() ? touched.get() : look(Touched::read);
        touched = Optional.of(now);
        return now;
    }

    /** Commits what a file has done: the same run, but for what the commit did not let happen. */
    Run kept(Part part, Run run) {
        try {
            connection.commit();
            return run;
        } catch (SQLException e) {
            return failed(part, run, e);
        }
    }

    private static Run failed(Part part, Run run, SQLException error) {
        return new Run(
                run.milliseconds(),
                run.rows(),
                run.walBytes(),
                Optional.of(new Failure(part.file(), Optional.empty(), error)));
    }

    @Override
    public void reset() throws SQLException {
        takenBack = touched;
        touched = Optional.empty();
        execute("ROLLBACK TO SAVEPOINT start");
    }

    @Override
    public void close() throws SQLException {
        if (connection.isClosed() || !connection.isValid(5)) {
            return;
        }
        connection.rollback();
        connection.setAutoCommit(true);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
