package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.CsrfTokens;
import dev.imprimatur.publishing.access.Identities;
import dev.imprimatur.publishing.access.Logins;
import dev.imprimatur.publishing.access.RateLimitStore;
import dev.imprimatur.publishing.access.Sessions;
import dev.imprimatur.server.settings.RateLimitSettings;
import dev.imprimatur.server.settings.SingleSignOn;
import dev.imprimatur.server.settings.TrustedProxies;
import jakarta.servlet.DispatcherType;
import java.net.URI;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.SupplierClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * What is open to everybody, and that everything else takes a token or a session. The sessions are ours, rows of
 * {@link Sessions}; the framework's own have no part in it, and {@link ForgeryGuard} checks what its check of forged
 * requests would: that one compares a cookie with a field, and ours a signature with the session.
 */
@Configuration(proxyBeanMethods = false)
class Security {
    /** Whatever a page needs comes from here, from files; nothing inline, nothing evaluated. */
    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /** A path or method that the firewall does not let through is answered like any other bad request. */
    @Bean
    RequestRejectedHandler rejected(Problems problems) {
        return (request, response, rejected) -> problems.write(
                new RefusedException(
                        ErrorCode.MALFORMED, "the path or method of this request is not one of ours", rejected),
                request,
                response);
    }

    @Bean
    SecurityFilterChain chain(
            HttpSecurity http,
            ApiTokens tokens,
            Sessions sessions,
            RateLimitStore counted,
            RateLimitSettings limits,
            TrustedProxies proxies,
            CsrfTokens csrf,
            URI publicUrl,
            SingleSignOn singleSignOn,
            SingleSignOnSteps steps,
            Problems problems) {
        http.csrf(AbstractHttpConfigurer::disable) // ForgeryGuard does it
                .headers(headers -> headers(headers, publicUrl))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .addFilterBefore(new BehindProxies(proxies, publicUrl), HeaderWriterFilter.class)
                .addFilterAfter(new BodyLimit(problems), SecurityContextHolderFilter.class)
                .addFilterBefore(new BearerTokens(tokens, problems), OAuth2AuthorizationRequestRedirectFilter.class)
                .addFilterBefore(
                        new BrowserSessions(sessions, problems), OAuth2AuthorizationRequestRedirectFilter.class)
                .addFilterBefore(
                        new ForgeryGuard(csrf, publicUrl, problems), OAuth2AuthorizationRequestRedirectFilter.class)
                .addFilterBefore(
                        new RateLimits(counted, limits, problems), OAuth2AuthorizationRequestRedirectFilter.class)
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                                .permitAll()
                                .requestMatchers(HttpMethod.POST, "/api/session")
                                .permitAll()
                                .requestMatchers(OpenApi.PATH)
                                .permitAll()
                                .requestMatchers("/api/**")
                                .authenticated()
                                .anyRequest()
                                .permitAll())
                .exceptionHandling(handling -> handling.authenticationEntryPoint(
                                (request, response, e) -> problems.write(
                                        new RefusedException(
                                                ErrorCode.UNAUTHENTICATED,
                                                "log in, or send Authorization: Bearer and a token; make one with: imprimatur token create"),
                                        request,
                                        response))
                        .accessDeniedHandler((request, response, e) -> problems.write(
                                new RefusedException(ErrorCode.FORBIDDEN, "this is not for you"), request, response)));
        singleSignOn.provider().ifPresent(provider -> signOn(http, provider, steps));
        return http.build();
    }

    /** Besides the framework's own: not to be sniffed at, framed, or kept, unless the page itself says otherwise. */
    private static void headers(HeadersConfigurer<HttpSecurity> headers, URI publicUrl) {
        headers.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_SECURITY_POLICY))
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN));
        if ("https".equals(publicUrl.getScheme())) {
            // The proxy that ends TLS speaks plain HTTP to us, so the request itself cannot tell.
            headers.httpStrictTransportSecurity(
                    hsts -> hsts.requestMatcher(AnyRequestMatcher.INSTANCE).includeSubDomains(false));
        } else {
            headers.httpStrictTransportSecurity(hsts -> hsts.disable());
        }
    }

    @Bean
    SingleSignOnSteps singleSignOnSteps(Sessions sessions, Logins logins, Identities identities) {
        return new SingleSignOnSteps(sessions, logins, identities);
    }

    /** Asks the provider what it is when it is first needed: a server starts without it. */
    private static void signOn(HttpSecurity http, SingleSignOn.Provider provider, SingleSignOnSteps steps) {
        ClientRegistrationRepository registrations = new SupplierClientRegistrationRepository(
                () -> new InMemoryClientRegistrationRepository(ClientRegistrations.fromOidcIssuerLocation(
                                provider.issuer().toString())
                        .registrationId(SingleSignOn.ID)
                        .clientId(provider.clientId())
                        .clientSecret(provider.clientSecret())
                        .scope("openid", "profile", "email")
                        .build()));
        http.oauth2Login(login -> login.clientRegistrationRepository(registrations)
                .authorizedClientRepository(new NoAuthorizedClients())
                .authorizationEndpoint(endpoint -> endpoint.authorizationRequestRepository(steps))
                .loginPage("/login")
                .successHandler(steps)
                .failureHandler(steps));
    }
}
