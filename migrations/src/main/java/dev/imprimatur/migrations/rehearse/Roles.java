package dev.imprimatur.migrations.rehearse;

import java.sql.Connection;
import java.sql.SQLException;

/** Brings the roles of a server of our own back to what they were. */
final class Roles {

    private Roles() {}

    /** Takes away the roles that have come since; a role that is gone or another one is left to the next comparison. */
    static void restore(Stage stage, Globals before) throws SQLException {
        Globals now;
        try (Connection connection = stage.work().open()) {
            now = Globals.read(connection);
        }
        drop(stage, before, now);
    }

    /** Takes away the roles that have come from {@code before} to {@code now}. */
    static void drop(Stage stage, Globals before, Globals now) throws SQLException {
        for (String object : now.objects().keySet()) {
            if (object.startsWith("role ") && !before.objects().containsKey(object)) {
                String role = object.substring("role ".length());
                stage.onServer("DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);
            }
        }
    }
}
