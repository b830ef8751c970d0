package dev.imprimatur.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The table {@code migrate.history}: a row for each migration that is applied, or that a run was interrupted in. A
 * step's row is written in the step's own transaction; a step of several transactions writes it before and after.
 */
public final class History {

    private static final String CREATE = """
            CREATE SCHEMA IF NOT EXISTS migrate;
            CREATE TABLE IF NOT EXISTS migrate.history (
              number integer PRIMARY KEY CHECK (number >= 0),
              name text NOT NULL,
              checksum text NOT NULL,
              down_checksum text NOT NULL,
              state text NOT NULL CHECK (state IN ('applying', 'applied', 'reverting')),
              started_at timestamptz NOT NULL,
              applied_at timestamptz,
              duration_ms bigint,
              applied_by text NOT NULL,
              statements_done integer NOT NULL DEFAULT 0,
              statements_checksum text NOT NULL DEFAULT '',
              batch text NOT NULL DEFAULT '',
              last_key text,
              rows_done bigint NOT NULL DEFAULT 0
            );
            ALTER TABLE migrate.history ADD COLUMN IF NOT EXISTS unrehearsed text;
            """ + Deploys.CREATE + Sightings.CREATE;

    /** How a migration stands in the database. */
    public enum State {
        /** Its forward file was begun and not ended. */
        APPLYING,
        APPLIED,
        /** Its down file was begun and not ended. */
        REVERTING;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One migration in the database.
     *
     * @param checksum of the forward file as it was run
     * @param downChecksum of the down file as it lay beside it
     */
    public record Row(int number, String name, String checksum, String downChecksum, State state, Run run, Mark mark) {}

    /**
     * When and by whom.
     *
     * @param appliedAt empty until the step has ended
     * @param duration of the run that ended it, empty until then
     * @param by the database's role that ran it
     * @param unrehearsed why it was run without a receipt, if it was
     */
    public record Run(
            Instant startedAt,
            Optional<Instant> appliedAt,
            Optional<Duration> duration,
            String by,
            Optional<String> unrehearsed) {}

    private final Connection connection;

    History(Connection connection) {
        this.connection = connection;
    }

    /** Creates the tables if need be, and brings those of an earlier release of this tool to their present form. */
    void create() throws SQLException {
        if (isCurrent()) {
            return;
        }
        try (java.sql.Statement create = connection.createStatement()) {
            create.execute(CREATE);
        }
    }

    /** Renews the form of an earlier release where that is ours to do; another role finds its way with the old one. */
    void renew() throws SQLException {
        if (exists() && !isCurrent() && holds("""
                SELECT pg_catalog.pg_has_role(relowner, 'USAGE')
                       AND pg_catalog.has_schema_privilege('migrate', 'CREATE')
                  FROM pg_catalog.pg_class WHERE oid = 'migrate.history'::regclass
                """)) {
            create();
        }
    }

    private boolean exists() throws SQLException {
        return holds("SELECT pg_catalog.to_regclass('migrate.history') IS NOT NULL");
    }

    private boolean isCurrent() throws SQLException {
        return holds("""
                SELECT pg_catalog.to_regclass('migrate.deploys') IS NOT NULL
                       AND pg_catalog.to_regclass('migrate.sightings') IS NOT NULL
                       AND EXISTS (SELECT FROM pg_catalog.pg_attribute
                                    WHERE attrelid = pg_catalog.to_regclass('migrate.history')
                                      AND attname = 'unrehearsed' AND NOT attisdropped)
                """);
    }

    private boolean holds(String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** All rows by number; none when the table does not exist. */
    List<Row> rows() throws SQLException {
        if (!exists()) {
            return List.of();
        }
        List<Row> rows = new ArrayList<>();
        // Read by way of JSON, the newest column may be missing: in a history that an earlier release has made.
        try (PreparedStatement query = connection.prepareStatement("""
                        SELECT number, name, checksum, down_checksum, state, started_at, applied_at, duration_ms,
                               applied_by, statements_done, statements_checksum, batch, last_key, rows_done,
                               pg_catalog.to_jsonb(history) OPERATOR(pg_catalog.->>) 'unrehearsed' AS unrehearsed
                          FROM migrate.history
                         ORDER BY number
                        """);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                rows.add(row(row));
            }
        }
        return rows;
    }

