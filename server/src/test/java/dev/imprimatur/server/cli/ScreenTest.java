package dev.imprimatur.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTest {
    @ParameterizedTest
    @CsvSource({
        "2026-12-01T09:00,           Europe/Berlin, 2026-12-01T09:00 Europe/Berlin",
        "2026-12-01T09:00:30,        +01:00,        2026-12-01T09:00:30 +01:00",
        "2026-11-24T02:18:03.863509, Z,             2026-11-24T02:18:03Z"
    })
    void aDueTimeIsShownAsItWasWrittenButWithoutFractions(String local, String zone, String shown) {
        assertThat(Screen.due(Api.JSON.createObjectNode().put("local", local).put("zone", zone)))
                .isEqualTo(shown);
    }
}
