package dev.imprimatur.publishing.content;

import dev.imprimatur.publishing.access.Person;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How this installation's column types read in Java. */
public final class Rows {
    private Rows() {}

    public static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    public static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    public static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** A person from the columns {@code x} and {@code x_name}. */
    public static Person.Name name(ResultSet row, String column) throws SQLException {
        return new Person.Name(uuid(row, column), row.getString(column + "_name"));
    }

    /** The due time from due_at, due_local and due_zone, which are null together. */
    public static @Nullable DueTime due(ResultSet row) throws SQLException {
        Instant instant = instantOrNull(row, "due_at");
        return instant == null
                ? null
                : new DueTime(
                        instant, row.getObject("due_local", LocalDateTime.class), ZoneId.of(row.getString("due_zone")));
    }

    static Content.Plan plan(ResultSet row) throws SQLException {
        return new Content.Plan(List.of((String[]) row.getArray("outlets").getArray()), due(row));
    }
}
