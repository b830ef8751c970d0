package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.Statements;
import dev.imprimatur.migrations.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** A database with some tables, on which a change is made between two probes. */
final class Stage implements AutoCloseable {

    static final String TABLES = """
            CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL UNIQUE);
            CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, slug text NOT NULL, body text,
                author int NOT NULL REFERENCES people, rank int NOT NULL DEFAULT 0, due timestamptz);
            CREATE INDEX posts_slug ON posts (slug);
            INSERT INTO people SELECT n, 'person ' || n FROM generate_series(1, 10) AS n;
            INSERT INTO posts (slug, body, author) SELECT 'slug-' || n, 'text', n FROM generate_series(1, 10) AS n;
            """;

    final TestDatabase database = new TestDatabase();

    Stage() throws SQLException {
        this(TABLES);
    }

    Stage(String tables) throws SQLException {
        database.run(tables);
    }

    static Workload workload(String sql) {
        return new Workload(Statements.of(sql).list().stream()
                .map(statement -> new Query(statement.text(), Optional.empty(), List.of()))
                .toList());
    }

    /** What a change breaks; found on a connection with auto-commit and inside a transaction alike. */
    List<Broken> broken(String queries, String change) throws SQLException {
        Workload workload = workload(queries);
        List<Broken> broken;
        try (Connection connection = database.open()) {
            connection.setAutoCommit(false);
            Probe before = workload.probe(connection);
            run(connection, change);
            broken = workload.probe(connection, before).brokenSince(before);
            connection.rollback();
        }
        try (Connection connection = database.open()) {
            Probe before = workload.probe(connection);
            run(connection, change);
            List<Broken> alike = workload.probe(connection, before).brokenSince(before);
            if (!alike.equals(broken)) {
                throw new AssertionError("in a transaction " + broken + ", outside " + alike);
            }
        }
        return broken;
    }

    Probe probe(String queries) throws SQLException {
        try (Connection connection = database.open()) {
            return workload(queries).probe(connection);
        }
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
