package dev.imprimatur.publishing.access;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Bearer tokens: {@code imp_} and 256 random bits in base64url, stored as their SHA-256. */
public final class ApiTokens {
    private static final String PREFIX = "imp_";
    /** A revocation is in force everywhere within this time. */
    private static final Duration CACHED = Duration.ofMillis(500);

    private static final int LONGEST_NAME = 100;
    private static final int MOST_OUTLETS = 100;

    private final Jdbi jdbi;
    private final LoadingCache<String, Optional<Principal>> cache;

    public ApiTokens(Jdbi jdbi) {
        this(jdbi, Ticker.systemTicker());
    }

    ApiTokens(Jdbi jdbi, Ticker ticker) {
        this.jdbi = jdbi;
        this.cache = Caffeine.newBuilder()
                .expireAfterWrite(CACHED)
                .maximumSize(10_000)
                .ticker(ticker)
                .build(this::read);
    }

    /**
     * What a token is to be.
     *
     * @param name by which its owner knows it, or null
     * @param expiresAt null for never
     */
    public record Wish(
            TokenKind kind,
            @Nullable String name,
            OutletScope scope,
            @Nullable Instant expiresAt) {
        public static Wish of(TokenKind kind) {
            return new Wish(kind, null, OutletScope.ALL, null);
        }
    }

    /** A token as it is listed: everything but what it is. */
    public record Token(
            UUID id,
            Person.Name owner,
            TokenKind kind,
            @Nullable String name,
            OutletScope scope,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable Instant revokedAt) {}

    /** A new token, this once with what its bearer shows. */
    public record Created(String secret, Token token) {
        @Override
        public String toString() {
            return "Created[***, " + token.id() + "]";
        }
    }

    /** Makes a token at the host's command line and returns it: this is the only time it is seen. */
    public String create(Person owner, TokenKind kind) {
        return create(Principal.atTheCommandLine(owner), Wish.of(kind)).secret();
    }

