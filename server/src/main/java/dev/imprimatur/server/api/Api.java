package dev.imprimatur.server.api;

import dev.imprimatur.publishing.access.KeyRing;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.publishing.approvals.Approvals;
import dev.imprimatur.publishing.content.Drafts;
import dev.imprimatur.publishing.content.IdempotencyKeys;
import dev.imprimatur.publishing.publications.Publications;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Everything that answers over HTTP. */
@Configuration(proxyBeanMethods = false)
@Import({
    Security.class,
    Problems.class,
    ContentApi.class,
    ApprovalsApi.class,
    PublicationsApi.class,
    FeatureFlagsApi.class,
    MeApi.class,
    ProblemPages.class,
    PageLinks.class,
    OpenApi.class,
    SessionsApi.class,
    PasskeyCeremonies.class,
    TokensApi.class,
    ErrorPages.class,
    FeedPages.class,
    HealthPages.class
})
public class Api {
    @Bean
    OutletReach outletReach(Drafts drafts, Approvals approvals, Publications publications) {
        return new OutletReach(drafts, approvals, publications);
    }

    @Bean
    WebMvcConfigurer admission(Policy policy, OutletReach reach) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry interceptors) {
                interceptors.addInterceptor(new Admission(policy));
                interceptors.addInterceptor(reach);
            }
        };
    }

    /** JSON is snake_case. How it is read, and that a misspelt field is an error, is {@link JsonBody}'s. */
    @Bean
    JsonMapperBuilderCustomizer snakeCase() {
        return json -> json.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    }

    @Bean
    WebMvcConfigurer arguments(JsonMapper json, IdempotencyKeys keys, Supplier<KeyRing> ring) {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new JsonBodies(json));
                resolvers.add(new OnceArguments(keys, ring, json));
            }
        };
    }
}
