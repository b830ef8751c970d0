package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.Passkeys;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.webauthn.api.AuthenticatorTransport;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.CredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutableCredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCose;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialType;
import org.springframework.security.web.webauthn.management.UserCredentialRepository;

/** {@link Passkeys}, as the framework's WebAuthn reads and writes them. */
final class PasskeyRecords implements UserCredentialRepository {
    private final Passkeys passkeys;

    PasskeyRecords(Passkeys passkeys) {
        this.passkeys = passkeys;
    }

    @Override
    public void delete(Bytes credentialId) {
        throw new UnsupportedOperationException("passkeys are removed by their owners, by our own id");
    }

    /** A new one, or after its use one that is known. */
    @Override
    public void save(CredentialRecord record) {
        Passkeys.Passkey passkey = passkey(record);
        if (passkeys.find(passkey.credentialId()).isPresent()) {
            passkeys.used(passkey);
        } else {
            passkeys.add(passkey);
        }
    }

    @Override
    public @Nullable CredentialRecord findByCredentialId(Bytes credentialId) {
        return passkeys.find(credentialId.getBytes())
                .map(PasskeyRecords::record)
                .orElse(null);
    }

    @Override
    public List<CredentialRecord> findByUserId(Bytes userId) {
        return passkeys.of(PasskeyOwners.person(userId)).stream()
                .map(PasskeyRecords::record)
                .toList();
    }

    private static Passkeys.Passkey passkey(CredentialRecord record) {
        Set<String> transports = record.getTransports().stream()
                .map(AuthenticatorTransport::getValue)
                .collect(Collectors.toSet());
        return new Passkeys.Passkey(
                record.getCredentialId().getBytes(),
                UUID.randomUUID(),
                PasskeyOwners.person(record.getUserEntityUserId()),
                record.getPublicKey().getBytes(),
                record.getSignatureCount(),
                record.isUvInitialized(),
                transports,
                record.isBackupEligible(),
                record.isBackupState(),
                bytes(record.getAttestationObject()),
                bytes(record.getAttestationClientDataJSON()),
                record.getLabel(),
                Instant.now(),
                Instant.now());
    }

    private static byte @Nullable [] bytes(@Nullable Bytes bytes) {
        return bytes == null ? null : bytes.getBytes();
    }

    private static CredentialRecord record(Passkeys.Passkey passkey) {
        byte[] object = passkey.attestationObject();
        byte[] client = passkey.attestationClient();
        var record = ImmutableCredentialRecord.builder()
                .credentialType(PublicKeyCredentialType.PUBLIC_KEY)
                .credentialId(new Bytes(passkey.credentialId()))
                .userEntityUserId(PasskeyOwners.handle(passkey.person()))
                .publicKey(new ImmutablePublicKeyCose(passkey.publicKey()))
                .signatureCount(passkey.signatureCount())
                .uvInitialized(passkey.userVerified())
                .transports(passkey.transports().stream()
                        .map(AuthenticatorTransport::valueOf)
                        .collect(Collectors.toSet()))
                .backupEligible(passkey.backupEligible())
                .backupState(passkey.backedUp())
                .label(passkey.label())
                .created(passkey.createdAt())
                .lastUsed(passkey.lastUsedAt());
        if (object != null) {
            record.attestationObject(new Bytes(object));
        }
        if (client != null) {
            record.attestationClientDataJSON(new Bytes(client));
        }
        return record.build();
    }
}
