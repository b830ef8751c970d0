package dev.imprimatur.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.sun.net.httpserver.HttpServer;
import dev.imprimatur.publishing.access.Keys;
import dev.imprimatur.server.settings.Settings;
import dev.imprimatur.server.settings.SettingsReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * No container engine runs in the tests. What can be read off the files is checked, and what can be run without one is
 * run; no more is claimed.
 */
class ComposeFileTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{(\\w+)(:\\?[^}]*)?}");
    private static final Path INFRA = Path.of(System.getProperty("imprimatur.home", ".."), "infra");

    private final JsonNode file = read();

    @TempDir
    Path folder;

    @Test
    void itIsWhatThePublishedSchemaAsksFor() {
        assertThat(schema().validate(file)).isEmpty();
    }

    @Test
    void theSchemaRefusesWhatIsWrong() {
        ObjectNode misspelt = (ObjectNode) file.deepCopy();
        ((ObjectNode) misspelt.at("/services/redis")).put("imagge", "redis");
        assertThat(schema().validate(misspelt)).isNotEmpty();
        ObjectNode mistyped = (ObjectNode) file.deepCopy();
        ((ObjectNode) mistyped.at("/services/server/depends_on/postgres")).put("condition", "service_well");
        assertThat(schema().validate(mistyped)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "server, 127.0.0.1:8080:8080",
        "postgres, 127.0.0.1:5433:5432",
        "redis, 127.0.0.1:6380:6379",
        "openobserve, 127.0.0.1:5080:5080"
    })
    void eachStandsOnItsPortOfTheLoopbackAddressAlone(String service, String port) {
        assertThat(file.at("/services/" + service + "/ports").toString()).isEqualTo("[\"" + port + "\"]");
    }

    @Test
    void everyImageIsPinnedAndRedisIsTheLastUnderAFreeLicence() {
        file.get("services").properties().forEach(service -> {
            if (!service.getValue().has("build")) {
                assertThat(service.getValue().get("image").asString())
                        .as(service.getKey())
                        .matches("[a-z/]+:v?\\d+\\.\\d+(\\.\\d+)?");
            }
        });
        assertThat(file.at("/services/redis/image").asString()).startsWith("redis:7.2.");
        assertThat(file.at("/services/postgres/image").asString()).startsWith("postgres:17.");
        assertThat(dockerfile().lines().filter(line -> line.startsWith("FROM")))
                .isNotEmpty()
                .allMatch(
                        line -> line.matches("FROM eclipse-temurin:25\\.\\d+\\.\\d+_\\d+-j(dk|re)-noble( AS build)?"));
    }

    @Test
    void eachTellsWhetherItIsHealthyAndKeepsItsDataInAVolumeWithAName() {
        for (String service : List.of("server", "postgres", "redis", "openobserve-health")) {
            assertThat(file.at("/services/" + service + "/healthcheck/test").size())
                    .as(service)
                    .isGreaterThan(1);
        }
        for (String service : List.of("server", "postgres", "redis", "openobserve")) {
            String volume = file.at("/services/" + service + "/volumes/0").asString();
            assertThat(file.get("volumes").has(volume.substring(0, volume.indexOf(':'))))
                    .as(volume)
                    .isTrue();
        }
    }

    @Test
    void noPasswordStandsInTheFileAndNoneAmongArguments() throws IOException {
        String text = Files.readString(INFRA.resolve("docker-compose.yml"));
        assertThat(text).contains("POSTGRES_PASSWORD").doesNotContainPattern("(?i)password: +[^$ ]");
        file.get("services")
                .properties()
                .forEach(
                        service -> assertThat(service.getValue().path("command").toString())
                                .as(service.getKey())
                                .doesNotContainPattern("(?<!\\$)\\$\\{"));
    }

    @Test
    void everyVariableIsAskedForAndStandsInTheExampleWithoutAValue() throws IOException {
        Map<String, String> asked = new TreeMap<>();
        Matcher variable = VARIABLE.matcher(Files.readString(INFRA.resolve("docker-compose.yml")));
        while (variable.find()) {
            assertThat(variable.group(2)).as(variable.group()).startsWith(":?");
            asked.put(variable.group(1), "");
        }
        Map<String, String> example = new TreeMap<>();
        Files.readAllLines(INFRA.resolve(".env.example")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line ->
                        example.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        assertThat(example).isEqualTo(asked);
    }

    @Test
    void theServerTakesTheSettingsThatItIsGiven() throws IOException {
        Path keys = folder.resolve("keys");
        Keys.make(keys, Clock.systemUTC());
        Map<String, String> environment = new TreeMap<>();
        file.at("/services/server/environment")
                .properties()
                .forEach(one -> environment.put(
                        one.getKey(),
                        VARIABLE.matcher(one.getValue().asString())
                                .replaceAll(
                                        match -> match.group(1).endsWith("_URL") ? "https://news.example.org" : "x1")));
        assertThat(environment).containsKey("IMPRIMATUR_KEYS_FILE");
        environment.put("IMPRIMATUR_KEYS_FILE", keys.toString());
        Settings settings = SettingsReader.read(Map.of(), environment, null);
        assertThat(settings.database()).isPresent();
        assertThat(settings.rateLimits().redis()).isPresent();
        assertThat(settings.telemetry().headers()).containsEntry("Authorization", "Basic x1");
    }

    @Test
    void theServerIsNotRootWritesOnlyWhereItMustAndHoldsWhatItStartsFrom() {
        JsonNode server = file.at("/services/server");
        assertThat(server.get("read_only").asBoolean()).isTrue();
        assertThat(server.get("cap_drop").toString()).isEqualTo("[\"ALL\"]");
        assertThat(server.get("security_opt").toString()).contains("no-new-privileges:true");
        assertThat(server.get("tmpfs").toString()).isEqualTo("[\"/tmp\"]");
        List<String> lines = dockerfile().lines().toList();
        assertThat(lines.stream().filter(line -> line.startsWith("USER")).toList())
                .containsExactly("USER 10001:10001");
        assertThat(lines.indexOf("USER 10001:10001")).isLessThan(lines.indexOf("ENTRYPOINT [\"imprimatur\"]"));
        assertThat(lines.indexOf("COPY --from=build /layers/libraries /opt/imprimatur"))
                .as("what changes seldom comes first")
                .isPositive()
                .isLessThan(lines.indexOf("COPY --from=build /layers/program /opt/imprimatur"));
        assertThat(dockerfile()).contains("cp -r db docs LICENSE /layers/program/", "cp -r infra/cerbos");
    }

    @ParameterizedTest
    @CsvSource({"200, 0", "503, 1"})
    void theHealthCheckOfTheServerTellsReadyFromNotReady(int status, int exit) throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        TreeSet<String> asked = new TreeSet<>();
        http.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        http.start();
        try {
            assertThat(check(http.getAddress().getPort())).isEqualTo(exit);
            assertThat(asked).containsExactly("/health/ready");
        } finally {
            http.stop(0);
        }
        assertThat(check(http.getAddress().getPort())).as("nobody is there").isNotZero();
    }

    private int check(int port) throws IOException, InterruptedException {
        JsonNode test = file.at("/services/server/healthcheck/test");
        assertThat(test.get(0).asString()).isEqualTo("CMD");
        Process bash = new ProcessBuilder(
                        test.get(1).asString(),
                        test.get(2).asString(),
                        test.get(3).asString().replace("$$", "$").replace("/8080", "/" + port))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        return bash.waitFor();
    }

    private static String dockerfile() {
        try {
            return Files.readString(INFRA.resolve("Dockerfile"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode read() {
        try {
            return JSON.valueToTree(new Load(LoadSettings.builder().build())
                    .loadFromString(Files.readString(INFRA.resolve("docker-compose.yml"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Schema schema() {
        try (InputStream in = ComposeFileTest.class.getResourceAsStream("/compose/compose-spec.json")) {
            ObjectNode schema = (ObjectNode)
                    JSON.readTree(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
            // It says draft-07 with https, by which no validator knows it, and has a relative id.
            schema.remove(List.of("$schema", "$id"));
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
