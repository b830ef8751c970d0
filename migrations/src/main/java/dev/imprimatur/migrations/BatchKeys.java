package dev.imprimatur.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Walks the keys that a {@linkplain Directive.Batch batch} runs over. Keys travel as text, which keeps every digit. */
public final class BatchKeys {

    private final Connection connection;
    private final Directive.Batch batch;
    private final Statement statement;
    private final String type;

    /**
     * Looks the key up.
     *
     * @param statement the batch's one statement
     * @throws SQLException also when the key is none, may be NULL, or has no index
     */
    public BatchKeys(Connection connection, Directive.Batch batch, Statement statement) throws SQLException {
        this.connection = connection;
        this.batch = batch;
        this.statement = statement;
        this.type = keyType();
    }

    private String keyType() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT pg_catalog.format_type(attribute.atttypid, attribute.atttypmod), attribute.attnotnull,
                       EXISTS (SELECT FROM pg_catalog.pg_index index
                                WHERE index.indrelid = attribute.attrelid AND index.indisvalid
                                  AND index.indpred IS NULL AND index.indkey[0] = attribute.attnum)
                  FROM pg_catalog.pg_attribute attribute
                 WHERE attribute.attrelid = pg_catalog.to_regclass(?)
                   AND attribute.attname = (pg_catalog.parse_ident(?))[1]
                   AND attribute.attnum > 0 AND NOT attribute.attisdropped
                """)) {
            query.setString(1, batch.table());
            query.setString(2, batch.key());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw unfit("42703", "There is no column " + batch.key() + " in a table " + batch.table());
                }
                if (!row.getBoolean(2)) {
                    throw unfit("23502", batch.key() + " may be NULL: rows without a key would be missed");
                }
                if (!row.getBoolean(3)) {
                    throw unfit("42704", batch.key() + " has no index: each range would read the whole table");
                }
                return row.getString(1);
            }
        }
    }

    private SQLException unfit(String sqlState, String what) {
        return new SQLException("the batch on line " + statement.line() + " cannot run: " + what, sqlState);
    }

    /** The next range behind a key, or the first; empty at the end. */
    public Optional<KeyRange> after(Optional<String> key) throws SQLException {
        return range(key, String.valueOf(batch.size()));
    }

    /** All keys as one range; empty in an empty table. */
    public Optional<KeyRange> all() throws SQLException {
        return range(Optional.empty(), "ALL");
    }

    private Optional<KeyRange> range(Optional<String> after, String limit) throws SQLException {
        String behind = after.map(key -> "WHERE " + batch.key() + " > '" + key.replace("'", "''") + "'::" + type)
                .orElse("");
        // Ordered by keys.key: a bare key would be the result's text, which orders 1000 before 900.
        String sql = """
                WITH keys AS MATERIALIZED (SELECT %1$s AS key FROM %2$s %3$s ORDER BY %1$s LIMIT %4$s)
                SELECT (SELECT keys.key::text FROM keys ORDER BY keys.key LIMIT 1),
                       (SELECT keys.key::text FROM keys ORDER BY keys.key DESC LIMIT 1)
                """.formatted(batch.key(), batch.table(), behind, limit);
        try (java.sql.Statement query = connection.createStatement()) {
            query.setEscapeProcessing(false);
            try (ResultSet row = query.executeQuery(sql)) {
                row.next();
                String first = row.getString(1);
                String last = row.getString(2);
                return first == null || last == null ? Optional.empty() : Optional.of(new KeyRange(first, last));
            }
        }
    }

    /** The statement for one range. */
    public String text(KeyRange range) {
        return range.fill(statement, type);
    }
}
