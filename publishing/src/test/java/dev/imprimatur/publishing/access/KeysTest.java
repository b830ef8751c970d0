package dev.imprimatur.publishing.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.access.KeyRing.Line;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {
    private final TestClock clock = new TestClock();

    @TempDir
    Path folder;

    @Test
    void theFirstStartMakesTheFileForItsOwnerAlone() throws IOException {
        Path file = folder.resolve("data/secrets/keys");
        String made = Keys.inOrNew(file, clock).ring().text();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling("."))))
                .isEqualTo("rwx------");
        assertThat(Keys.inOrNew(file, clock).ring().text())
                .as("at the next start")
                .isEqualTo(made);
        assertThat(names(file)).containsExactly("keys");
    }

    @Test
    void ofManyFirstStartsAtOnceOneMakesTheKeysAndAllUseThem() throws Exception {
        Path file = folder.resolve("secrets/keys");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> start = () -> Keys.inOrNew(file, clock).ring().text();
            List<Future<String>> starts = threads.invokeAll(
                    IntStream.range(0, 32).mapToObj(one -> start).toList());
            for (Future<String> one : starts) {
                assertThat(one.get()).isEqualTo(Files.readString(file));
            }
        }
        assertThat(names(file)).containsExactly("keys");
    }

    @Test
    void makingNeverReplaces() throws IOException {
        Path file = folder.resolve("keys");
        Keys.make(file, clock);
        String first = Files.readString(file);
        assertThatThrownBy(() -> Keys.make(file, clock)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Files.readString(file)).isEqualTo(first);
        assertThat(names(file)).containsExactly("keys");
    }

    @Test
    void aRotationKeepsTheFileToItsOwnerAndFollowsALink() throws IOException {
        Path file = folder.resolve("keys");
        Keys.make(file, clock);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        Keys.in(link, clock).change(ring -> ring.rotated(clock.instant()));

        assertThat(link).isSymbolicLink();
        assertThat(Keys.in(file, clock).ring().lines()).hasSize(2);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(names(file)).containsExactlyInAnyOrder("keys", "link");
    }

    @Test
    void aServerThatRunsTakesUpARotationAndKeepsItsKeysWhenTheFileBreaks() throws IOException {
        Path file = folder.resolve("keys");
        Keys server = Keys.inOrNew(file, clock);
        Keys.in(file, clock).change(ring -> ring.rotated(clock.instant()));
        String rotated = Files.readString(file);
        assertThat(server.ring().lines()).as("it does not look at each request").hasSize(1);
        clock.pass(Duration.ofSeconds(3));
        assertThat(server.ring().text()).isEqualTo(rotated);

        Files.writeString(file, "nothing");
        clock.pass(Duration.ofSeconds(3));
        assertThat(server.ring().text()).isEqualTo(rotated);
        Files.delete(file);
        clock.pass(Duration.ofSeconds(3));
        assertThat(server.ring().text()).isEqualTo(rotated);
    }

    @Test
    void whatIsMissingOrBrokenIsRefusedWithWhatToDoAndWithoutWhatStandsThere() throws IOException {
        Path file = folder.resolve("keys");
        assertThat(refusal(file)).contains("imprimatur keys make " + file);
        Files.writeString(file, "a 2026-01-01T00:00:00Z tooShortASecret\n");
        assertThat(refusal(file)).contains(file.toString(), "line 1").doesNotContain("tooShort");
        assertThat(refusal(Files.createDirectory(folder.resolve("folder")))).contains("cannot be read");
        assertThat(catchThrowableOfType(RefusedException.class, () -> Keys.of("a tooShortASecret", clock))
                        .detail())
                .contains("line 1")
                .doesNotContain("tooShort");
    }

    @Test
    void keysOfTheEnvironmentCannotBeChangedFromHere() {
        Keys keys = Keys.of(KeyRing.fresh(clock).text().replace('\n', ';').replaceFirst("#[^;]*;", ""), clock);
        assertThat(keys.ring().lines()).extracting(Line::does).containsExactly("signs");
        assertThatThrownBy(() -> keys.change(KeyRing::leaked)).hasMessageContaining("keep them in a file");
    }

    private String refusal(Path file) {
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> Keys.in(file, clock));
        assertThat(refused.code()).isEqualTo(ErrorCode.BAD_SETTING);
        return refused.detail();
    }

    private static List<String> names(Path beside) throws IOException {
        try (Stream<Path> files = Files.list(beside.toAbsolutePath().getParent())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
