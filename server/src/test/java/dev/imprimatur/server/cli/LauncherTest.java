package dev.imprimatur.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real start script in a checkout with a JDK and a Maven that only tell what they were asked for. */
class LauncherTest {
    private static final Path HOME = Path.of(System.getProperty("imprimatur.home", ".."));

    @TempDir
    Path folder;

    private Path root;
    private Path jdk;

    @BeforeEach
    void checkOut() throws IOException {
        root = Files.createDirectories(folder.toRealPath().resolve("a checkout with blanks"));
        Files.createDirectories(root.resolve(".mvn"));
        Files.copy(HOME.resolve("imprimatur"), root.resolve("imprimatur"));
        Files.copy(HOME.resolve(".mvn/jdk25.sh"), root.resolve(".mvn/jdk25.sh"));
        Files.writeString(root.resolve("pom.xml"), "");
        for (String module : List.of("migrations", "publishing", "server")) {
            Files.createDirectories(root.resolve(module).resolve("src/main/java"));
            Files.writeString(root.resolve(module).resolve("pom.xml"), "");
        }
        Files.writeString(root.resolve("server/src/main/java/A.java"), "class A {}");
        script(root.resolve("mvnw"), """
                echo built >>builds
                while [ -e hold ]; do sleep 0.02; done
                if [ -e broken ]; then echo 'COMPILATION ERROR'; exit 1; fi
                for module in migrations server; do
                  mkdir -p $module/target/lib
                  echo "$(cat server/src/main/java/*)" >$module/target/imprimatur-$module-1.jar
                  cp $module/target/imprimatur-$module-1.jar "$module/target/lib/$(cat version 2>/dev/null || echo old).jar"
                done
                """);
        jdk = folder.toRealPath().resolve("a jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        script(jdk.resolve("bin/javac"), "exit 1\n");
        // Trained, it leaves what a JVM and the demo would leave.
        script(jdk.resolve("bin/java"), """
                for word; do
                  case $word in
                  -XX:AOTCacheOutput=*) cache=${word#*=} ;;
                  */tried) mkdir -p "$word/postgres-17.1.0" && : >"$word/postgres-17.1.0/complete" ;;
                  esac
                  echo "$word"
                done
                if [ -n "${cache-}" ]; then
                  echo trained >"$cache"
                  [ ! -e "%s/untrainable" ] || exit 1
                fi
                """.formatted(folder.toRealPath()));
    }

    private static void script(Path path, String text) throws IOException {
        Files.writeString(path, "#!/bin/sh\nset -eu\n" + text);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private record Run(int exitCode, List<String> words, String said) {
        List<String> jars() {
            return List.of(words.get(words.indexOf("-cp") + 1).split(":", -1));
        }

        List<String> jarNames() {
            return jars().stream()
                    .map(jar -> Path.of(jar).getFileName().toString())
                    .toList();
        }

        List<String> command() {
            return words.subList(words.indexOf("-cp") + 2, words.size());
        }
    }

    private Process start(Path script, Path from, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(from.toFile());
        builder.environment().putAll(Map.of("JAVA_HOME", jdk.toString()));
        builder.environment().remove("IMPRIMATUR_CLASS_PATH");
        builder.environment().remove("IMPRIMATUR_JAVA_OPTS");
        return builder.start();
    }

    private static Run end(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), out.lines().toList(), err);
    }

    private Run run(String... arguments) throws Exception {
        return end(start(root.resolve("imprimatur"), folder, arguments));
    }

    private long builds() throws IOException {
        Path builds = root.resolve("builds");
        return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
    }

