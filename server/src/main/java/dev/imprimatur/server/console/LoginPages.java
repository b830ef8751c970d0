package dev.imprimatur.server.console;

import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.Logins;
import dev.imprimatur.publishing.access.OneTimeLinks;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Session;
import dev.imprimatur.publishing.access.Sessions;
import dev.imprimatur.server.api.BrowserSessions;
import dev.imprimatur.server.settings.SingleSignOn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Coming in and going out. */
@Controller
final class LoginPages {
    private final Pages pages;
    private final Logins logins;
    private final OneTimeLinks links;
    private final Sessions sessions;
    private final SingleSignOn singleSignOn;

    LoginPages(Pages pages, Logins logins, OneTimeLinks links, Sessions sessions, SingleSignOn singleSignOn) {
        this.pages = pages;
        this.logins = logins;
        this.links = links;
        this.sessions = sessions;
        this.singleSignOn = singleSignOn;
    }

    @GetMapping("/login")
    ResponseEntity<String> form(
            @RequestParam @Nullable String next,
            @RequestParam @Nullable String problem,
            HttpServletRequest request,
            HttpServletResponse response) {
        if (Pages.viewer() != null && problem == null) {
            return Pages.goTo(Pages.own(next));
        }
        return login(HttpStatus.OK, said(problem), "", next, request, response);
    }

    private static @Nullable String said(@Nullable String problem) {
        return switch (problem) {
            case "sso" -> "The single sign-on did not work out. Try it again.";
            case "unlinked" ->
                "You are known there, but nobody here yet. Ask an approver who manages people to link you.";
            case null, default -> null;
        };
    }

    @PostMapping("/login")
    ResponseEntity<String> logIn(
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "") String password,
            @RequestParam @Nullable String next,
            HttpServletRequest request,
            HttpServletResponse response) {
        return switch (logins.byPassword(name, password, BrowserSessions.browser(request))) {
            case Logins.LoggedIn in -> {
                BrowserSessions.loggedIn(in, request, response);
                yield Pages.goTo(Pages.own(next));
            }
            case Logins.Wrong wrong ->
                login(
                        HttpStatus.UNAUTHORIZED,
                        "Nobody has this name and this password.",
                        name,
                        next,
                        request,
                        response);
            case Logins.TooSoon soon -> {
                response.setHeader(
                        HttpHeaders.RETRY_AFTER, String.valueOf(soon.delay().toSeconds()));
                yield login(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "Too many wrong passwords. Try again in %d seconds."
                                .formatted(soon.delay().toSeconds()),
                        name,
                        next,
                        request,
                        response);
            }
        };
    }

    private ResponseEntity<String> login(
            HttpStatus status,
            @Nullable String problem,
            String name,
            @Nullable String next,
            HttpServletRequest request,
            HttpServletResponse response) {
        Frame frame = pages.frame("Log in", request, response)
                .withScript("passkeys.js")
                .withProblem(problem);
        return pages.show(
                status,
                "login",
                frame,
                Map.of("providers", singleSignOn.providers(), "next", Pages.own(next), "name", name));
    }

    @PostMapping("/logout")
    ResponseEntity<String> logOut(HttpServletResponse response) {
        Principal viewer = Pages.viewer();
        if (viewer != null) {
            Session session = viewer.session();
            if (session != null) {
                sessions.revoke(viewer, viewer.id(), session.id());
            }
        }
        BrowserSessions.loggedOut(response);
        return Pages.goTo("/login");
    }

    @GetMapping("/link/{secret}")
    ResponseEntity<String> link(@PathVariable String secret, HttpServletRequest request, HttpServletResponse response) {
        return link(HttpStatus.OK, secret, null, "", request, response);
    }

    @PostMapping("/link/{secret}")
    ResponseEntity<String> redeem(
            @PathVariable String secret,
            @RequestParam @Nullable String name,
            @RequestParam(defaultValue = "") String password,
            HttpServletRequest request,
            HttpServletResponse response) {
        try {
            BrowserSessions.loggedIn(
                    logins.byLink(secret, name, password, BrowserSessions.browser(request)), request, response);
            return Pages.goTo("/account");
        } catch (RefusedException refused) {
            return link(
                    HttpStatus.valueOf(refused.code().status()),
                    secret,
                    refused.detail(),
                    name == null ? "" : name,
                    request,
                    response);
        }
    }

    private ResponseEntity<String> link(
            HttpStatus status,
            String secret,
            @Nullable String problem,
            String name,
            HttpServletRequest request,
            HttpServletResponse response) {
        Frame frame = pages.frame("Welcome", request, response);
        Optional<OneTimeLinks.Purpose> purpose = links.purpose(secret);
        if (purpose.isEmpty()) {
            return pages.show(
                    HttpStatus.NOT_FOUND,
                    "problem",
                    frame,
                    Map.of(
                            "title",
                            "This link is used up",
                            "detail",
                            "A link works once, and for a day. Somebody who runs this server can make you another."));
        }
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("secret", secret);
        parameters.put("known", purpose.get().name().orElse(null));
        parameters.put("name", name);
        return pages.show(status, "link", frame.withProblem(problem), parameters);
    }
}
