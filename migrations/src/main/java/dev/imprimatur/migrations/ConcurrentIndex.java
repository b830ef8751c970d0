package dev.imprimatur.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A {@code CREATE INDEX CONCURRENTLY}: when it fails, the server leaves the index behind, invalid, which writers keep up
 * and no reader uses.
 *
 * @param name as the server knows it
 * @param table as written, for {@code to_regclass}
 */
record ConcurrentIndex(String name, String table) {

    static Optional<ConcurrentIndex> of(Statement statement) {
        List<Token> tokens = statement.tokens();
        int at = afterConcurrently(statement);
        if (at < 0 || isUnnamed(statement)) {
            return Optional.empty();
        }
        if (tokens.get(at).isWord("IF")) {
            at += 3; // IF NOT EXISTS
        }
        if (at + 2 >= tokens.size() || !tokens.get(at + 1).isWord("ON")) {
            return Optional.empty();
        }
        String name = tokens.get(at).identifier();
        int table = tokens.get(at + 2).isWord("ONLY") ? at + 3 : at + 2;
        int end = table;
        while (end < tokens.size()
                && !tokens.get(end).isSymbol("(")
                && !tokens.get(end).isWord("USING")) {
            end++;
        }
        return Optional.of(new ConcurrentIndex(
                name, tokens.subList(table, end).stream().map(Token::text).collect(Collectors.joining())));
    }

    static boolean isUnnamed(Statement statement) {
        int at = afterConcurrently(statement);
        return at >= 0 && statement.tokens().get(at).isWord("ON");
    }

    private static int afterConcurrently(Statement statement) {
        int at = statement.startsWith("CREATE", "INDEX", "CONCURRENTLY")
                ? 3
                : statement.startsWith("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY") ? 4 : -1;
        return at < statement.tokens().size() ? at : -1;
    }

    enum State {
        ABSENT,
        INVALID,
        VALID
    }

    State state(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT index.indisvalid AND index.indisready
                  FROM pg_catalog.pg_index index
                  JOIN pg_catalog.pg_class class ON class.oid = index.indexrelid AND class.relkind = 'i'
                 WHERE class.relname = ? AND index.indrelid = pg_catalog.to_regclass(?)
                """)) {
            query.setString(1, name);
            query.setString(2, table);
            try (ResultSet row = query.executeQuery()) {
                return !row.next() ? State.ABSENT : row.getBoolean(1) ? State.VALID : State.INVALID;
            }
        }
    }

    /** Removes what a failed build left; readers and writers go on meanwhile. */
    void drop(Connection connection) throws SQLException {
        String qualified;
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT pg_catalog.format('%I.%I', namespace.nspname, ?::text)
                  FROM pg_catalog.pg_class class
                  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = class.relnamespace
                 WHERE class.oid = pg_catalog.to_regclass(?)
                """)) {
            query.setString(1, name);
            query.setString(2, table);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return;
                }
                qualified = row.getString(1);
            }
        }
        try (java.sql.Statement drop = connection.createStatement()) {
            drop.execute("DROP INDEX CONCURRENTLY IF EXISTS " + qualified);
        }
    }
}
