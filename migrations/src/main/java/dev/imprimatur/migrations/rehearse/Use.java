package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.rows.TableDigest;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows written through a new schema, and what became of those that were there before. */
final class Use {

    private Use() {}

    /** A line for each row that was written, and why. */
    static List<String> write(Connection connection, AfterUse.Expected expected, Set<String> tables) {
        return List.of();
    }

    /** Every row that was there before is there still, whatever came beside it. */
    static Optional<String> lostOrChanged(TableDigest before, @Nullable TableDigest after) {
        if (after == null) {
            return Optional.of("the table is gone, with the " + before.rows() + " rows that were there before");
        }
        if (before.byKey().isEmpty() || after.byKey().isEmpty()) {
            return after.rows() < before.rows()
                    ? Optional.of(after.rows() + " rows are left of the " + before.rows() + " that were there before")
                    : Optional.empty();
        }
        List<String> keys = before.byKey().entrySet().stream()
                .filter(row -> !row.getValue().equals(after.byKey().get(row.getKey())))
                .map(Map.Entry::getKey)
                .limit(5)
                .toList();
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of("rows that were there before are gone or changed, e.g. where the key is "
                        + String.join("; ", keys));
    }
}
