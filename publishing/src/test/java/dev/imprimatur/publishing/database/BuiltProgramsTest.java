package dev.imprimatur.publishing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that the launcher's build left unpacked, and the folders that may run them where they are. */
class BuiltProgramsTest {
    private static final String BUILT = "imprimatur.programs";
    private static final String NAME = "postgres-17.11.0";

    @TempDir
    Path temporary;

    private Path built;

    @BeforeEach
    void build() throws IOException {
        built = Files.createDirectory(temporary.resolve("built"));
        System.setProperty(BUILT, String.valueOf(Folders.programs().getParent()));
        Path copy =
                PostgresBinaries.in(DataFolder.open(temporary.resolve("first"))).folder();
        Files.move(copy, built.resolve(NAME));
        System.setProperty(BUILT, built.toString());
    }

    @AfterEach
    void forget() {
        System.clearProperty(BUILT);
    }

    @Test
    void aKeptFolderGetsACopyThatOutlivesTheBuildAndEverybodyMayRun() throws Exception {
        DataFolder folder = DataFolder.open(temporary.resolve("data"));
        Path copy = PostgresBinaries.in(folder).folder();
        assertThat(copy).isEqualTo(folder.root().resolve(NAME));
        assertThat(contents(copy)).isEqualTo(contents(built.resolve(NAME)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.resolve("bin/postgres"))))
                .isEqualTo("rwxr-xr-x");
        assertThat(Files.getAttribute(copy.resolve("bin/postgres"), "unix:nlink"))
                .isEqualTo(1);
        DataFolder.deleteTree(built);
        LocalPostgres.start(folder.root()).close();
    }

    @Test
    void tornOrForeignProgramsAreNeitherCopiedNorRun() throws Exception {
        Path server = built.resolve(NAME).resolve("bin/postgres");
        byte[] whole = Files.readAllBytes(server);
        Files.write(server, new byte[100]);
        assertThat(PostgresBinaries.built()).isEmpty();
        DataFolder folder = DataFolder.open(temporary.resolve("data"));
        assertThat(PostgresBinaries.in(folder).folder().resolve("bin/postgres")).hasBinaryContent(whole);

        Files.write(server, whole);
        assertThat(PostgresBinaries.built()).isPresent();
        Files.delete(built.resolve(NAME).resolve("complete"));
        assertThat(PostgresBinaries.built()).isEmpty();
        Files.move(built.resolve(NAME), built.resolve("postgres-17.10.0"));
        assertThat(PostgresBinaries.built()).isEmpty();
    }

    @Test
    void aFolderThatIsThrownAwayRunsThemInPlaceAndDoesNotWaitForTheDisk() throws Exception {
        Path folder = LocalPostgres.createThrownAwayFolder("imprimatur-test");
        Map<String, Long> before = contents(built.resolve(NAME));
        Files.createDirectory(built.resolve("postgres-17.10.0"));
        try {
            try (LocalPostgres postgres = LocalPostgres.start(folder);
                    var connection = postgres.appUrl().connect();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SHOW fsync")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("off");
            }
            assertThat(folder.resolve(NAME)).doesNotExist();
            assertThat(contents(built.resolve(NAME))).isEqualTo(before);
            assertThat(built.resolve("postgres-17.10.0"))
                    .as("what others may run")
                    .exists();
        } finally {
            DataFolder.deleteTree(folder);
        }
    }

    @Test
    void programsOutOfReachOfPostgresUserAreCopied() throws Exception {
        assumeTrue(new UnixSystem().getUid() == 0, "anybody else runs PostgreSQL as themselves");
        Path folder = LocalPostgres.createThrownAwayFolder("imprimatur-test");
        Files.setAttribute(built, "unix:uid", 12345);
        Files.setPosixFilePermissions(built, PosixFilePermissions.fromString("rwx------"));
        try {
            assertThat(PostgresBinaries.built()).as("root reads everything").isPresent();
            LocalPostgres.start(folder).close();
            assertThat(folder.resolve(NAME)).exists();
        } finally {
            DataFolder.deleteTree(folder);
        }
    }

    private static Map<String, Long> contents(Path root) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                boolean plain = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
                sizes.put(root.relativize(file).toString(), plain ? Files.size(file) : -1L);
            }
        }
        return sizes;
    }
}
