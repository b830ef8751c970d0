package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Logins;
import dev.imprimatur.publishing.access.Passkeys;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Session;
import dev.imprimatur.publishing.access.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the script of our pages asks for: making a passkey in a fresh session, and coming in by one. A challenge is kept in
 * the session and used once.
 */
@RestController
final class PasskeyCeremonies {
    private static final String REGISTRATION = "passkey_registration";
    private static final String LOGIN = "passkey_login";

    private final RelyingParty party;
    private final Sessions sessions;
    private final Logins logins;
    private final JsonMapper json;

    PasskeyCeremonies(
            Passkeys passkeys, People people, Sessions sessions, Logins logins, URI publicUrl, JsonMapper json) {
        this.party = new RelyingParty(passkeys, people, publicUrl);
        this.sessions = sessions;
        this.logins = logins;
        this.json = json;
    }

    /** @param credential what the browser made, as JSON */
    record Made(String label, String credential) {}

    /** @param credential what the browser signed with, as JSON */
    record Signed(String credential) {}

    @PostMapping(path = "/passkeys/options", produces = MediaType.APPLICATION_JSON_VALUE)
    JsonNode options(@AuthenticationPrincipal @Nullable Principal principal) {
        Principal known = known(principal);
        String challenge = keep(known.requireFreshLogin(), REGISTRATION);
        return party.creation(known.person(), challenge);
    }

    @PostMapping(path = "/passkeys", produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, String> register(@AuthenticationPrincipal @Nullable Principal principal, JsonBody<Made> body) {
        Principal known = known(principal);
        Session session = known.requireFreshLogin();
        Made made = body.read();
        String label = Passkeys.acceptable(made.label());
        party.register(known.person(), challenge(session, REGISTRATION), label, made.credential());
        return Map.of("label", label);
    }

    private static Principal known(@Nullable Principal principal) {
        if (principal == null) {
            throw new RefusedException(ErrorCode.UNAUTHENTICATED, "log in first");
        }
        return principal;
    }

    @PostMapping(path = "/login/passkey/options", produces = MediaType.APPLICATION_JSON_VALUE)
    JsonNode loginOptions(HttpServletRequest request, HttpServletResponse response) {
        return party.request(keep(BrowserSessions.begun(sessions, request, response), LOGIN));
    }

    @PostMapping(path = "/login/passkey", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<SessionsApi.SessionJson> logIn(
            JsonBody<Signed> body, HttpServletRequest request, HttpServletResponse response) {
        Session before = BrowserSessions.of(request);
        if (before == null) {
            throw expired();
        }
        String credential = body.read().credential();
        Person person = party.authenticate(challenge(before, LOGIN), credential);
        Logins.LoggedIn in = logins.in(person, Session.Method.PASSKEY, BrowserSessions.browser(request));
        BrowserSessions.loggedIn(in, request, response);
        Session session = in.opened().session();
        return ResponseEntity.created(URI.create("/api/session"))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(SessionsApi.SessionJson.of(session, session));
    }

    private String keep(Session session, String step) {
        String challenge = RelyingParty.challenge();
        sessions.keep(session, step, json.writeValueAsString(challenge));
        return challenge;
    }

    private String challenge(Session session, String step) {
        return sessions.take(session, step)
                .map(kept -> json.readValue(kept, String.class))
                .orElseThrow(PasskeyCeremonies::expired);
    }

    private static RefusedException expired() {
        return new RefusedException(ErrorCode.WRONG_STATE, "ask for options first; each challenge is good for one try");
    }
}