    /**
     * Makes a token for whoever asks. It reaches no further and lasts no longer than what they ask with.
     *
     * @throws RefusedException INVALID_FIELD
     */
    public Created create(Principal owner, Wish wish) {
        Instant ends = within(owner, wish);
        String secret = PREFIX + RandomSecret.make();
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH created AS (
                            INSERT INTO api_tokens (id, owner, kind, sha256, name, outlets, expires_at)
                            VALUES (:id, :owner, :kind, decode(:sha256, 'hex'), :name, :outlets, :expires_at)
                            RETURNING *),
                        audited AS (
                            INSERT INTO audit (actor, token, action, subject_kind, subject_id, details)
                            SELECT :actor, :token, 'token.created', 'token', id::text,
                                   jsonb_build_object('owner', owner, 'kind', kind, 'outlets', to_jsonb(outlets), 'expires_at', expires_at)
                            FROM created)
                        SELECT created.*, p.name AS owner_name FROM created JOIN people p ON p.id = created.owner""")
                .bind("id", UUID.randomUUID())
                .bind("owner", owner.id())
                .bind("actor", owner.token() == null && owner.session() == null ? null : owner.id())
                .bind("token", owner.token())
                .bind("kind", wish.kind().label())
                .bind("sha256", RandomSecret.sha256(secret))
                .bind("name", wish.name())
                .bindByType("outlets", wish.scope().names(), String[].class)
                .bind("expires_at", ends == null ? null : ends.atOffset(ZoneOffset.UTC))
                .map((row, context) -> new Created(secret, token(row)))
                .one());
    }

    private @Nullable Instant within(Principal owner, Wish wish) {
        String name = wish.name();
        if (name != null && (name.isBlank() || name.length() > LONGEST_NAME || name.matches("(?s).*\\p{Cntrl}.*"))) {
            throw RefusedException.field("/name", "a token's name is 1 to 100 characters on one line");
        }
        if (wish.scope().only() != null
                && (wish.scope().only().isEmpty() || wish.scope().only().size() > MOST_OUTLETS)) {
            throw RefusedException.field("/outlets", "name the outlets that it reaches, or leave it out for all");
        }
        if (!owner.scope().covers(wish.scope())) {
            throw RefusedException.field("/outlets", "a token gives no further than it reaches itself");
        }
        if (wish.expiresAt() != null && !wish.expiresAt().isAfter(Instant.now())) {
            throw RefusedException.field("/expires_at", "that is over already");
        }
        Instant theirs = owner.token() == null ? null : ends(owner.token());
        if (theirs != null && (wish.expiresAt() == null || wish.expiresAt().isAfter(theirs))) {
            throw RefusedException.field("/expires_at", "a token makes none that outlives it: it ends at " + theirs);
        }
        return wish.expiresAt();
    }

    private @Nullable Instant ends(UUID token) {
        return jdbi.withHandle(handle -> handle.createQuery("SELECT expires_at FROM api_tokens WHERE id = :id")
                .bind("id", token)
                .map((row, context) -> instant(row, "expires_at"))
                .findOne()
                .orElse(null));
    }

    /** Somebody's tokens, the newest first; those that are over too. */
    public List<Token> of(Person owner) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT t.*, p.name AS owner_name FROM api_tokens t JOIN people p ON p.id = t.owner
                        WHERE t.owner = :owner ORDER BY t.created_at DESC, t.id""")
                .bind("owner", owner.id())
                .map((row, context) -> token(row))
                .list());
    }

    /** Whose token this is, unless it reaches further than whoever asks. One that is over is still theirs. */
    public Optional<UUID> owner(Principal asking, UUID token) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        SELECT owner FROM api_tokens
                        WHERE id = :id
                          AND (CAST(:outlets AS text[]) IS NULL OR outlets <@ CAST(:outlets AS text[]))""")
                .bind("id", token)
                .bindByType("outlets", asking.scope().names(), String[].class)
                .mapTo(UUID.class)
                .findOne());
    }

    public static RefusedException nothing(UUID token) {
        return new RefusedException(ErrorCode.NOT_FOUND, "you have no token " + token);
    }

    /**
     * Ends a token; one that is over stays as it is. Whether one may, the policy was asked before.
     *
     * @param by null at the host's command line
     * @throws RefusedException NOT_FOUND
     */
    public void revoke(@Nullable Principal by, UUID token) {
        boolean found = jdbi.withHandle(handle -> handle.createQuery("""
                        WITH ended AS (
                            SELECT id, revoked_at FROM api_tokens WHERE id = :id FOR UPDATE),
                        revoked AS (
                            UPDATE api_tokens t SET revoked_at = now() FROM ended
                            WHERE t.id = ended.id AND ended.revoked_at IS NULL RETURNING t.id),
                        audited AS (
                            INSERT INTO audit (actor, token, action, subject_kind, subject_id)
                            SELECT :by, :token, 'token.revoked', 'token', id::text FROM revoked)
                        SELECT true FROM ended""")
                .bind("id", token)
                .bind("by", by == null ? null : by.id())
                .bind("token", by == null ? null : by.token())
                .mapTo(Boolean.class)
                .findOne()
                .isPresent());
        cache.invalidateAll();
        if (!found) {
            throw nothing(token);
        }
    }

    /** Whom the token speaks for, unless it is unknown, expired, revoked, or its owner disabled. */
    public Optional<Principal> principal(String token) {
        return token.startsWith(PREFIX) && RandomSecret.isOne(token.substring(PREFIX.length()))
                ? cache.get(RandomSecret.sha256(token))
                : Optional.empty();
    }

    /** Marks it as used at most once a minute, so that reading stays reading. */
    private Optional<Principal> read(String sha256) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        WITH used AS (
                            UPDATE api_tokens SET last_used_at = now()
                            WHERE sha256 = decode(:sha256, 'hex') AND revoked_at IS NULL
                              AND (expires_at IS NULL OR expires_at > now())
                              AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute'))
                        SELECT t.id AS token, t.kind, t.outlets, p.id, p.name, p.roles, p.manages_people
                        FROM api_tokens t JOIN people p ON p.id = t.owner
                        WHERE t.sha256 = decode(:sha256, 'hex') AND t.revoked_at IS NULL
                          AND (t.expires_at IS NULL OR t.expires_at > now()) AND p.disabled_at IS NULL""")
                .bind("sha256", sha256)
                .map((row, context) -> new Principal(
                        People.person(row),
                        row.getObject("token", UUID.class),
                        TokenKind.of(row.getString("kind")),
                        scope(row),
                        null))
                .findOne());
    }

    private static Token token(ResultSet row) throws SQLException {
        Instant created = instant(row, "created_at");
        if (created == null) {
            throw new IllegalStateException("every token was made at some time");
        }
        return new Token(
                row.getObject("id", UUID.class),
                new Person.Name(row.getObject("owner", UUID.class), row.getString("owner_name")),
                TokenKind.of(row.getString("kind")),
                row.getString("name"),
                scope(row),
                created,
                instant(row, "expires_at"),
                instant(row, "last_used_at"),
                instant(row, "revoked_at"));
    }

    private static OutletScope scope(ResultSet row) throws SQLException {
        Array outlets = row.getArray("outlets");
        return outlets == null ? OutletScope.ALL : OutletScope.of(List.of((String[]) outlets.getArray()));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
