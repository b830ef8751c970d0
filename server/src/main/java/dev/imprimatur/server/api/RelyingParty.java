package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Passkeys;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.security.web.webauthn.api.AuthenticatorAssertionResponse;
import org.springframework.security.web.webauthn.api.AuthenticatorAttestationResponse;
import org.springframework.security.web.webauthn.api.AuthenticatorSelectionCriteria;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.CredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredential;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialCreationOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialDescriptor;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialParameters;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRequestOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRpEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.ResidentKeyRequirement;
import org.springframework.security.web.webauthn.api.UserVerificationRequirement;
import org.springframework.security.web.webauthn.jackson.WebauthnJacksonModule;
import org.springframework.security.web.webauthn.management.ImmutableRelyingPartyRegistrationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyAuthenticationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyPublicKey;
import org.springframework.security.web.webauthn.management.Webauthn4JRelyingPartyOperations;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The ceremonies of WebAuthn, which the framework checks. A passkey is discoverable and asks for the person's finger,
 * face or PIN, so that it is both who they are and what they have.
 */
final class RelyingParty {
    private static final Duration TIME = Duration.ofMinutes(5);

    private final Webauthn4JRelyingPartyOperations operations;
    private final PasskeyRecords records;
    private final People people;
    private final PublicKeyCredentialRpEntity entity;
    private final JsonMapper json =
            JsonMapper.builder().addModule(new WebauthnJacksonModule()).build();

    RelyingParty(Passkeys passkeys, People people, URI publicUrl) {
        this.people = people;
        this.records = new PasskeyRecords(passkeys);
        this.entity = PublicKeyCredentialRpEntity.builder()
                .id(publicUrl.getHost())
                .name("Imprimatur")
                .build();
        String origin = publicUrl.getScheme() + "://" + publicUrl.getRawAuthority();
        this.operations =
                new Webauthn4JRelyingPartyOperations(new PasskeyOwners(people), records, entity, Set.of(origin));
    }

    /** A challenge, as text. */
    static String challenge() {
        return Bytes.random().toBase64UrlString();
    }

    /** What the browser is to make a passkey from. */
    JsonNode creation(Person person, String challenge) {
        return json.valueToTree(creationOptions(person, challenge));
    }

    /** Checks what the browser made, and keeps it. */
    void register(Person person, String challenge, String label, String credential) {
        PublicKeyCredential<AuthenticatorAttestationResponse> made =
                read(credential, new TypeReference<PublicKeyCredential<AuthenticatorAttestationResponse>>() {});
        try {
            operations.registerCredential(new ImmutableRelyingPartyRegistrationRequest(
                    creationOptions(person, challenge), new RelyingPartyPublicKey(made, label)));
        } catch (RefusedException refused) {
            throw refused;
        } catch (RuntimeException e) {
            throw new RefusedException(ErrorCode.INVALID_FIELD, "this passkey does not stand the checks", e);
        }
    }

    /** What the browser is to answer a login with. */
    JsonNode request(String challenge) {
        return json.valueToTree(requestOptions(challenge));
    }

    /**
     * Who signed the challenge.
     *
     * @throws RefusedException WRONG_CREDENTIALS
     */
    Person authenticate(String challenge, String credential) {
        PublicKeyCredential<AuthenticatorAssertionResponse> signed =
                read(credential, new TypeReference<PublicKeyCredential<AuthenticatorAssertionResponse>>() {});
        try {
            PublicKeyCredentialUserEntity owner =
                    operations.authenticate(new RelyingPartyAuthenticationRequest(requestOptions(challenge), signed));
            return people.find(PasskeyOwners.person(owner.getId())).orElseThrow(() -> wrong(null));
        } catch (RefusedException refused) {
            throw refused;
        } catch (RuntimeException e) {
            throw wrong(e);
        }
    }

    private static RefusedException wrong(@org.jspecify.annotations.Nullable Exception cause) {
        String detail = "this passkey opens nothing here";
        return cause == null
                ? new RefusedException(ErrorCode.WRONG_CREDENTIALS, detail)
                : new RefusedException(ErrorCode.WRONG_CREDENTIALS, detail, cause);
    }

    private PublicKeyCredentialCreationOptions creationOptions(Person person, String challenge) {
        Bytes id = PasskeyOwners.handle(person.id());
        List<PublicKeyCredentialDescriptor> present =
                records.findByUserId(id).stream().map(RelyingParty::descriptor).toList();
        return PublicKeyCredentialCreationOptions.builder()
                .rp(entity)
                .user(ImmutablePublicKeyCredentialUserEntity.builder()
                        .id(id)
                        .name(person.name())
                        .displayName(person.name())
                        .build())
                .challenge(Bytes.fromBase64(challenge))
                .pubKeyCredParams(
                        PublicKeyCredentialParameters.EdDSA,
                        PublicKeyCredentialParameters.ES256,
                        PublicKeyCredentialParameters.RS256)
                .timeout(TIME)
                .excludeCredentials(present)
                .authenticatorSelection(AuthenticatorSelectionCriteria.builder()
                        .residentKey(ResidentKeyRequirement.REQUIRED)
                        .userVerification(UserVerificationRequirement.REQUIRED)
                        .build())
                .build();
    }

    private static PublicKeyCredentialDescriptor descriptor(CredentialRecord record) {
        return PublicKeyCredentialDescriptor.builder()
                .id(record.getCredentialId())
                .transports(record.getTransports())
                .build();
    }

    private PublicKeyCredentialRequestOptions requestOptions(String challenge) {
        return PublicKeyCredentialRequestOptions.builder()
                .rpId(entity.getId())
                .challenge(Bytes.fromBase64(challenge))
                .timeout(TIME)
                .userVerification(UserVerificationRequirement.REQUIRED)
                .allowCredentials(List.of())
                .build();
    }

    private <T> T read(String credential, TypeReference<T> type) {
        try {
            return json.readValue(credential, type);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new RefusedException(ErrorCode.INVALID_FIELD, "this is no credential of a browser", e);
        }
    }
}
