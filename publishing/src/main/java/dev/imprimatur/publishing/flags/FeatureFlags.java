package dev.imprimatur.publishing.flags;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.content.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The switch of each outlet, and the one that stops them all. Read again right before each send. */
public final class FeatureFlags {
    private final Jdbi jdbi;

    public FeatureFlags(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Off holds what falls due, dry_run goes as far as the wire and holds, live sends. */
    public enum Mode {
        OFF,
        DRY_RUN,
        LIVE;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Mode of(@Nullable String label) {
            for (Mode mode : values()) {
                if (mode.label().equals(label)) {
                    return mode;
                }
            }
            throw RefusedException.field("/mode", "write \"off\", \"dry_run\" or \"live\"");
        }
    }

    public record Flag(
            String outlet,
            Mode mode,
            int requiredApprovals,
            @Nullable String reason,
            @Nullable UUID changedBy,
            @Nullable Instant changedAt) {

        /** What an outlet is that nobody has switched yet. */
        static Flag untouched(String outlet) {
            return new Flag(outlet, Mode.OFF, 1, null, null, null);
        }
    }

    public record GlobalStop(
            boolean stopped,
            @Nullable String reason,
            @Nullable UUID changedBy,
            Instant changedAt) {}

    /** The flags of these outlets, in their order; an outlet that nobody has switched yet is off. */
    public List<Flag> of(List<String> outlets) {
        List<Flag> switched = jdbi.withHandle(handle ->
                handle.createQuery("""
                        SELECT outlet, mode, required_approvals, reason, changed_by, changed_at
                        FROM outlet_feature_flags""").map((row, context) -> flag(row)).list());
        return outlets.stream()
                .map(outlet -> switched.stream()
                        .filter(flag -> flag.outlet().equals(outlet))
                        .findFirst()
                        .orElseGet(() -> Flag.untouched(outlet)))
                .toList();
    }

    /** Switches an outlet. Once this returns, no attempt reaches the wire that the new mode forbids. */
    public Flag set(Principal principal, String outlet, Mode mode, @Nullable String reason) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH switched AS (
                            INSERT INTO outlet_feature_flags AS f (outlet, mode, reason, changed_by)
                            VALUES (:outlet, :mode, :reason, :principal)
                            ON CONFLICT (outlet) DO UPDATE
                            SET mode = excluded.mode, reason = excluded.reason, changed_by = excluded.changed_by,
                                changed_at = now()
                            RETURNING *),
                        audited AS (
                            INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                            SELECT :principal, :token, 'flag.switched', 'feature_flag', outlet,
                                   jsonb_build_object('mode', mode, 'reason', reason)
                            FROM switched)
                        SELECT outlet, mode, required_approvals, reason, changed_by, changed_at FROM switched""")
                .bind("outlet", outlet)
                .bind("mode", mode.label())
                .bind("reason", reason)
                .bind("principal", principal.id())
                .bind("token", principal.token())
                .map((row, context) -> flag(row))
                .one());
    }

    public GlobalStop globalStop() {
        return jdbi.withHandle(
                handle -> handle.createQuery("SELECT stopped, reason, changed_by, changed_at FROM global_stop")
                        .map((row, context) -> stop(row))
                        .one());
    }

    /** Stops every outlet, or lets them go on. Once this returns stopped, no attempt reaches the wire. */
    public GlobalStop set(Principal principal, GlobalStopRequest request) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH switched AS (
                            UPDATE global_stop
                            SET stopped = :stopped, reason = :reason, changed_by = :principal, changed_at = now()
                            RETURNING *),
                        audited AS (
                            INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                            SELECT :principal, :token, 'stop.switched', 'feature_flag', 'global-stop',
                                   jsonb_build_object('stopped', stopped, 'reason', reason)
                            FROM switched)
                        SELECT stopped, reason, changed_by, changed_at FROM switched""")
                .bind("stopped", request.stopped())
                .bind("reason", request.reason())
                .bind("principal", principal.id())
                .bind("token", principal.token())
                .map((row, context) -> stop(row))
                .one());
    }

    public record GlobalStopRequest(
            boolean stopped, @Nullable String reason) {}

    private static Flag flag(ResultSet row) throws SQLException {
        return new Flag(
                row.getString("outlet"),
                Mode.of(row.getString("mode")),
                row.getInt("required_approvals"),
                row.getString("reason"),
                row.getObject("changed_by", UUID.class),
                Rows.instant(row, "changed_at"));
    }

    private static GlobalStop stop(ResultSet row) throws SQLException {
        return new GlobalStop(
                row.getBoolean("stopped"),
                row.getString("reason"),
                row.getObject("changed_by", UUID.class),
                Rows.instant(row, "changed_at"));
    }
}
