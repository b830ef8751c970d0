package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Logins;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Session;
import dev.imprimatur.publishing.access.Sessions;
import dev.imprimatur.publishing.access.policy.Action;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.access.policy.Resource;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Logging in and out: {@code /api/session} is the browser's own, {@code /api/sessions} are all of a person's. */
@RestController
final class SessionsApi {
    private final Logins logins;
    private final Sessions sessions;
    private final Policy policy;

    SessionsApi(Logins logins, Sessions sessions, Policy policy) {
        this.policy = policy;
        this.logins = logins;
        this.sessions = sessions;
    }

    /** A name and a password; or a one-time link and the password that is to hold from now on. */
    record Login(
            @Nullable String name,
            String password,
            @Nullable String link) {
        @Override
        public String toString() {
            return "Login[" + name + ", ***]";
        }
    }

    record SessionJson(
            UUID id,
            Person.@Nullable Name person,
            List<String> methods,
            @Nullable String userAgent,
            @Nullable Instant loginAt,
            Instant lastSeenAt,
            Instant expiresAt,
            boolean current) {
        static SessionJson of(Session session, @Nullable Session current) {
            Person person = session.person();
            return new SessionJson(
                    session.id(),
                    person == null ? null : person.named(),
                    session.methods().stream()
                            .map(Session.Method::label)
                            .sorted()
                            .toList(),
                    session.userAgent(),
                    session.loginAt(),
                    session.lastSeenAt(),
                    session.expiresAt(),
                    current != null && current.id().equals(session.id()));
        }
    }

    @PostMapping(path = "/api/session", produces = MediaType.APPLICATION_JSON_VALUE)
    @Requires({})
    ResponseEntity<SessionJson> logIn(JsonBody<Login> body, HttpServletRequest request, HttpServletResponse response) {
        Login login = body.read();
        Logins.LoggedIn in = login.link() == null
                ? byPassword(login, request, response)
                : logins.byLink(login.link(), login.name(), login.password(), BrowserSessions.browser(request));
        BrowserSessions.loggedIn(in, request, response);
        Session session = in.opened().session();
        return ResponseEntity.created(URI.create("/api/session"))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(SessionJson.of(session, session));
    }

    private Logins.LoggedIn byPassword(Login login, HttpServletRequest request, HttpServletResponse response) {
        String name = login.name();
        if (name == null) {
            throw RefusedException.field("/name", "write the name, or the link");
        }
        return switch (logins.byPassword(name, login.password(), BrowserSessions.browser(request))) {
            case Logins.LoggedIn in -> in;
            case Logins.Wrong wrong ->
                throw new RefusedException(ErrorCode.WRONG_CREDENTIALS, "nobody has this name and this password");
            case Logins.TooSoon soon -> {
                response.setHeader(
                        HttpHeaders.RETRY_AFTER, String.valueOf(soon.delay().toSeconds()));
                throw new RefusedException(
                        ErrorCode.TOO_MANY_LOGINS,
                        "too many wrong passwords; try again in %d s"
                                .formatted(soon.delay().toSeconds()));
            }
        };
    }

    @GetMapping(path = "/api/session", produces = MediaType.APPLICATION_JSON_VALUE)
    @Requires({})
    SessionJson current(@AuthenticationPrincipal Principal principal) {
        Session session = inSession(principal);
        return SessionJson.of(session, session);
    }

    @DeleteMapping("/api/session")
    @Requires({})
    ResponseEntity<Void> logOut(@AuthenticationPrincipal Principal principal, HttpServletResponse response) {
        sessions.revoke(principal, principal.id(), inSession(principal).id());
        Cookies.SESSION.clear(response);
        Cookies.CSRF.clear(response);
        return ResponseEntity.noContent().build();
    }

    @GetMapping(path = "/api/sessions", produces = MediaType.APPLICATION_JSON_VALUE)
    @Requires({})
    ContentApi.Items<SessionJson> list(@AuthenticationPrincipal Principal principal) {
        policy.require(principal, Action.END_SESSIONS, Resource.person(principal.id()));
        return new ContentApi.Items<>(sessions.of(principal.person()).stream()
                .map(session -> SessionJson.of(session, principal.session()))
                .toList());
    }

    /** Ends a session; an approver who manages people may end anybody's. */
    @DeleteMapping("/api/sessions/{id}")
    @Requires({})
    ResponseEntity<Void> end(@AuthenticationPrincipal Principal principal, @PathVariable UUID id) {
        policy.require(principal, Action.END_SESSIONS, Resource.person(principal.id()));
        UUID owner = sessions.owner(id)
                .filter(person -> policy.allows(principal, Action.END_SESSIONS, Resource.person(person)))
                .orElseThrow(() -> Sessions.nothing(id));
        sessions.revoke(principal, owner, id);
        return ResponseEntity.noContent().build();
    }

    /** Ends all of one's sessions but the one that asks. */
    @DeleteMapping("/api/sessions")
    @Requires({})
    ResponseEntity<Void> endOthers(@AuthenticationPrincipal Principal principal) {
        policy.require(principal, Action.END_SESSIONS, Resource.person(principal.id()));
        sessions.revokeOthers(principal);
        return ResponseEntity.noContent().build();
    }

    private static Session inSession(Principal principal) {
        Session session = principal.session();
        if (session == null) {
            throw new RefusedException(ErrorCode.NOT_FOUND, "a token has no session");
        }
        return session;
    }
}
