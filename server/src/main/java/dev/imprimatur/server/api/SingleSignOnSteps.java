package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.Identities;
import dev.imprimatur.publishing.access.Logins;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Session;
import dev.imprimatur.publishing.access.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The steps of a single sign-on that are ours: what was asked is kept in the browser's session until it comes back from
 * the provider, and whom the provider vouches for is let in if they are somebody here.
 */
final class SingleSignOnSteps
        implements AuthorizationRequestRepository<OAuth2AuthorizationRequest>,
                AuthenticationSuccessHandler,
                AuthenticationFailureHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SingleSignOnSteps.class);
    private static final String STEP = "single_sign_on";
    private static final JsonMapper JSON = new JsonMapper();

    private final Sessions sessions;
    private final Logins logins;
    private final Identities identities;

    SingleSignOnSteps(Sessions sessions, Logins logins, Identities identities) {
        this.sessions = sessions;
        this.logins = logins;
        this.identities = identities;
    }

    /** Nothing is looked at twice: what was asked is taken, by {@link #removeAuthorizationRequest}. */
    @Override
    public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        return null;
    }

    @Override
    public void saveAuthorizationRequest(
            @Nullable OAuth2AuthorizationRequest asked, HttpServletRequest request, HttpServletResponse response) {
        if (asked == null) {
            return;
        }
        ObjectNode kept = JSON.createObjectNode()
                .put("state", asked.getState())
                .put("client_id", asked.getClientId())
                .put("authorization_uri", asked.getAuthorizationUri())
                .put("redirect_uri", asked.getRedirectUri());
        kept.set("scopes", JSON.valueToTree(asked.getScopes()));
        kept.set("attributes", JSON.valueToTree(asked.getAttributes()));
        kept.set("parameters", JSON.valueToTree(asked.getAdditionalParameters()));
        sessions.keep(BrowserSessions.begun(sessions, request, response), STEP, JSON.writeValueAsString(kept));
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        Session session = BrowserSessions.of(request);
        return session == null
                ? null
                : sessions.take(session, STEP).map(SingleSignOnSteps::asked).orElse(null);
    }

    private static OAuth2AuthorizationRequest asked(String text) {
        JsonNode kept = JSON.readTree(text);
        return OAuth2AuthorizationRequest.authorizationCode()
                .state(kept.path("state").asString())
                .clientId(kept.path("client_id").asString())
                .authorizationUri(kept.path("authorization_uri").asString())
                .redirectUri(kept.path("redirect_uri").asString())
                .scopes(new HashSet<>(kept.path("scopes").values().stream()
                        .map(JsonNode::asString)
                        .toList()))
                .attributes(attributes -> copy(kept.path("attributes"), attributes))
                .additionalParameters(parameters -> copy(kept.path("parameters"), parameters))
                .build();
    }

    private static void copy(JsonNode from, Map<String, Object> to) {
        from.properties().forEach(one -> to.put(one.getKey(), one.getValue().asString()));
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException {
        if (!(authentication.getPrincipal() instanceof OidcUser user)
                || user.getIssuer() == null
                || user.getSubject() == null) {
            response.sendRedirect("/login?problem=sso");
            return;
        }
        Optional<Person> person = identities.find(user.getIssuer().toString(), user.getSubject(), hint(user));
        if (person.isEmpty()) {
            response.sendRedirect("/login?problem=unlinked");
            return;
        }
        Logins.LoggedIn in = logins.in(person.get(), Session.Method.OIDC, BrowserSessions.browser(request));
        BrowserSessions.loggedIn(in, request, response);
        response.sendRedirect("/inbox");
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        LOG.warn("a single sign-on did not work out: {}", failure.getMessage());
        response.sendRedirect("/login?problem=sso");
    }

    private static @Nullable String hint(OidcUser user) {
        return user.getEmail() == null ? user.getFullName() : user.getEmail();
    }
}
