package dev.imprimatur.server.console;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.OutletScope;
import dev.imprimatur.publishing.access.Passkeys;
import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.publishing.access.Sessions;
import dev.imprimatur.publishing.access.TokenKind;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.access.policy.Resource;
import dev.imprimatur.publishing.outlets.Outlets;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** One's own account: passkeys, sessions, tokens, password. */
@Controller
final class AccountPages {
    private final Pages pages;
    private final Doors doors;
    private final Policy policy;
    private final Outlets outlets;

    AccountPages(Pages pages, Doors doors, Policy policy, Outlets outlets) {
        this.pages = pages;
        this.doors = doors;
        this.policy = policy;
        this.outlets = outlets;
    }

    /** Whatever lets somebody in. */
    record Doors(Passwords passwords, Passkeys passkeys, Sessions sessions, ApiTokens tokens) {}

    @GetMapping("/account")
    ResponseEntity<String> account(HttpServletRequest request, HttpServletResponse response) {
        Principal viewer = Pages.viewer();
        return viewer == null
                ? Pages.goToLogin(request)
                : show(HttpStatus.OK, viewer, null, null, null, request, response);
    }

    @PostMapping("/account/tokens")
    ResponseEntity<String> makeToken(
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String kind,
            @RequestParam @Nullable String all,
            @RequestParam(name = "outlet") @Nullable List<String> only,
            @RequestParam(defaultValue = "90") int days,
            HttpServletRequest request,
            HttpServletResponse response) {
        Principal viewer = Pages.viewer();
        if (viewer == null) {
            return Pages.goToLogin(request);
        }
        try {
            policy.require(viewer, Action.CREATE_TOKEN, Resource.newToken(viewer.id()));
            viewer.requireFreshLogin();
            List<String> named = only == null ? List.of() : only;
            OutletScope scope = all != null
                    ? OutletScope.ALL
                    : OutletScope.of(named.stream()
                            .map(outlet -> outlets.named(outlet).name())
                            .toList());
            Instant ends = Instant.now().plus(Duration.ofDays(Math.clamp(days, 1, 3650)));
            ApiTokens.Created created =
                    doors.tokens().create(viewer, new ApiTokens.Wish(TokenKind.named(kind), name, scope, ends));
            return show(HttpStatus.CREATED, viewer, created.secret(), null, null, request, response);
        } catch (RefusedException refused) {
            return refused(viewer, refused, request, response);
        }
    }

    @PostMapping("/account/tokens/{id}/revocation")
    ResponseEntity<String> revokeToken(
            @PathVariable UUID id, HttpServletRequest request, HttpServletResponse response) {
        return change(request, response, viewer -> {
            if (doors.tokens().owner(viewer, id).filter(viewer.id()::equals).isEmpty()) {
                throw ApiTokens.nothing(id);
            }
            policy.require(viewer, Action.REVOKE_TOKEN, Resource.token(id, viewer.id()));
            doors.tokens().revoke(viewer, id);
        });
    }

    @PostMapping("/account/sessions/{id}/end")
    ResponseEntity<String> endSession(@PathVariable UUID id, HttpServletRequest request, HttpServletResponse response) {
        return change(request, response, viewer -> {
            policy.require(viewer, Action.END_SESSIONS, Resource.person(viewer.id()));
            doors.sessions().revoke(viewer, viewer.id(), id);
        });
    }

    @PostMapping("/account/passkeys/{id}/removal")
    ResponseEntity<String> removePasskey(
            @PathVariable UUID id, HttpServletRequest request, HttpServletResponse response) {
        return change(request, response, viewer -> {
            viewer.requireFreshLogin();
            doors.passkeys().remove(viewer, id);
        });
    }

    @PostMapping("/account/password")
    ResponseEntity<String> setPassword(
            @RequestParam(defaultValue = "") String password,
            HttpServletRequest request,
            HttpServletResponse response) {
        return change(
                request,
                response,
                viewer -> doors.passwords()
                        .set(
                                viewer.person(),
                                password,
                                viewer,
                                viewer.requireFreshLogin().id()));
    }

    private ResponseEntity<String> change(
            HttpServletRequest request, HttpServletResponse response, Consumer<Principal> change) {
        Principal viewer = Pages.viewer();
        if (viewer == null) {
            return Pages.goToLogin(request);
        }
        try {
            change.accept(viewer);
            return Pages.goTo("/account");
        } catch (RefusedException refused) {
            return refused(viewer, refused, request, response);
        }
    }

    private ResponseEntity<String> refused(
            Principal viewer, RefusedException refused, HttpServletRequest request, HttpServletResponse response) {
        HttpStatus status = HttpStatus.valueOf(refused.code().status());
        return show(status, viewer, null, refused.detail(), null, request, response);
    }

    private ResponseEntity<String> show(
            HttpStatus status,
            Principal viewer,
            @Nullable String secret,
            @Nullable String problem,
            @Nullable String notice,
            HttpServletRequest request,
            HttpServletResponse response) {
        Frame frame = pages.frame("Account", request, response)
                .withScript("passkeys.js")
                .withProblem(problem)
                .withNotice(notice);
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("name", viewer.person().name());
        parameters.put(
                "roles",
                viewer.person().roles().stream().sorted().map(Role::label).collect(Collectors.joining(", ")));
        parameters.put("manages", viewer.person().managesPeople());
        parameters.put("passkeys", doors.passkeys().of(viewer.id()));
        parameters.put("sessions", doors.sessions().of(viewer.person()));
        parameters.put("tokens", doors.tokens().of(viewer.person()));
        parameters.put("outlets", List.copyOf(outlets.names()));
        parameters.put(
                "current", viewer.session() == null ? null : viewer.session().id());
        parameters.put("secret", secret);
        return pages.show(status, "account", frame, parameters);
    }
}
