package dev.imprimatur.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.Identities;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.Person;
import dev.imprimatur.publishing.access.Principal;
import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.server.runtime.TestServer;
import java.io.IOException;
import java.net.HttpCookie;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** Coming in by a real OpenID provider, Spring's Authorization Server, as a browser does. */
class SingleSignOnTest {
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private static ConfigurableApplicationContext provider;
    private static String issuer;
    private static TestServer server;

    /** The provider: whoever it knows is some name and a password. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Provider {
        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("olga.elsewhere")
                            .password("{noop}elsewhere")
                            .roles("USER")
                            .build(),
                    User.withUsername("eve.elsewhere")
                            .password("{noop}elsewhere")
                            .roles("USER")
                            .build());
        }
    }

    @BeforeAll
    static void start() throws IOException {
        int port = freePort();
        int ours = freePort();
        issuer = "http://127.0.0.1:" + port;
        String client = "spring.security.oauth2.authorizationserver.client.imprimatur.";
        provider = new SpringApplicationBuilder(Provider.class)
                .bannerMode(Banner.Mode.OFF)
                .properties(Map.of("management.otlp.metrics.export.enabled", false))
                .properties(Map.of(
                        "server.port",
                        port,
                        "server.address",
                        "127.0.0.1",
                        "spring.security.oauth2.authorizationserver.issuer",
                        issuer,
                        client + "registration.client-id",
                        "imprimatur",
                        client + "registration.client-secret",
                        "{noop}of-the-client",
                        client + "registration.client-authentication-methods",
                        "client_secret_basic",
                        client + "registration.authorization-grant-types",
                        "authorization_code",
                        client + "registration.redirect-uris",
                        "http://localhost:" + ours + "/login/oauth2/code/oidc",
                        client + "registration.scopes",
                        "openid,profile,email"))
                .run();
        server = TestServer.start(Map.of(
                "port", String.valueOf(ours),
                "oidc_issuer", issuer,
                "oidc_client_id", "imprimatur",
                "oidc_client_secret", "of-the-client",
                "oidc_label", "the office"));
    }

    @AfterAll
    static void stop() {
        server.close();
        provider.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A browser, as far as redirects and cookies go. Java's own would keep Secure cookies from plain http. */
    private static final class Visitor {
        private final HttpClient http = HttpClient.newHttpClient();
        private final Map<String, Map<String, String>> cookies = new HashMap<>();
        private URI here = server.url();

        HttpResponse<String> get(URI to) {
            return send(HttpRequest.newBuilder(here.resolve(to)).GET());
        }

        HttpResponse<String> post(String to, Map<String, String> form) {
            String body = form.entrySet().stream()
                    .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            return send(HttpRequest.newBuilder(here.resolve(to))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Origin", here.getScheme() + "://" + here.getRawAuthority())
                    .POST(BodyPublishers.ofString(body)));
        }

        private HttpResponse<String> send(HttpRequest.Builder request) {
            URI to = request.build().uri();
            Map<String, String> mine = cookies.computeIfAbsent(to.getRawAuthority(), host -> new TreeMap<>());
            request.header("Accept", "text/html");
            if (!mine.isEmpty()) {
                request.header(
                        "Cookie",
                        mine.entrySet().stream()
                                .map(one -> one.getKey() + "=" + one.getValue())
                                .collect(Collectors.joining("; ")));
            }
            try {
                HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
                for (String header : answer.headers().allValues("Set-Cookie")) {
                    for (HttpCookie cookie : HttpCookie.parse(header)) {
                        if (cookie.getValue().isEmpty()) {
                            mine.remove(cookie.getName());
                        } else {
                            mine.put(cookie.getName(), cookie.getValue());
                        }
                    }
                }
                here = to;
                return answer;
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        /** Follows redirects until one leads to what begins so, which is not followed. */
        URI follow(HttpResponse<String> answer, String until) {
            HttpResponse<String> now = answer;
            for (int i = 0; i < 10; i++) {
                URI next = here.resolve(now.headers().firstValue("Location").orElseThrow());
                if (next.toString().startsWith(until)) {
                    return next;
                }
                now = get(next);
                if (now.statusCode() == 200
                        && here.getPath().equals("/login")
                        && here.toString().startsWith(issuer)) {
                    now = logInElsewhere(now.body());
                }
            }
            throw new AssertionError("the redirects have no end");
        }

        private String as = "";

        private HttpResponse<String> logInElsewhere(String page) {
            Matcher csrf = CSRF.matcher(page);
            assertThat(csrf.find()).as(page).isTrue();
            return post("/login", Map.of("username", as, "password", "elsewhere", "_csrf", csrf.group(1)));
        }

        /** Goes to the provider and comes back with its word, which is not handed in yet. */
        URI word(String name) {
            as = name;
            here = server.url();
            return follow(
                    get(URI.create(server.url() + "/oauth2/authorization/oidc")),
                    server.url() + "/login/oauth2/code/oidc");
        }

        String handIn(URI word) {
            return get(word).headers().firstValue("Location").orElse("none");
        }

        String signOn(String name) {
            return handIn(word(name));
        }
    }

    private static Person linked(String name, String elsewhere) {
        Person person = new People(server.jdbi()).add(name, Set.of(Role.OPERATOR));
        new Identities(server.jdbi()).link(person, issuer, elsewhere);
        return person;
    }

    @Test
    void offersTheProviderOnTheLoginPage() {
        assertThat(new Visitor().get(URI.create(server.url() + "/login")).body())
                .contains("Continue with the office");
    }

    @Test
    void letsInWhomOneApproverProposedAndAnotherConfirmed() {
        People people = new People(server.jdbi());
        Person olga = people.add("olga", Set.of(Role.OPERATOR));
        Principal mona = Principal.atTheCommandLine(people.addManager("mona", Set.of(Role.APPROVER)));
        Principal anna = Principal.atTheCommandLine(people.add("anna", Set.of(Role.APPROVER)));
        Identities identities = new Identities(server.jdbi());
        Visitor visitor = new Visitor();

        assertThat(visitor.signOn("olga.elsewhere")).endsWith("/login?problem=unlinked");
        assertThat(visitor.get(URI.create(server.url() + "/inbox")).statusCode())
                .isEqualTo(303);
        Identities.Identity met = identities.unlinked().stream()
                .filter(one -> one.subject().equals("olga.elsewhere"))
                .findFirst()
                .orElseThrow();
        identities.propose(mona, met.id(), olga.id());
        assertThat(visitor.signOn("olga.elsewhere")).endsWith("/login?problem=unlinked");

        identities.confirm(anna, identities.proposals().getFirst().id());
        assertThat(visitor.signOn("olga.elsewhere")).endsWith("/inbox");
        HttpResponse<String> inbox = visitor.get(URI.create(server.url() + "/inbox"));
        assertThat(inbox.statusCode()).isEqualTo(200);
        assertThat(inbox.body()).contains("Log out olga");
    }

    @Test
    void takesAWordOnceAndInTheBrowserThatAskedForIt() {
        linked("eve", "eve.elsewhere");
        Visitor visitor = new Visitor();
        URI word = visitor.word("eve.elsewhere");

        assertThat(new Visitor().handIn(word)).as("another browser").endsWith("/login?problem=sso");
        assertThat(visitor.handIn(URI.create(word + "x"))).as("another state").endsWith("/login?problem=sso");
        assertThat(visitor.handIn(word)).as("what was asked is taken").endsWith("/login?problem=sso");

        assertThat(visitor.signOn("eve.elsewhere")).endsWith("/inbox");
    }
}
