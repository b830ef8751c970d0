package dev.imprimatur.migrations;

import java.time.Instant;

/**
 * A release of the code that was seen to run on this database.
 *
 * @param version as the release calls itself
 * @param newest the number of the newest migration that was applied then
 * @param at when it was recorded, by the server's clock
 * @param by the database's role that recorded it
 */
public record Deploy(String version, int newest, Instant at, String by) {

    /** True when the release began to run after this migration was applied, with it in the database. */
    boolean isSince(History.Row migration) {
        return newest >= migration.number()
                && migration
                        .run()
                        .appliedAt()
                        .map(applied -> !at.isBefore(applied))
                        .orElse(false);
    }
}
