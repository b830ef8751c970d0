package dev.imprimatur.bench;

import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** What PostgreSQL itself says it was asked to run, transaction commands included. */
final class Statements {
    private final Jdbi superuser;

    Statements(Jdbi superuser) {
        this.superuser = superuser;
    }

    record Counted(String text, long calls) {
        boolean creates() {
            return text.contains("INSERT INTO idempotency_keys");
        }

        boolean looksUpToken() {
            return text.contains("FROM api_tokens");
        }

        boolean isSomethingElse() {
            return !creates() && !looksUpToken() && !isOfTransaction();
        }

        boolean isOfTransaction() {
            return text.matches("(?is)\\s*(BEGIN|START|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|END)\\b.*");
        }
    }

    void count(boolean on) {
        superuser.useHandle(handle -> {
            handle.execute("ALTER SYSTEM SET pg_stat_statements.track = '" + (on ? "top" : "none") + "'");
            handle.execute("SELECT pg_reload_conf()");
        });
    }

    void forget() {
        superuser.useHandle(handle -> handle.execute("SELECT bench.pg_stat_statements_reset()"));
    }

    /** All that the app's role ran since {@link #forget}, the most frequent first. */
    List<Counted> counted() {
        return superuser.withHandle(handle -> handle.createQuery("""
                        SELECT s.query, s.calls
                        FROM bench.pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
                        WHERE r.rolname = 'imprimatur_app' ORDER BY s.calls DESC""")
                .map((row, context) -> new Counted(row.getString("query"), row.getLong("calls")))
                .list());
    }
}
