package dev.imprimatur.server.runtime;

import dev.imprimatur.publishing.access.ApiTokens;
import dev.imprimatur.publishing.access.FallbackRateLimits;
import dev.imprimatur.publishing.access.Identities;
import dev.imprimatur.publishing.access.InMemoryRateLimits;
import dev.imprimatur.publishing.access.LoginThrottle;
import dev.imprimatur.publishing.access.Logins;
import dev.imprimatur.publishing.access.OneTimeLinks;
import dev.imprimatur.publishing.access.Passkeys;
import dev.imprimatur.publishing.access.Passwords;
import dev.imprimatur.publishing.access.People;
import dev.imprimatur.publishing.access.RateLimitStore;
import dev.imprimatur.publishing.access.RedisRateLimits;
import dev.imprimatur.publishing.access.Sessions;
import dev.imprimatur.publishing.approvals.Approvals;
import dev.imprimatur.publishing.approvals.Submissions;
import dev.imprimatur.publishing.content.Comments;
import dev.imprimatur.publishing.content.Drafts;
import dev.imprimatur.publishing.content.IdempotencyKeys;
import dev.imprimatur.publishing.flags.FeatureFlags;
import dev.imprimatur.publishing.outlets.Feed;
import dev.imprimatur.publishing.outlets.Outlets;
import dev.imprimatur.publishing.publications.Dispatcher;
import dev.imprimatur.publishing.publications.Publications;
import dev.imprimatur.server.api.Api;
import dev.imprimatur.server.console.Console;
import dev.imprimatur.server.settings.RateLimitSettings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The whole program, wired by hand: nothing is found by scanning. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
@Import({Api.class, Console.class})
class Wiring {
    private static final Duration LEASE = Duration.ofSeconds(30);
    /** Within this time, or requests are counted without it. */
    private static final Duration REDIS_ANSWERS = Duration.ofMillis(75);

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Outlets outlets(Jdbi jdbi, URI publicUrl) {
        return new Outlets(List.of(new Feed(jdbi, URI.create(publicUrl + "/feed.xml"))));
    }

    @Bean
    ApiTokens apiTokens(Jdbi jdbi) {
        return new ApiTokens(jdbi);
    }

    @Bean
    RateLimitStore rateLimitStore(RateLimitSettings settings) {
        return settings.redis()
                .<RateLimitStore>map(redis -> new FallbackRateLimits(new RedisRateLimits(redis, REDIS_ANSWERS)))
                .orElseGet(InMemoryRateLimits::new);
    }

    @Bean
    Passwords passwords(Jdbi jdbi) {
        return new Passwords(jdbi);
    }

    @Bean
    People people(Jdbi jdbi) {
        return new People(jdbi);
    }

    @Bean
    Identities identities(Jdbi jdbi) {
        return new Identities(jdbi);
    }

    @Bean
    Passkeys passkeys(Jdbi jdbi) {
        return new Passkeys(jdbi);
    }

    @Bean
    Sessions sessions(Jdbi jdbi) {
        return new Sessions(jdbi, Sessions.Limits.USUAL);
    }

    @Bean
    OneTimeLinks oneTimeLinks(Jdbi jdbi, Passwords passwords) {
        return new OneTimeLinks(jdbi, passwords);
    }

    @Bean
    Logins logins(Jdbi jdbi, Passwords passwords, OneTimeLinks links, Sessions sessions) {
        return new Logins(passwords, new LoginThrottle(jdbi), links, sessions);
    }

    @Bean
    Drafts drafts(Jdbi jdbi) {
        return new Drafts(jdbi);
    }

    @Bean
    Comments comments(Jdbi jdbi) {
        return new Comments(jdbi);
    }

    @Bean
    Submissions submissions(Jdbi jdbi, Drafts drafts, Outlets outlets) {
        return new Submissions(jdbi, drafts, outlets);
    }

    @Bean
    Approvals approvals(Jdbi jdbi) {
        return new Approvals(jdbi);
    }

    @Bean
    Publications publications(Jdbi jdbi) {
        return new Publications(jdbi);
    }

    @Bean
    FeatureFlags featureFlags(Jdbi jdbi) {
        return new FeatureFlags(jdbi);
    }

    @Bean
    IdempotencyKeys idempotencyKeys(Jdbi jdbi) {
        return new IdempotencyKeys(jdbi);
    }

    @Bean
    Sweeper sweeper(IdempotencyKeys keys) {
        return new Sweeper(keys::sweep);
    }

    @Bean
    Dispatcher dispatcher(Jdbi jdbi, Outlets outlets) {
        return new Dispatcher(
                jdbi, outlets, "process " + ProcessHandle.current().pid(), LEASE);
    }
}
