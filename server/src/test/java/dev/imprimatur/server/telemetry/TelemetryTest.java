package dev.imprimatur.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.publishing.access.Role;
import dev.imprimatur.server.runtime.TestServer;
import dev.imprimatur.server.settings.TelemetrySettings;
import dev.imprimatur.server.telemetry.Collector.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What leaves the server for a collector, and that nobody waits for one. */
class TelemetryTest {
    private static final String POST = "{\"title\":\"Hello\",\"body\":\"Some *text*\",\"outlets\":[\"feed\"]}";
    private static final String NOBODY = "/api/content/00000000-0000-4000-8000-000000000000";

    private final Collector collector = new Collector();

    @AfterEach
    void stop() {
        collector.close();
    }

    private TestServer server() {
        return TestServer.start(Map.of(
                "otlp_endpoint",
                collector.url() + "/api/default",
                "otlp_headers",
                "Authorization=Basic%20cm9vdDpwYXNz,stream-name=imprimatur"));
    }

    @Test
    void tracesMetricsAndLogsArriveWithTheirHeadersAndWithoutSecrets() throws InterruptedException {
        List<Received> all = new ArrayList<>();
        String token;
        try (TestServer server = server()) {
            token = server.token(Role.OPERATOR);
            assertThat(server.post("/api/content?secret=canary-in-query", token, POST)
                            .status())
                    .isEqualTo(201);
            assertThat(server.get(NOBODY, token).status()).isEqualTo(404);
            assertThat(server.get("/health/live", null).status()).isEqualTo(200);
            LoggerFactory.getLogger("dev.imprimatur.test")
                    .warn("a line {}", "for the log", new IllegalStateException("why"));
            all.addAll(collector.await(
                    one -> one.path().endsWith("/logs") && one.text().contains("a line for the log")));
        }
        all.addAll(collector.rest());

        assertThat(all).allSatisfy(one -> {
            assertThat(one.header("Content-type")).isEqualTo("application/x-protobuf");
            assertThat(one.header("Authorization")).isEqualTo("Basic cm9vdDpwYXNz");
            assertThat(one.header("Stream-name")).isEqualTo("imprimatur");
            assertThat(one.text()).contains("service.name", "imprimatur");
            assertThat(one.text()).doesNotContain(token, token.substring(4, 20), "canary-in-query", "cm9vdDpwYXNz");
        });
        String traces = text(all, "/api/default/v1/traces");
        assertThat(traces).contains("http post /api/content", "http get /api/content/{id}", "IM300");
        assertThat(traces).doesNotContain("health", "security filterchain");
        String metrics = text(all, "/api/default/v1/metrics");
        assertThat(metrics)
                .contains(
                        "http.server.requests",
                        "/api/content/{id}",
                        "IM300",
                        "jvm.memory.used",
                        "imprimatur.policy.unanswered");
        assertThat(text(all, "/api/default/v1/logs"))
                .contains("SEVERITY_NUMBER_WARN", "dev.imprimatur.test", "java.lang.IllegalStateException", "why");
    }

    @Test
    void whatTheCollectorHasNoRoomForIsSentAgainAndWhatItForbidsIsNot() throws InterruptedException {
        collector.refuseTraces(503);
        try (TestServer server = server()) {
            String token = server.token(Role.OPERATOR);
            server.get("/api/content?try=1", token);
            List<Received> tries = collector.await(one -> isTrace(one) && one.answer() == 200).stream()
                    .filter(TelemetryTest::isTrace)
                    .toList();
            assertThat(tries).extracting(Received::answer).containsExactly(503, 200);
            assertThat(tries.getLast().message()).isEqualTo(tries.getFirst().message());

            collector.refuseTraces(401);
            server.get("/feed.xml", null);
            collector.await(one -> isTrace(one) && one.answer() == 401);
            server.get("/feed.json", null);
            List<Received> after = collector.await(TelemetryTest::isTrace);
            assertThat(after.getLast().text()).contains("/feed.json").doesNotContain("/feed.xml");
        }
    }

    @Test
    void aCollectorThatHangsDelaysNoRequestAndTheEndOnlyForSeconds() {
        collector.hang();
        long closing;
        try (TestServer server = server()) {
            String token = server.token(Role.OPERATOR);
            for (int i = 0; i < 300; i++) {
                assertThat(server.get("/api/content", token).status()).isEqualTo(200);
            }
            assertThat(collector.hangs()).isTrue();
            closing = System.nanoTime();
        }
        assertThat(collector.hangs()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - closing)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void withoutACollectorRequestsAreAnsweredAllTheSame() {
        collector.close();
        try (TestServer server = server()) {
            assertThat(server.post("/api/content", server.token(Role.OPERATOR), POST)
                            .status())
                    .isEqualTo(201);
        }
    }

    @Test
    void aRedisThatIsAwayIsCountedForEachRequestAndToldOnce() {
        try (TestServer server = TestServer.start(Map.of(
                "otlp_endpoint", collector.url() + "/api/default", "redis_url", "redis://:canary@127.0.0.1:1"))) {
            String token = server.token(Role.OPERATOR);
            for (int i = 0; i < 150; i++) {
                assertThat(server.get("/api/content", token).status()).isEqualTo(200);
            }
        }
        List<Received> all = collector.rest();
        assertThat(text(all, "/api/default/v1/logs"))
                .containsOnlyOnce("rate limits are counted by this process alone")
                .doesNotContain("canary");
        assertThat(text(all, "/api/default/v1/metrics"))
                .containsPattern("imprimatur.rate.limits.degraded[^}]*as_double: 150.0");
    }

    @Test
    void nothingIsMeasuredUnlessSomebodySaysWhereTo() {
        Map<String, Object> off = Telemetry.properties(new TelemetrySettings(Optional.empty(), Map.of(), 1));
        List<String> left = Stream.of(
                        String.valueOf(off.get("spring.autoconfigure.exclude")).split(","))
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .toList();
        assertThat(left)
                .contains(
                        "OpenTelemetrySdkAutoConfiguration",
                        "OtlpTracingAutoConfiguration",
                        "OtlpMetricsExportAutoConfiguration",
                        "OtlpLoggingAutoConfiguration",
                        "WebMvcObservationAutoConfiguration")
                .doesNotContain("WebMvcAutoConfiguration", "SecurityAutoConfiguration", "JacksonAutoConfiguration");
        assertThat(off).hasSize(1);
    }

    private static boolean isTrace(Received one) {
        return one.path().endsWith("/traces");
    }

    private static String text(List<Received> all, String path) {
        return String.join(
                "\n",
                all.stream()
                        .filter(one -> one.path().equals(path))
                        .map(Received::text)
                        .toList());
    }
}
