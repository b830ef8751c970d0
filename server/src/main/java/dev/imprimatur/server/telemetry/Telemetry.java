package dev.imprimatur.server.telemetry;

import dev.imprimatur.publishing.access.FallbackRateLimits;
import dev.imprimatur.publishing.access.RateLimitStore;
import dev.imprimatur.publishing.access.policy.Policy;
import dev.imprimatur.server.settings.TelemetrySettings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.observation.ObservationPredicate;
import io.opentelemetry.api.OpenTelemetry;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.http.server.observation.ServerRequestObservationConvention;
import org.springframework.security.config.observation.SecurityObservationSettings;

/**
 * Traces, metrics and logs to whoever takes OTLP, by Spring Boot's own support for it. Nothing waits for the collector:
 * what it does not take in time is dropped.
 */
@Configuration(proxyBeanMethods = false)
public class Telemetry {
    /** The attribute of a request in which a problem leaves its number. */
    public static final String PROBLEM = "dev.imprimatur.problem";

    private static final Pattern PARTS =
            Pattern.compile(".*\\.(opentelemetry|micrometer)\\..*|.*(Observation|Metrics)\\w*");

    /** What Spring Boot is told. Where nothing is measured, the parts that measure are not even made. */
    public static Map<String, Object> properties(TelemetrySettings settings) {
        return settings.endpoint()
                .map(endpoint -> exporting(endpoint, settings))
                .orElseGet(() -> Map.of("spring.autoconfigure.exclude", parts()));
    }

    private static String parts() {
        return StreamSupport.stream(
                        ImportCandidates.load(AutoConfiguration.class, Telemetry.class.getClassLoader())
                                .spliterator(),
                        false)
                .filter(name -> PARTS.matcher(name).matches())
                .collect(Collectors.joining(","));
    }

    private static Map<String, Object> exporting(URI endpoint, TelemetrySettings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.application.name", "imprimatur");
        properties.put("management.opentelemetry.map-environment-variables", false);
        properties.put("management.tracing.sampling.probability", settings.sampling());
        for (String signal : new String[] {"tracing", "logging"}) {
            String export = "management.opentelemetry." + signal + ".export.";
            properties.put(export + "otlp.endpoint", endpoint + (signal.equals("tracing") ? "/v1/traces" : "/v1/logs"));
            properties.put(export + "otlp.compression", "gzip");
            properties.put(export + "otlp.connect-timeout", "2s");
            properties.put(export + "otlp.timeout", "3s");
            properties.put(export + "timeout", "3s");
            properties.put(export + "schedule-delay", "1s");
            settings.headers().forEach((name, value) -> properties.put(export + "otlp.headers[" + name + "]", value));
        }
        String metrics = "management.otlp.metrics.export.";
        properties.put(metrics + "url", endpoint + "/v1/metrics");
        properties.put(metrics + "compression-mode", "gzip");
        properties.put(metrics + "connect-timeout", "2s");
        properties.put(metrics + "read-timeout", "3s");
        properties.put(metrics + "step", "15s");
        settings.headers().forEach((name, value) -> properties.put(metrics + "headers[" + name + "]", value));
        return properties;
    }

    @Bean(destroyMethod = "detach")
    ExportedLog exportedLog(OpenTelemetry telemetry) {
        return ExportedLog.attach(telemetry);
    }

    /** Each request with the number of the problem that it met. */
    @Bean
    ServerRequestObservationConvention requests() {
        return new RequestConvention();
    }

    /** Probes come every few seconds and say nothing. */
    @Bean
    ObservationPredicate notHealth() {
        return (name, context) -> !(context instanceof ServerRequestObservationContext request
                && request.getCarrier() != null
                && request.getCarrier().getRequestURI().startsWith("/health"));
    }

    /** One span a request is enough; Spring Security would add three for its filters. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    MeterBinder rateLimits(RateLimitStore store) {
        return registry -> Optional.of(store)
                .filter(FallbackRateLimits.class::isInstance)
                .map(FallbackRateLimits.class::cast)
                .ifPresent(fallback -> FunctionCounter.builder(
                                "imprimatur.rate.limits.degraded", fallback, FallbackRateLimits::degraded)
                        .description("requests counted by this process alone while Redis was away")
                        .register(registry));
    }

    @Bean
    MeterBinder policyServer(Policy policy) {
        return registry -> FunctionCounter.builder("imprimatur.policy.unanswered", policy, Policy::unanswered)
                .description("questions that the policy server left without an answer, and that were denied")
                .register(registry);
    }
}
