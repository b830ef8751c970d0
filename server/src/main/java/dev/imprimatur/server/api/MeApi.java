package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import java.util.List;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
final class MeApi {
    record Me(UUID id, String name, List<String> roles, Token token) {}

    record Token(String kind) {}

    @GetMapping("/api/me")
    @Requires({})
    Me me(@AuthenticationPrincipal Principal principal) {
        return new Me(
                principal.id(),
                principal.person().name(),
                principal.person().roles().stream().sorted().map(Role::label).toList(),
                new Token(principal.kind().label()));
    }
}
