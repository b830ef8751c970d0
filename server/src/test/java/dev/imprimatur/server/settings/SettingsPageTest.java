package dev.imprimatur.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.publishing.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SettingsPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|");

    @Test
    void thePageTellsOfEverySettingThereIsInTheirOrder() throws IOException {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> SettingsReader.read(Map.of(), Map.of("IMPRIMATUR_NONE", ""), null));
        String known = refused.detail().replaceFirst(".*there are: ", "");
        String page = Files.readString(Path.of(System.getProperty("imprimatur.home", ".."), "docs", "settings.md"));
        assertThat(ROW.matcher(page).results().map(row -> row.group(1))).isEqualTo(List.of(known.split(", ")));
    }
}
