package dev.imprimatur.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.server.contract.ApiDocument;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fuzzes every route, guided by what of our code each request reaches: for {@code -Dimprimatur.fuzz} seconds, two minutes
 * before anything lands and an hour whenever somebody likes to. A failure names the request, and the input to run again.
 */
class FuzzTest {
    private static final int SECONDS = Integer.getInteger("imprimatur.fuzz", 10);
    private static final String OURS = "dev.imprimatur.publishing.**:dev.imprimatur.server.**";
    private static final int HANGS_AFTER = 40;

    @Test
    void nothingThatIsSentBreaksAnything(@TempDir Path folder) throws Exception {
        Path words = Files.write(folder.resolve("words"), words());
        Path corpus = Files.createDirectory(folder.resolve("corpus"));
        Process fuzzer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dimprimatur.home="
                                + Path.of(System.getProperty("imprimatur.home", ".."))
                                        .toAbsolutePath(),
                        "-XX:+EnableDynamicAgentLoading",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + RouteFuzz.class.getName(),
                        "--instrumentation_includes=" + OURS,
                        "--custom_hook_includes=" + OURS,
                        "--disabled_hooks=" + detectors(),
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + File.separator,
                        "-dict=" + words,
                        "-max_total_time=" + SECONDS,
                        "-timeout=" + HANGS_AFTER,
                        "-rss_limit_mb=0",
                        "-print_final_stats=1",
                        corpus.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        try {
            int exit = fuzzer.waitFor();
            String said = Files.readString(folder.resolve("said"));
            assertThat(exit).as(said).isZero();
            assertThat(said).as(said).containsPattern("stat::number_of_executed_units: [1-9]");
            System.out.println(said.lines()
                    .filter(line -> line.startsWith("stat::") || line.contains("DONE"))
                    .collect(Collectors.joining("\n")));
        } finally {
            fuzzer.destroyForcibly();
        }
    }

    /** They take the server's own files and connections for attacks, and break the database's driver. */
    private static String detectors() {
        return Stream.of(
                        "BigDecimal",
                        "ClojureLangHooks",
                        "Deserialization",
                        "ExpressionLanguageInjection",
                        "FilePathTraversal",
                        "LdapInjection",
                        "NamingContextLookup",
                        "OsCommandInjection",
                        "ReflectiveCall",
                        "RegexInjection",
                        "RegexRoadblocks",
                        "ScriptEngineInjection",
                        "ServerSideRequestForgery",
                        "SqlInjection",
                        "TemplateInjection",
                        "UnsafeSanitizer",
                        "XPathInjection",
                        "XmlParserSsrfGuidance")
                .map(name -> "com.code_intelligence.jazzer.sanitizers." + name)
                .collect(Collectors.joining(":"));
    }

    /** What stands in the document, so that the fuzzer need not guess it: names, words of a choice, forms. */
    private static List<String> words() {
        TreeSet<String> words =
                new TreeSet<>(List.of("feed", "*", "2099-01-01T09:00 Europe/Berlin", "+01:00", "[Europe/Berlin]"));
        ApiDocument.OURS.json().findValues("properties").forEach(known -> words.addAll(known.propertyNames()));
        ApiDocument.OURS
                .json()
                .findValues("enum")
                .forEach(choice -> choice.forEach(word -> words.add(word.asString(""))));
        return words.stream()
                .filter(word -> !word.isEmpty())
                .map(word -> "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .toList();
    }
}
