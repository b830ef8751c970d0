package dev.imprimatur.server.api;

import dev.imprimatur.publishing.Faults;
import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.access.policy.Resource;
import dev.imprimatur.publishing.outlets.Outlets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/api/tokens", produces = MediaType.APPLICATION_JSON_VALUE)
final class TokensApi {
    private final ApiTokens tokens;
    private final Policy policy;
    private final Outlets outlets;

    TokensApi(ApiTokens tokens, Policy policy, Outlets outlets) {
        this.tokens = tokens;
        this.policy = policy;
        this.outlets = outlets;
    }

    /** What a person asks for; without outlets it reaches all of them, and without a time it never expires. */
    record Asked(
            String kind,
            @Nullable String name,
            @Nullable List<String> outlets,
            @Nullable Instant expiresAt) {
        ApiTokens.Wish wish(Outlets known) {
            Faults faults = new Faults();
            TokenKind wanted = faults.take(() -> TokenKind.named(kind));
            List<String> named = outlets == null ? List.of() : outlets;
            for (int i = 0; i < named.size(); i++) {
                ContentJson.Written.known(known, named.get(i), "/outlets/" + i, faults);
            }
            faults.refuse();
            return new ApiTokens.Wish(
                    Objects.requireNonNull(wanted),
                    name,
                    outlets == null ? OutletScope.ALL : OutletScope.of(named),
                    expiresAt);
        }
    }

    record TokenJson(
            UUID id,
            String kind,
            @Nullable String name,
            @Nullable List<String> outlets,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable Instant revokedAt) {
        static TokenJson of(ApiTokens.Token token) {
            Set<String> only = token.scope().only();
            return new TokenJson(
                    token.id(),
                    token.kind().label(),
                    token.name(),
                    only == null ? null : only.stream().sorted().toList(),
                    token.createdAt(),
                    token.expiresAt(),
                    token.lastUsedAt(),
                    token.revokedAt());
        }
    }

    /** @param secret what its bearer shows, this once */
    record CreatedJson(TokenJson token, String secret) {
        @Override
        public String toString() {
            return "CreatedJson[" + token.id() + ", ***]";
        }
    }

    @PostMapping
    @Requires(Action.LIST_TOKENS)
    ResponseEntity<byte[]> create(@AuthenticationPrincipal Principal principal, Once once, JsonBody<Asked> body) {
        policy.require(principal, Action.CREATE_TOKEN, Resource.newToken(principal.id()));
        ApiTokens.Wish wish = body.read(asked -> asked.wish(outlets));
        return once.makeSecret(principal, body, () -> {
            ApiTokens.Created created = tokens.create(principal, wish);
            return new Once.Made(
                    "/api/tokens/" + created.token().id(),
                    new CreatedJson(TokenJson.of(created.token()), created.secret()));
        });
    }

    @GetMapping
    @Requires(Action.LIST_TOKENS)
    ContentApi.Items<TokenJson> list(@AuthenticationPrincipal Principal principal) {
        return new ContentApi.Items<>(
                tokens.of(principal.person()).stream().map(TokenJson::of).toList());
    }

    /** Ends a token; an approver who manages people may end anybody's. */
    @DeleteMapping("/{id}")
    @Requires(Action.LIST_TOKENS)
    ResponseEntity<Void> revoke(@AuthenticationPrincipal Principal principal, @PathVariable UUID id) {
        if (tokens.owner(principal, id)
                .filter(owner -> policy.allows(principal, Action.REVOKE_TOKEN, Resource.token(id, owner)))
                .isEmpty()) {
            throw ApiTokens.nothing(id);
        }
        tokens.revoke(principal, id);
        return ResponseEntity.noContent().build();
    }
}
