package dev.imprimatur.migrations.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "lint --help",
                "status --help",
                "up --help",
                "down --help",
                "deployed --help",
                "new --help",
                "rehearse --help"
            })
    void everyCommandTellsWhatItDoesAndWhatItTakes(String arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = MigrateCommand.run(
                new Surroundings(new PrintWriter(out), new PrintWriter(err), Map.of(), false),
                arguments.split(" ", -1));

        assertThat(exitCode).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .startsWith(
                        "Usage: migrate " + arguments.replaceFirst("-.*", "").strip())
                .contains("  -h, --help  ");
    }
}