    /** Waits for what another process does; the test fails when it never does. */
    private static void await(Path file) throws Exception {
        Instant end = Instant.now().plusSeconds(60);
        while (!Files.exists(file)) {
            assertThat(Instant.now()).as("waiting for %s", file).isBefore(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void theFirstStartBuildsAndTheSecondDoesNot() throws Exception {
        Run first = run("status", "two words", "");
        assertThat(first.exitCode()).isZero();
        assertThat(first.said())
                .startsWith("imprimatur: building once, about 2 minutes on a first run")
                .hasLineCount(1);
        assertThat(first.command()).containsExactly("dev.imprimatur.server.Main", "status", "two words", "");
        assertThat(first.words()).contains("-Dimprimatur.home=" + root, "-XX:TieredStopAtLevel=1");
        assertThat(first.jarNames()).containsExactly("imprimatur-server-1.jar", "old.jar");
        Run second = run("status");
        assertThat(second.said()).isEmpty();
        assertThat(second.jars()).isEqualTo(first.jars());
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void migrateIsAProgramOfItsOwn() throws Exception {
        Run run = run("migrate", "up", "--help");
        assertThat(run.command()).containsExactly("dev.imprimatur.migrations.cli.MigrateCommand", "up", "--help");
        assertThat(run.jarNames()).containsExactly("imprimatur-migrations-1.jar", "old.jar");
    }

    @Test
    void aServerIsNotStartedWithTheFlagsOfAShortCommand() throws Exception {
        assertThat(run("serve").words())
                .contains("--enable-native-access=ALL-UNNAMED")
                .doesNotContain("-XX:TieredStopAtLevel=1");
    }

    @Test
    void aServerStartsFromWhatTheBuildRememberedOfOne() throws Exception {
        Path app = Path.of(run("serve").jars().getFirst()).resolve("../..").normalize();
        assertThat(run("demo").words())
                .contains(
                        "-XX:AOTCache=" + app.resolve("server.aot"),
                        "-Dimprimatur.programs=" + app.resolve("programs"));
        assertThat(app.resolve("programs/postgres-17.1.0/complete")).exists();
        assertThat(app.resolve("tried")).doesNotExist();
        assertThat(run("status").words()).noneMatch(word -> word.startsWith("-XX:AOTCache"));
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void whatCannotBeRememberedIsGoneWithout() throws Exception {
        Files.writeString(folder.resolve("untrainable"), "");
        Run run = run("serve");
        assertThat(run.exitCode()).isZero();
        assertThat(run.words()).noneMatch(word -> word.startsWith("-XX:AOTCache"));
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void anotherJdkBuildsAndRemembersAnew() throws Exception {
        run("serve");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.2\"\n");
        assertThat(run("serve").said()).contains("building anew, as its sources or the JDK have changed");
        assertThat(run("serve").said()).isEmpty();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aJvmThatIsToldWhereToTakeItsClassesFromIsNotToldTwice() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("sh", root.resolve("imprimatur").toString(), "serve");
        builder.environment().putAll(Map.of("JAVA_HOME", jdk.toString(), "IMPRIMATUR_JAVA_OPTS", "-Xshare:off"));
        builder.environment().remove("IMPRIMATUR_CLASS_PATH");
        assertThat(end(builder.start()).words())
                .contains("-Xshare:off")
                .noneMatch(word -> word.startsWith("-XX:AOTCache"));
    }

    @Test
    void classesThatAreNamedAreRunAndNothingIsBuilt() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("sh", root.resolve("imprimatur").toString(), "status");
        builder.environment().putAll(Map.of("JAVA_HOME", jdk.toString(), "IMPRIMATUR_CLASS_PATH", "/some where:/else"));
        assertThat(end(builder.start()).jars()).containsExactly("/some where", "/else");
        assertThat(builds()).isZero();
    }

    @Test
    void aFolderThatJavaWouldCutInTwoIsRefused() throws Exception {
        Path colon = Files.createDirectories(folder.resolve("a:b"));
        Run run = end(start(Files.copy(root.resolve("imprimatur"), colon.resolve("imprimatur")), folder, "status"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.said()).contains("has a colon in its name");
    }

    @Test
    void itIsFoundThroughSymbolicLinks() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin dir"));
        Files.createSymbolicLink(root.resolve("again"), Path.of("imprimatur"));
        Path link = Files.createSymbolicLink(bin.resolve("imprimatur"), root.resolve("again"));
        assertThat(end(start(link, bin, "status")).words()).contains("-Dimprimatur.home=" + root);
    }

    @Test
    void aChangedANewAndARemovedSourceAreBuiltAnew() throws Exception {
        Path source = root.resolve("server/src/main/java/A.java");
        run("status");
        Files.writeString(source, "class A { int a; }");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
        Run changed = run("status");
        assertThat(changed.said()).startsWith("imprimatur: building anew, as its sources or the JDK have changed");
        assertThat(Path.of(changed.jars().getFirst())).content().contains("int a");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(3600)));
        Files.setLastModifiedTime(
                Files.writeString(root.resolve("server/src/main/java/B.java"), ""),
                FileTime.from(Instant.now().minusSeconds(3600)));
        run("status");
        assertThat(builds()).isEqualTo(3);
        Files.delete(root.resolve("server/src/main/java/B.java"));
        Files.writeString(root.resolve("server/src/main/java/.A.java.swp"), "");
        run("status");
        run("status");
        assertThat(builds()).isEqualTo(4);
    }

    @Test
    void aJarThatIsNoLongerNeededLeavesTheClassPath() throws Exception {
        run("status");
        Files.writeString(root.resolve("version"), "new");
        Files.delete(root.resolve("server/src/main/java/A.java"));
        Files.writeString(root.resolve("server/src/main/java/B.java"), "");
        assertThat(run("status").jarNames()).containsExactly("imprimatur-server-1.jar", "new.jar");
    }

    @Test
    void aFailedBuildShowsItsErrorAndLeavesWhatWasBuilt() throws Exception {
        List<String> jars = run("status").jars();
        Files.writeString(root.resolve("broken"), "");
        Files.writeString(root.resolve("server/src/main/java/B.java"), "");
        Run failed = run("status");
        assertThat(failed.exitCode()).isEqualTo(3);
        assertThat(failed.said()).contains("COMPILATION ERROR\nimprimatur: the build failed, see above\n");
        assertThat(failed.words()).isEmpty();
        assertThat(jars).allSatisfy(jar -> assertThat(Path.of(jar)).exists());
        Files.delete(root.resolve("server/src/main/java/B.java"));
        assertThat(run("status").jars()).isEqualTo(jars);
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void twoFirstStartsBuildOnceAndBothRunIt() throws Exception {
        Path hold = Files.writeString(root.resolve("hold"), "");
        Process first = start(root.resolve("imprimatur"), folder, "status");
        await(root.resolve("builds"));
        Process second = start(root.resolve("imprimatur"), folder, "status");
        assertThat(second.getErrorStream().read()).as("it says that it waits").isPositive();
        Files.delete(hold);
        Run one = end(first);
        Run two = end(second);
        assertThat(List.of(one.exitCode(), two.exitCode())).containsExactly(0, 0);
        assertThat(one.jars()).isEqualTo(two.jars());
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void withoutAJdk25ItSaysWhatToInstall() throws Exception {
        Files.writeString(root.resolve(".mvn/jdk25.sh"), "echo 'no JDK 25 found' >&2; exit 69\n");
        Run run = run("status");
        assertThat(run.exitCode()).isEqualTo(69);
        assertThat(run.said()).isEqualTo("no JDK 25 found\n");
        assertThat(builds()).isZero();
    }
}
