package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.Session;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
final class MeApi {
    private final Passwords passwords;

    MeApi(Passwords passwords) {
        this.passwords = passwords;
    }

    /**
     * @param token by which the request came, or null in a session
     * @param session in which it came, or null by a token
     */
    record Me(
            UUID id,
            String name,
            List<String> roles,
            boolean managesPeople,
            @Nullable Token token,
            SessionsApi.@Nullable SessionJson session) {}

    /** @param outlets which it reaches, or null for all */
    record Token(@Nullable UUID id, String kind, @Nullable List<String> outlets) {}

    record Changed(String password) {
        @Override
        public String toString() {
            return "Changed[***]";
        }
    }

    @GetMapping("/api/me")
    @Requires({})
    Me me(@AuthenticationPrincipal Principal principal) {
        Session session = principal.session();
        Set<String> only = principal.scope().only();
        return new Me(
                principal.id(),
                principal.person().name(),
                principal.person().roles().stream().sorted().map(Role::label).toList(),
                principal.person().managesPeople(),
                session != null
                        ? null
                        : new Token(
                                principal.token(),
                                principal.kind().label(),
                                only == null ? null : only.stream().sorted().toList()),
                session == null ? null : SessionsApi.SessionJson.of(session, session));
    }

    /** Sets one's password, soon after a login, and ends all one's other sessions. */
    @PutMapping("/api/me/password")
    @Requires({})
    ResponseEntity<Void> setPassword(@AuthenticationPrincipal Principal principal, JsonBody<Changed> body) {
        Session session = principal.requireFreshLogin();
        passwords.set(principal.person(), body.read().password(), principal, session.id());
        return ResponseEntity.noContent().build();
    }
}
