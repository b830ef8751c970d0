package dev.imprimatur.server.api;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.RateLimitStore;
import dev.imprimatur.publishing.access.Sessions;
import dev.imprimatur.server.settings.RateLimitSettings;
import jakarta.servlet.DispatcherType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/**
 * What is open to everybody, and that everything else takes a token or a session. The sessions are ours, rows of
 * {@link Sessions}; the framework's own have no part in it, nor has its check of forged requests.
 */
@Configuration(proxyBeanMethods = false)
class Security {
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
            Problems problems) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .addFilterAfter(new BodyLimit(problems), SecurityContextHolderFilter.class)
                .addFilterBefore(new BearerTokens(tokens, problems), AuthorizationFilter.class)
                .addFilterBefore(new BrowserSessions(sessions, problems), AuthorizationFilter.class)
                .addFilterBefore(new RateLimits(counted, limits, problems), AuthorizationFilter.class)
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
                                new RefusedException(ErrorCode.FORBIDDEN, "this is not for you"), request, response)))
                .build();
    }
}