    private static Row row(ResultSet row) throws SQLException {
        long millis = row.getLong("duration_ms");
        Optional<Duration> duration = row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
        OffsetDateTime appliedAt = row.getObject("applied_at", OffsetDateTime.class);
        return new Row(
                row.getInt("number"),
                row.getString("name"),
                row.getString("checksum"),
                row.getString("down_checksum"),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                new Run(
                        row.getObject("started_at", OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(appliedAt).map(OffsetDateTime::toInstant),
                        duration,
                        row.getString("applied_by"),
                        Optional.ofNullable(row.getString("unrehearsed"))),
                new Mark(
                        row.getInt("statements_done"),
                        row.getString("statements_checksum"),
                        row.getString("batch"),
                        Optional.ofNullable(row.getString("last_key")),
                        row.getLong("rows_done")));
    }

    /** Notes that a step of several transactions has come this far. */
    void mark(Step step, Mark mark) throws SQLException {
        State state = step.direction() == Direction.FORWARD ? State.APPLYING : State.REVERTING;
        write(step, state, mark, Optional.empty());
    }

    /** Notes that a step has ended: its migration is applied, or gone. */
    void end(Step step, Mark mark, Duration duration) throws SQLException {
        switch (step.direction()) {
            case FORWARD -> write(step, State.APPLIED, mark, Optional.of(duration));
            case DOWN -> remove(step.migration());
        }
    }

    /** Takes the note back that a step was begun: nothing of it is left. */
    void unmark(Step step) throws SQLException {
        switch (step.direction()) {
            case FORWARD -> remove(step.migration());
            case DOWN -> {
                try (PreparedStatement update =
                        connection.prepareStatement("UPDATE migrate.history SET state = 'applied' WHERE number = ?")) {
                    update.setInt(1, step.migration().number());
                    update.executeUpdate();
                }
            }
        }
    }

    private void remove(Migration migration) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM migrate.history WHERE number = ?")) {
            delete.setInt(1, migration.number());
            delete.executeUpdate();
        }
    }

    private void write(Step step, State state, Mark mark, Optional<Duration> duration) throws SQLException {
        Migration migration = step.migration();
        // A migration that is being taken back keeps when it was applied, and as what.
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO migrate.history AS history
                  (number, name, checksum, down_checksum, state, started_at, applied_at, duration_ms, applied_by,
                   statements_done, statements_checksum, batch, last_key, rows_done, unrehearsed)
                VALUES (?, ?, ?, ?, ?, clock_timestamp(), CASE WHEN ? THEN clock_timestamp() END, ?, session_user,
                        ?, ?, ?, ?, ?, ?)
                ON CONFLICT (number) DO UPDATE SET
                  checksum = CASE WHEN excluded.state = 'reverting' THEN history.checksum ELSE excluded.checksum END,
                  down_checksum = excluded.down_checksum,
                  state = excluded.state,
                  applied_at = coalesce(excluded.applied_at, history.applied_at),
                  duration_ms = coalesce(excluded.duration_ms, history.duration_ms),
                  statements_done = excluded.statements_done,
                  statements_checksum = excluded.statements_checksum,
                  batch = excluded.batch,
                  last_key = excluded.last_key,
                  rows_done = excluded.rows_done,
                  unrehearsed = CASE WHEN excluded.state = 'reverting' THEN history.unrehearsed
                                     ELSE excluded.unrehearsed END
                """)) {
            upsert.setInt(1, migration.number());
            upsert.setString(2, migration.name());
            upsert.setString(3, migration.forward().checksum());
            upsert.setString(4, migration.down().checksum());
            upsert.setString(5, state.word());
            upsert.setBoolean(6, state == State.APPLIED);
            upsert.setObject(7, duration.map(Duration::toMillis).orElse(null), java.sql.Types.BIGINT);
            upsert.setInt(8, mark.statements());
            upsert.setString(9, mark.checksum());
            upsert.setString(10, mark.batch());
            upsert.setString(11, mark.lastKey().orElse(null));
            upsert.setLong(12, mark.rows());
            upsert.setString(13, step.unrehearsed().orElse(null));
            upsert.executeUpdate();
        }
    }
}
