package dev.imprimatur.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void aNumberIsGivenOnceAndLeadsBackToItsCode() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.ofSqlState(code.code())).contains(code);
            assertThat(code.code()).matches("IM[1-5][0-9]{2}");
        }
    }

    @Test
    void theDocumentedListIsTheListInTheCode() throws IOException {
        Path page = Path.of(System.getProperty("imprimatur.home", ".."), "docs", "errors.md");
        List<String> documented = Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("| IM"))
                .toList();
        List<String> known = Arrays.stream(ErrorCode.values())
                .map(code -> "| %s | %s | %d | %d | %s |"
                        .formatted(code.code(), code.slug(), code.status(), code.exitCode(), code.title()))
                .sorted()
                .toList();
        assertThat(documented).as("the rows of docs/errors.md").isEqualTo(known);
    }

    @Test
    void everyCodeThatTheDatabaseRaisesIsOnTheList() throws IOException {
        Path migrations = Path.of(System.getProperty("imprimatur.home", ".."), "db", "migrations");
        var raised = new TreeSet<String>();
        try (var files = Files.list(migrations)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".sql")).toList()) {
                var matcher = Pattern.compile("ERRCODE = '(IM\\d+)'").matcher(Files.readString(file));
                while (matcher.find()) {
                    raised.add(matcher.group(1));
                }
            }
        }
        assertThat(raised)
                .isNotEmpty()
                .allSatisfy(code -> assertThat(ErrorCode.ofSqlState(code)).isPresent());
    }
}
