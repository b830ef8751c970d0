package dev.imprimatur.publishing.access;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Passkeys: public keys of authenticators, by which people come in without a password. */
public final class Passkeys {
    private static final String READ = """
            SELECT k.credential_id, k.id, k.person, k.public_key, k.signature_count, k.user_verified, k.transports,
                   k.backup_eligible, k.backed_up, k.attestation_object, k.attestation_client, k.label, k.created_at,
                   k.last_used_at
            FROM passkeys k JOIN people p ON p.id = k.person AND p.disabled_at IS NULL
            """;

    private final Jdbi jdbi;

    public Passkeys(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * A credential of WebAuthn.
     *
     * @param credentialId the authenticator's name for it
     * @param id ours, by which people see and remove it
     * @param publicKey in COSE
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes on their way; nobody compares passkeys
    public record Passkey(
            byte[] credentialId,
            UUID id,
            UUID person,
            byte[] publicKey,
            long signatureCount,
            boolean userVerified,
            Set<String> transports,
            boolean backupEligible,
            boolean backedUp,
            byte @Nullable [] attestationObject,
            byte @Nullable [] attestationClient,
            String label,
            Instant createdAt,
            Instant lastUsedAt) {}

    /**
     * Takes a new one in.
     *
     * @throws RefusedException INVALID_FIELD for its label
     */
    public void add(Passkey passkey) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        WITH added AS (
                            INSERT INTO passkeys (credential_id, id, person, public_key, signature_count, user_verified,
                                transports, backup_eligible, backed_up, attestation_object, attestation_client, label)
                            VALUES (:credential_id, :id, :person, :public_key, :signature_count, :user_verified,
                                :transports, :backup_eligible, :backed_up, :attestation_object, :attestation_client, :label)
                            RETURNING id, person)
                        INSERT INTO audit (actor, action, subject_kind, subject_id, details)
                        SELECT person, 'passkey.added', 'person', person::text, jsonb_build_object('passkey', id)
                        FROM added""")
                .bind("credential_id", passkey.credentialId())
                .bind("id", passkey.id())
                .bind("person", passkey.person())
                .bind("public_key", passkey.publicKey())
                .bind("signature_count", passkey.signatureCount())
                .bind("user_verified", passkey.userVerified())
                .bindArray("transports", String.class, List.copyOf(passkey.transports()))
                .bind("backup_eligible", passkey.backupEligible())
                .bind("backed_up", passkey.backedUp())
                .bind("attestation_object", passkey.attestationObject())
                .bind("attestation_client", passkey.attestationClient())
                .bind("label", acceptable(passkey.label()))
                .execute());
    }

    /** It was used: what the authenticator counts and says of itself. */
    public void used(Passkey passkey) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        UPDATE passkeys SET signature_count = :signature_count, user_verified = :user_verified,
                            backed_up = :backed_up, last_used_at = now()
                        WHERE credential_id = :credential_id""")
                .bind("credential_id", passkey.credentialId())
                .bind("signature_count", passkey.signatureCount())
                .bind("user_verified", passkey.userVerified())
                .bind("backed_up", passkey.backedUp())
                .execute());
    }

    /** By the authenticator's name for it, unless its person is disabled. */
    public Optional<Passkey> find(byte[] credentialId) {
        return jdbi.withHandle(handle -> handle.createQuery(READ + "WHERE k.credential_id = :credential_id")
                .bind("credential_id", credentialId)
                .map((row, context) -> passkey(row))
                .findOne());
    }

    /** The newest first. */
    public List<Passkey> of(UUID person) {
        return jdbi.withHandle(
                handle -> handle.createQuery(READ + "WHERE k.person = :person ORDER BY k.created_at DESC, k.id")
                        .bind("person", person)
                        .map((row, context) -> passkey(row))
                        .list());
    }

    /**
     * Removes one of somebody's own.
     *
     * @throws RefusedException NOT_FOUND also when it is somebody else's
     */
    public void remove(Principal by, UUID id) {
        int removed = jdbi.withHandle(handle -> handle.createUpdate("""
                        WITH removed AS (DELETE FROM passkeys WHERE id = :id AND person = :by RETURNING id)
                        INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                        SELECT :by, :token, 'passkey.removed', 'person', CAST(:by AS text), jsonb_build_object('passkey', id)
                        FROM removed""")
                .bind("id", id)
                .bind("by", by.id())
                .bind("token", by.token())
                .execute());
        if (removed == 0) {
            throw new RefusedException(ErrorCode.NOT_FOUND, "you have no passkey " + id);
        }
    }

    public static String acceptable(String label) {
        if (label.isBlank() || label.length() > 100 || label.chars().anyMatch(Character::isISOControl)) {
            throw RefusedException.field("/label", "a passkey's name is 1 to 100 characters on one line");
        }
        return label.strip();
    }

    private static Passkey passkey(ResultSet row) throws SQLException {
        return new Passkey(
                row.getBytes("credential_id"),
                row.getObject("id", UUID.class),
                row.getObject("person", UUID.class),
                row.getBytes("public_key"),
                row.getLong("signature_count"),
                row.getBoolean("user_verified"),
                Set.of((String[]) row.getArray("transports").getArray()),
                row.getBoolean("backup_eligible"),
                row.getBoolean("backed_up"),
                row.getBytes("attestation_object"),
                row.getBytes("attestation_client"),
                row.getString("label"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("last_used_at", OffsetDateTime.class).toInstant());
    }
}
