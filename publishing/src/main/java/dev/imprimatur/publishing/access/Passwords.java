package dev.imprimatur.publishing.access;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Passwords, as Argon2id hashes. One hash takes 19 MiB, so that only a few are computed at a time. */
public final class Passwords {
    private static final int SHORTEST = 12;
    private static final int LONGEST = 256;
    private static final int WAIT_SECONDS = 3;

    private final Jdbi jdbi;
    private final Argon2id.Cost cost;
    private final Semaphore permits;
    /** What is computed where there is nobody of that name, to take as long. */
    private final Argon2id nobodys;

    public Passwords(Jdbi jdbi) {
        this(jdbi, Argon2id.Cost.PRESENT, Runtime.getRuntime().availableProcessors());
    }

    Passwords(Jdbi jdbi, Argon2id.Cost cost, int atOnce) {
        this.jdbi = jdbi;
        this.cost = cost;
        this.permits = new Semaphore(atOnce, true);
        // No hash of any password: what is compared with it never matches.
        this.nobodys = new Argon2id(cost, new byte[16], new byte[32]);
    }

    private record Stored(Person person, @Nullable String phc) {}

    /**
     * Who has this name and this password. A wrong password, an unknown name and a person without a password all take
     * one computation. A hash at another cost than today's is made anew.
     *
     * @throws RefusedException BUSY when too many others log in right now
     */
    public Optional<Person> check(String name, String password) {
        if (password.length() > LONGEST) {
            return Optional.empty();
        }
        Optional<Stored> found = jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT p.id, p.name, p.roles, p.manages_people, w.phc
                        FROM people p LEFT JOIN passwords w ON w.person = p.id
                        WHERE p.name = :name AND p.disabled_at IS NULL""")
                .bind("name", name.replace('\0', ' '))
                .map((row, context) -> new Stored(People.person(row), row.getString("phc")))
                .findOne());
        String phc = found.map(Stored::phc).orElse(null);
        Argon2id stored = phc == null ? nobodys : Argon2id.parse(phc);
        if (!bounded(() -> stored.matches(password)) || phc == null) {
            return Optional.empty();
        }
        Person person = found.orElseThrow().person();
        if (!stored.cost().equals(cost)) {
            renew(person.id(), phc, hashed(password));
        }
        return Optional.of(person);
    }

    /**
     * Sets somebody's password and ends their sessions, but for the one in which they do it themselves.
     *
     * @param by who does it, or null at the host's command line
     * @param keep the session that stays, or null for none
     * @throws RefusedException INVALID_FIELD
     */
    public void set(Person person, String password, @Nullable Principal by, @Nullable UUID keep) {
        String phc = hashed(acceptable(person.name(), password));
        jdbi.useHandle(handle -> handle.createUpdate("""
                        WITH ended AS (
                            UPDATE sessions SET revoked_at = now()
                            WHERE person = :person AND revoked_at IS NULL AND id IS DISTINCT FROM :keep),
                        written AS (
                            INSERT INTO passwords (person, phc) VALUES (:person, :phc)
                            ON CONFLICT (person) DO UPDATE SET phc = excluded.phc, changed_at = now()
                            RETURNING person)
                        INSERT INTO audit (actor, token, action, subject_kind, subject_id)
                        SELECT :actor, :token, 'password.set', 'person', person::text FROM written""")
                .bind("person", person.id())
                .bind("phc", phc)
                .bind("keep", keep)
                .bind("actor", by == null ? null : by.id())
                .bind("token", by == null ? null : by.token())
                .execute());
    }

    /** Length is what counts (NIST SP 800-63B): no rules about digits, and nothing to be changed every quarter. */
    static String acceptable(String name, String password) {
        int length = password.codePointCount(0, password.length());
        if (length < SHORTEST
                || password.length() > LONGEST
                || password.chars().distinct().count() < 4) {
            throw RefusedException.field(
                    "/password",
                    "a password has %d to %d characters, not only the same few; four unrelated words are a good one"
                            .formatted(SHORTEST, LONGEST));
        }
        if (password.equalsIgnoreCase(name)) {
            throw RefusedException.field("/password", "a password is not the name");
        }
        return password;
    }

    String hashed(String password) {
        return bounded(() -> Argon2id.of(password, cost)).phc();
    }

    /** Only over what was checked: somebody may have set another one meanwhile. */
    private void renew(UUID person, String checked, String phc) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        UPDATE passwords SET phc = :phc WHERE person = :person AND phc = :checked""")
                .bind("phc", phc)
                .bind("person", person)
                .bind("checked", checked)
                .execute());
    }

    private <T> T bounded(Supplier<T> computation) {
        try {
            if (!permits.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new RefusedException(ErrorCode.BUSY, "many people log in right now; try again in a moment");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException(ErrorCode.BUSY, "the server is stopping", e);
        }
        try {
            return computation.get();
        } finally {
            permits.release();
        }
    }
}
