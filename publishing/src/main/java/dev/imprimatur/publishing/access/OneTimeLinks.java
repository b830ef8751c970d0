package dev.imprimatur.publishing.access;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Links that set a password, once: for the first account, or for somebody who lost theirs. A day old, they are dead. */
public final class OneTimeLinks {
    private static final Set<Role> OF_THE_FIRST = EnumSet.of(Role.OPERATOR, Role.APPROVER);

    private final Jdbi jdbi;
    private final Passwords passwords;

    public OneTimeLinks(Jdbi jdbi, Passwords passwords) {
        this.jdbi = jdbi;
        this.passwords = passwords;
    }

    /** What is behind a link: somebody's name, or empty for the first account, which is still to be named. */
    public record Purpose(Optional<String> name) {}

    /** A link's secret that makes the first account; it works while there is nobody. */
    public String forTheFirst() {
        return create(null, null);
    }

    /**
     * A link's secret that sets this person's password.
     *
     * @param by the approver who gave the second yes to it, or null at the host's command line
     */
    public String reset(Person person, @Nullable Principal by) {
        return create(person, by);
    }

    private String create(@Nullable Person person, @Nullable Principal by) {
        String secret = RandomSecret.make();
        jdbi.useHandle(handle -> handle.createUpdate("""
                        WITH created AS (
                            INSERT INTO one_time_links (sha256, person, created_by, expires_at)
                            VALUES (decode(:sha256, 'hex'), :person, :by, now() + interval '1 day') RETURNING person)
                        INSERT INTO audit (actor, token, action, subject_kind, subject_id)
                        SELECT :by, :token, 'link.created', 'person', coalesce(person::text, 'first') FROM created""")
                .bind("sha256", RandomSecret.sha256(secret))
                .bind("person", person == null ? null : person.id())
                .bind("by", by == null ? null : by.id())
                .bind("token", by == null ? null : by.token())
                .execute());
        return secret;
    }

    /** Looks without using it up. */
    public Optional<Purpose> purpose(String secret) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT p.name FROM one_time_links l LEFT JOIN people p ON p.id = l.person
                        WHERE l.sha256 = decode(:sha256, 'hex') AND l.used_at IS NULL AND l.expires_at > now()
                          AND p.disabled_at IS NULL
                          AND (l.person IS NOT NULL OR NOT EXISTS (SELECT FROM people))""")
                .bind("sha256", RandomSecret.sha256(secret))
                .map((row, context) -> new Purpose(Optional.ofNullable(row.getString("name"))))
                .findOne());
    }

    /**
     * Uses a link up: sets the password, and makes the first account if that is what it was for.
     *
     * @param name how the first account is to be called; nobody asks for it otherwise
     * @throws RefusedException UNAUTHENTICATED for a link that is unknown, used, or too old; INVALID_FIELD
     */
    public Person redeem(String secret, @Nullable String name, String password) {
        Purpose purpose = purpose(secret).orElseThrow(OneTimeLinks::dead);
        String called = purpose.name().orElseGet(() -> People.acceptable(name == null ? "" : name));
        String phc = passwords.hashed(Passwords.acceptable(called, password));
        return jdbi.inTransaction(handle -> {
            UUID id = use(handle, secret, purpose).orElseThrow(OneTimeLinks::dead);
            if (purpose.name().isEmpty()) {
                addTheFirst(handle, id, called);
            }
            return set(handle, id, phc);
        });
    }

    /** Whose link it was; a new id for the first account. Two who make a first account at once wait for each other. */
    private static Optional<UUID> use(Handle handle, String secret, Purpose purpose) {
        if (purpose.name().isEmpty()) {
            handle.execute("SELECT pg_advisory_xact_lock(hashtext('imprimatur first account'))");
        }
        return handle.createQuery("""
                        UPDATE one_time_links SET used_at = now()
                        WHERE sha256 = decode(:sha256, 'hex') AND used_at IS NULL AND expires_at > now()
                          AND (person IS NOT NULL OR NOT EXISTS (SELECT FROM people))
                        RETURNING coalesce(person, :new)""")
                .bind("sha256", RandomSecret.sha256(secret))
                .bind("new", UUID.randomUUID())
                .mapTo(UUID.class)
                .findOne();
    }

    private static void addTheFirst(Handle handle, UUID id, String name) {
        List<String> roles = People.labels(OF_THE_FIRST);
        handle.createUpdate("""
                        WITH added AS (
                            INSERT INTO people (id, name, roles, manages_people) VALUES (:id, :name, :roles, true)
                            RETURNING id)
                        INSERT INTO audit (actor, action, subject_kind, subject_id, details)
                        SELECT id, 'person.added', 'person', id::text,
                               jsonb_build_object('name', :name, 'roles', to_jsonb(:roles), 'manages_people', true)
                        FROM added""")
                .bind("id", id)
                .bind("name", name)
                .bindArray("roles", String.class, roles)
                .execute();
    }

    /** Whatever was let in by the old password is out. */
    private static Person set(Handle handle, UUID person, String phc) {
        return handle.createQuery("""
                        WITH ended AS (
                            UPDATE sessions SET revoked_at = now() WHERE person = :person AND revoked_at IS NULL),
                        written AS (
                            INSERT INTO passwords (person, phc) VALUES (:person, :phc)
                            ON CONFLICT (person) DO UPDATE SET phc = excluded.phc, changed_at = now()
                            RETURNING person),
                        audited AS (
                            INSERT INTO audit (actor, action, subject_kind, subject_id, details)
                            SELECT person, 'password.set', 'person', person::text, jsonb_build_object('by', 'link')
                            FROM written)
                        SELECT p.id, p.name, p.roles, p.manages_people
                        FROM people p JOIN written ON written.person = p.id WHERE p.disabled_at IS NULL""")
                .bind("person", person)
                .bind("phc", phc)
                .map((row, context) -> People.person(row))
                .findOne()
                .orElseThrow(OneTimeLinks::dead);
    }

    private static RefusedException dead() {
        return new RefusedException(
                ErrorCode.UNAUTHENTICATED,
                "this link is unknown, used or older than a day; ask for another: imprimatur user link NAME");
    }
}
