package dev.imprimatur.publishing.access;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Bearer tokens. A token is {@code imp_} and 256 random bits in base64url; only its SHA-256 is stored, which needs no
 * salt and no slowness because there is nothing to guess.
 */
public final class ApiTokens {
    private static final String PREFIX = "imp_";
    private static final SecureRandom RANDOM = new SecureRandom();
    /** A revocation is in force everywhere within this time. */
    private static final Duration CACHED = Duration.ofMillis(500);

    private final Jdbi jdbi;
    private final LoadingCache<String, Optional<Principal>> cache;

    public ApiTokens(Jdbi jdbi) {
        this.jdbi = jdbi;
        this.cache = Caffeine.newBuilder()
                .expireAfterWrite(CACHED)
                .maximumSize(10_000)
                .build(this::read);
    }

    /** Makes a token and returns it: this is the only time it is seen. */
    public String create(Person owner, TokenKind kind) {
        byte[] bits = new byte[32];
        RANDOM.nextBytes(bits);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        jdbi.useHandle(handle -> handle.createUpdate("""
                        WITH created AS (
                            INSERT INTO api_tokens (id, owner, kind, sha256)
                            VALUES (:id, :owner, :kind, decode(:sha256, 'hex')) RETURNING id)
                        INSERT INTO audit (action, subject_kind, subject_id, details)
                        SELECT 'token.created', 'token', id::text, jsonb_build_object('owner', :owner, 'kind', :kind)
                        FROM created""")
                .bind("id", UUID.randomUUID())
                .bind("owner", owner.id())
                .bind("kind", kind.label())
                .bind("sha256", sha256(token))
                .execute());
        return token;
    }

    /** Whom the token speaks for, unless it is unknown, expired, revoked, or its owner disabled. */
    public Optional<Principal> principal(String token) {
        return token.startsWith(PREFIX) && token.length() < 100 ? cache.get(sha256(token)) : Optional.empty();
    }

    private Optional<Principal> read(String sha256) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT t.id AS token, t.kind, p.id, p.name, p.roles, p.manages_people
                        FROM api_tokens t JOIN people p ON p.id = t.owner
                        WHERE t.sha256 = decode(:sha256, 'hex') AND t.revoked_at IS NULL
                          AND (t.expires_at IS NULL OR t.expires_at > now()) AND p.disabled_at IS NULL""")
                .bind("sha256", sha256)
                .map((row, context) -> new Principal(
                        People.person(row), row.getObject("token", UUID.class), TokenKind.of(row.getString("kind"))))
                .findOne());
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
