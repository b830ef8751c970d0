package dev.imprimatur.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** No container engine runs in the tests; what can be read off the file is checked, and no more is claimed. */
class ComposeFileTest {
    private final Path infra = Path.of(System.getProperty("imprimatur.home", ".."), "infra");

    @Test
    void theThreeServicesStandOnTheirPortsAndOnLoopbackAlone() throws IOException {
        assertThat(ports("postgres")).isEqualTo(List.of("127.0.0.1:5433:5432"));
        assertThat(ports("redis")).isEqualTo(List.of("127.0.0.1:6380:6379"));
        assertThat(ports("openobserve")).isEqualTo(List.of("127.0.0.1:5080:5080"));
        assertThat(service("postgres").get("image")).asString().startsWith("postgres:17");
        assertThat(service("redis").get("image")).asString().startsWith("redis:7");
    }

    @Test
    void noPasswordStandsInTheFile() throws IOException {
        assertThat(Files.readString(infra.resolve("docker-compose.yml")))
                .contains("POSTGRES_PASSWORD")
                .doesNotContainPattern("(?i)password: +[^$ ]");
    }

    private @Nullable Object ports(String service) throws IOException {
        return service(service).get("ports");
    }

    private Map<?, ?> service(String name) throws IOException {
        Map<?, ?> file = (Map<?, ?>) new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(infra.resolve("docker-compose.yml")));
        Map<?, ?> services = (Map<?, ?>) file.get("services");
        Map<?, ?> service = services == null ? null : (Map<?, ?>) services.get(name);
        assertThat(service).as(name).isNotNull();
        return service == null ? Map.of() : service;
    }
}
