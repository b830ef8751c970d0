package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.management.PublicKeyCredentialUserEntityRepository;

/** People as the framework's WebAuthn knows them: by their id, in 16 bytes. Here they are read and never made. */
final class PasskeyOwners implements PublicKeyCredentialUserEntityRepository {
    private static final int BYTES = 16;

    private final People people;

    PasskeyOwners(People people) {
        this.people = people;
    }

    static Bytes handle(UUID person) {
        return new Bytes(ByteBuffer.allocate(BYTES)
                .putLong(person.getMostSignificantBits())
                .putLong(person.getLeastSignificantBits())
                .array());
    }

    static UUID person(Bytes handle) {
        ByteBuffer bytes = ByteBuffer.wrap(handle.getBytes());
        if (bytes.remaining() != BYTES) {
            throw new IllegalArgumentException("a person's handle has 16 bytes");
        }
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    @Override
    public @Nullable PublicKeyCredentialUserEntity findById(Bytes id) {
        return entity(people.find(person(id)));
    }

    @Override
    public @Nullable PublicKeyCredentialUserEntity findByUsername(String username) {
        return entity(people.named(username));
    }

    @Override
    public void save(PublicKeyCredentialUserEntity userEntity) {
        throw new UnsupportedOperationException("people are added elsewhere");
    }

    @Override
    public void delete(Bytes id) {
        throw new UnsupportedOperationException("people are never deleted");
    }

    private static @Nullable PublicKeyCredentialUserEntity entity(Optional<Person> found) {
        return found.map(person -> ImmutablePublicKeyCredentialUserEntity.builder()
                        .id(handle(person.id()))
                        .name(person.name())
                        .displayName(person.name())
                        .build())
                .orElse(null);
    }
}
