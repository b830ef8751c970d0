package dev.imprimatur.publishing.access;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Whom OpenID providers know, and who that is here. Being known elsewhere opens nothing by itself: one approver who
 * manages people proposes that an identity is a person's, and another confirms it.
 */
public final class Identities {
    private static final int LONGEST_HINT = 200;

    private final Jdbi jdbi;

    public Identities(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** @param hint what the provider calls them; it proves nothing */
    public record Identity(
            UUID id,
            String issuer,
            String subject,
            @Nullable String hint,
            Instant firstSeenAt) {}

    /** That an identity is this person's, as somebody proposes. */
    public record Proposal(
            UUID id, Identity identity, Person.Name person, Person.Name proposedBy, Instant proposedAt) {}

    /** Who this is here; whoever is nobody yet is remembered, to be linked. */
    public Optional<Person> find(String issuer, String subject, @Nullable String hint) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH met AS (
                            INSERT INTO identities (id, issuer, subject, hint) VALUES (:id, :issuer, :subject, :hint)
                            ON CONFLICT (issuer, subject) DO NOTHING)
                        SELECT p.id, p.name, p.roles, p.manages_people
                        FROM identities i JOIN people p ON p.id = i.person
                        WHERE i.issuer = :issuer AND i.subject = :subject AND p.disabled_at IS NULL""")
                .bind("id", UUID.randomUUID())
                .bind("issuer", issuer)
                .bind("subject", subject)
                .bind("hint", hint == null || hint.length() <= LONGEST_HINT ? hint : hint.substring(0, LONGEST_HINT))
                .map((row, context) -> People.person(row))
                .findOne());
    }

    /** Who came by a provider and is nobody here, the newest first. */
    public List<Identity> unlinked() {
        return jdbi.withHandle(handle ->
                handle.createQuery("""
                        SELECT id, issuer, subject, hint, first_seen_at FROM identities
                        WHERE person IS NULL ORDER BY first_seen_at DESC, id LIMIT 100""").map((row, context) -> identity(row)).list());
    }

    /** @throws RefusedException NOT_FOUND where there is no such person, or nobody to link */
    public void propose(Principal by, UUID identity, UUID person) {
        int proposed = jdbi.withHandle(handle -> handle.createUpdate("""
                        WITH proposed AS (
                            INSERT INTO people_changes (id, person, change, details, proposed_by)
                            SELECT :id, p.id, 'link_identity', jsonb_build_object('identity', i.id), :by
                            FROM people p, identities i
                            WHERE p.id = :person AND p.disabled_at IS NULL AND i.id = :identity AND i.person IS NULL
                            RETURNING id, person, details)
                        INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                        SELECT :by, :token, 'identity.proposed', 'person', person::text, details FROM proposed""")
                .bind("id", UUID.randomUUID())
                .bind("by", by.id())
                .bind("token", by.token())
                .bind("person", person)
                .bind("identity", identity)
                .execute());
        if (proposed == 0) {
            throw new RefusedException(ErrorCode.NOT_FOUND, "there is no such person, or this identity is linked");
        }
    }

    /** What waits for a second approver. */
    public List<Proposal> proposals() {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT c.id AS change, c.person, p.name AS person_name, c.proposed_by, b.name AS proposed_by_name,
                               c.proposed_at, i.id, i.issuer, i.subject, i.hint, i.first_seen_at
                        FROM people_changes c
                        JOIN people p ON p.id = c.person
                        JOIN people b ON b.id = c.proposed_by
                        JOIN identities i ON i.id = CAST(c.details ->> 'identity' AS uuid) AND i.person IS NULL
                        WHERE c.confirmed_at IS NULL AND c.change = 'link_identity'
                        ORDER BY c.proposed_at, c.id LIMIT 100""")
                .map((row, context) -> new Proposal(
                        row.getObject("change", UUID.class),
                        identity(row),
                        new Person.Name(row.getObject("person", UUID.class), row.getString("person_name")),
                        new Person.Name(row.getObject("proposed_by", UUID.class), row.getString("proposed_by_name")),
                        row.getObject("proposed_at", OffsetDateTime.class).toInstant()))
                .list());
    }

    /**
     * Links what was proposed. The database refuses the one who proposed it, and the person that it is about.
     *
     * @throws RefusedException NOT_FOUND where there is no such proposal any more
     */
    public void confirm(Principal by, UUID change) {
        int linked = jdbi.withHandle(handle -> handle.createUpdate("""
                        WITH confirmed AS (
                            UPDATE people_changes c SET confirmed_by = :by, confirmed_at = now()
                            FROM identities i
                            WHERE c.id = :change AND c.confirmed_at IS NULL AND c.change = 'link_identity'
                              AND i.id = CAST(c.details ->> 'identity' AS uuid) AND i.person IS NULL
                            RETURNING c.person, i.id AS identity),
                        linked AS (
                            UPDATE identities i SET person = confirmed.person, linked_at = now() FROM confirmed
                            WHERE i.id = confirmed.identity RETURNING i.id, i.person)
                        INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                        SELECT :by, :token, 'identity.linked', 'person', person::text, jsonb_build_object('identity', id)
                        FROM linked""")
                .bind("by", by.id())
                .bind("token", by.token())
                .bind("change", change)
                .execute());
        if (linked == 0) {
            throw settled();
        }
    }

    public static RefusedException settled() {
        return new RefusedException(ErrorCode.NOT_FOUND, "there is no such proposal, or it is settled");
    }

    /**
     * Links an identity at the host's command line, which asks nobody.
     *
     * @throws RefusedException WRONG_STATE when it is somebody else's already
     */
    public void link(Person person, String issuer, String subject) {
        jdbi.useTransaction(handle -> link(handle, person, issuer, subject));
    }

    private static void link(Handle handle, Person person, String issuer, String subject) {
        int known = handle.createUpdate("""
                        WITH met AS (
                            INSERT INTO identities (id, issuer, subject) VALUES (:id, :issuer, :subject)
                            ON CONFLICT (issuer, subject) DO NOTHING)
                        INSERT INTO audit (action, subject_kind, subject_id, details)
                        SELECT 'identity.linked', 'person', CAST(:person AS text),
                               jsonb_build_object('issuer', :issuer, 'subject', :subject)
                        WHERE NOT EXISTS (
                            SELECT FROM identities
                            WHERE issuer = :issuer AND subject = :subject AND person <> CAST(:person AS uuid))""")
                .bind("id", UUID.randomUUID())
                .bind("issuer", issuer)
                .bind("subject", subject)
                .bind("person", person.id().toString())
                .execute();
        if (known == 0) {
            throw new RefusedException(ErrorCode.WRONG_STATE, "this identity is somebody else's already");
        }
        handle.createUpdate("""
                        UPDATE identities SET person = :person, linked_at = coalesce(linked_at, now())
                        WHERE issuer = :issuer AND subject = :subject AND (person IS NULL OR person = :person)""")
                .bind("person", person.id())
                .bind("issuer", issuer)
                .bind("subject", subject)
                .execute();
    }

    private static Identity identity(ResultSet row) throws SQLException {
        return new Identity(
                row.getObject("id", UUID.class),
                row.getString("issuer"),
                row.getString("subject"),
                row.getString("hint"),
                row.getObject("first_seen_at", OffsetDateTime.class).toInstant());
    }
}
