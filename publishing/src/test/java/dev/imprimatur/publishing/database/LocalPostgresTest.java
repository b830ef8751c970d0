package dev.imprimatur.publishing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {
    @TempDir
    Path temporary;

    @Test
    void keepsRowsOverARestartEvenIfItsProgramsAreTornOrOld() throws Exception {
        Path folder = temporary.resolve("not yet/there, with späces");
        try (LocalPostgres postgres = LocalPostgres.start(folder)) {
            execute(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        assertThat(folder.resolve("running.properties")).doesNotExist();
        assertThat(folder.resolve("postgres/postmaster.pid")).doesNotExist();
        assertThat(folder.resolve("postgres.log")).content().contains("database system is shut down");
        Path server = folder.resolve("postgres-17.11.0/bin/postgres");
        Files.write(server, new byte[0]);
        Files.createDirectory(folder.resolve("postgres-17.10.0"));
        try (LocalPostgres postgres = LocalPostgres.start(folder)) {
            assertThat(answer(postgres)).isEqualTo(42);
        }
        assertThat(folder.resolve("postgres-17.10.0")).doesNotExist();
    }

    @Test
    void onlyOneProcessHoldsAFolderAndCommandsConnectToIts() throws Exception {
        Path folder = Folders.used(temporary, "data");
        try (Holder holder = Holder.of(folder)) {
            assertThatThrownBy(() -> LocalPostgres.start(folder))
                    .isInstanceOf(LocalPostgresException.class)
                    .hasMessageContaining(folder.toRealPath().toString())
                    .hasMessageContaining("in use by process " + holder.pid());

            try (LocalPostgres running = LocalPostgres.connectOrStart(folder)) {
                assertThat(running.isStartedHere()).isFalse();
                assertThat(answer(running)).isEqualTo(42);
            }
            try (LocalPostgres stillRunning = LocalPostgres.connectOrStart(folder)) {
                assertThat(answer(stillRunning)).isEqualTo(42);
            }
        }
        try (LocalPostgres ours = LocalPostgres.connectOrStart(folder)) {
            assertThat(ours.isStartedHere()).isTrue();
            assertThat(answer(ours)).isEqualTo(42);
        }
    }

    @Test
    void aSecondStartInTheSameProcessIsRefusedAndLeavesTheLockAlone() throws Exception {
        Path folder = Folders.used(temporary, "data");
        try (LocalPostgres postgres = LocalPostgres.start(folder)) {
            assertThatThrownBy(() -> LocalPostgres.start(folder))
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
            // POSIX locks vanish when their process closes any descriptor of the file: ask another process.
            assertThatThrownBy(() -> Holder.of(folder)).hasMessageContaining("ended before it was ready");
            try (LocalPostgres same = LocalPostgres.connectOrStart(folder)) {
                assertThat(same.port()).isEqualTo(postgres.port());
            }
        }
    }

    @Test
    void aStartWaitsForACommandThatIsSoonDone() throws Exception {
        Path folder = Folders.used(temporary, "data");
        LocalPostgres brief = LocalPostgres.connectOrStart(folder);
        CompletableFuture<LocalPostgres> serving =
                CompletableFuture.supplyAsync(() -> LocalPostgres.start(folder), Thread::startVirtualThread);
        execute(brief, "CREATE TABLE kept AS SELECT 42 AS answer");
        brief.close();
        try (LocalPostgres postgres = serving.join()) {
            assertThat(answer(postgres)).isEqualTo(42);
        }
    }

    @Test
    void theServerOfAKilledProcessIsStoppedAndWhatItCommittedIsThere() throws Exception {
        Path folder = Folders.used(temporary, "data");
        Holder holder = Holder.of(folder);
        holder.kill();
        Path pidFile = folder.resolve("postgres/postmaster.pid");
        long orphan = Long.parseLong(Files.readAllLines(pidFile).getFirst());
        ProcessHandle process = ProcessHandle.of(orphan).orElseThrow();
        assertThat(Orphan.isServer(process, folder.resolve("postgres"))).isTrue();

        try (LocalPostgres postgres = LocalPostgres.start(folder)) {
            assertThat(Orphan.isServer(process, folder.resolve("postgres"))).isFalse();
            assertThat(Files.readAllLines(pidFile).getFirst()).isNotEqualTo(Long.toString(orphan));
            assertThat(answer(postgres)).isEqualTo(42);
        }
    }

    @Test
    void aServerThatWasKilledTooRecovers() throws Exception {
        Path folder = Folders.used(temporary, "data");
        Holder holder = Holder.of(folder);
        long postmaster = Long.parseLong(
                Files.readAllLines(folder.resolve("postgres/postmaster.pid")).getFirst());
        holder.kill();
        Command.signal("KILL", postmaster);
        try (LocalPostgres postgres = LocalPostgres.start(folder)) {
            assertThat(answer(postgres)).isEqualTo(42);
        }
        assertThat(folder.resolve("postgres.log")).content().contains("automatic recovery in progress");
    }

    @Test
    void aRecycledPidIsNeitherStoppedNorInTheWay() throws Exception {
        Path folder = Folders.used(temporary, "data");
        Process stranger = new ProcessBuilder("cat").start();
        try {
            Files.writeString(folder.resolve("postgres/postmaster.pid"), stranger.pid() + "\n");
            LocalPostgres.start(folder).close();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroy();
        }
    }

    @Test
    void aHalfMadeDatabaseIsMadeAnew() throws Exception {
        Path folder = Folders.fresh(temporary, "data");
        Holder holder = Holder.starting(folder);
        assertThat(Command.await(Duration.ofSeconds(30), () -> isMakingDatabase(folder)))
                .isTrue();
        holder.kill();
        assertThat(folder.resolve("postgres")).doesNotExist();
        String password =
                Files.readString(folder.resolve("secrets/imprimatur_app")).strip();
        try (LocalPostgres postgres = LocalPostgres.start(folder)) {
            execute(postgres, "CREATE TABLE works ()");
            assertThat(postgres.appUrl().password()).isEqualTo(password);
            postgres.appUrl().connect().close();
        }
        LocalPostgres.start(folder).close();
        assertThat(isMakingDatabase(folder)).isFalse();
    }

    private static boolean isMakingDatabase(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 3)) {
            return files.anyMatch(
                    file -> file.endsWith("cluster/base") && !file.startsWith(folder.resolve("postgres")));
        } catch (IOException | UncheckedIOException e) {
            return false; // It changed while we looked.
        }
    }

    @Test
    void aPortThatSomebodyElseTookFirstIsGivenUpForAnother() throws Exception {
        DataFolder folder = DataFolder.open(Folders.used(temporary, "data"));
        PostgresBinaries programs = PostgresBinaries.in(folder);
        RunAs runAs = RunAs.find(folder, programs);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            Deque<Integer> ports = new ArrayDeque<>(List.of(taken.getLocalPort(), Postmaster.freePort()));
            Postmaster postmaster = Postmaster.start(folder, programs, runAs, ports::removeFirst);
            postmaster.stop();
            assertThat(ports).isEmpty();
            assertThat(postmaster.port()).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void filesOfAnotherVersionOrOfSomebodyElseAreRefusedAndUntouched() throws Exception {
        Path folder = Folders.fresh(temporary, "data");
        Path version = Files.createDirectory(folder.resolve("postgres")).resolve("PG_VERSION");
        Files.writeString(version, "16\n");
        assertThatThrownBy(() -> LocalPostgres.start(folder))
                .hasMessageContaining("was written by PostgreSQL 16")
                .hasMessageContaining("pg_dump")
                .hasMessageContaining("DATABASE_URL");
        assertThat(version).hasContent("16");

        Files.move(version, version.resolveSibling("diary.txt"));
        assertThatThrownBy(() -> LocalPostgres.start(folder)).hasMessageContaining("Move them away");
        assertThat(folder.resolve("postgres/diary.txt")).exists();
    }

    @Test
    void aFailedStartShowsWhatTheServerSaidAndLeavesTheFolderFree() throws Exception {
        Path folder = Folders.used(temporary, "data");
        Path configuration = folder.resolve("postgres/postgresql.conf");
        String good = Files.readString(configuration);
        Files.writeString(configuration, "work_mem = nonsense\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> LocalPostgres.start(folder))
                .hasMessageContaining("did not start")
                .hasMessageContaining("invalid value for parameter \"work_mem\": \"nonsense\"");
        Files.writeString(configuration, good);
        LocalPostgres.start(folder).close();
    }

    @Test
    void aLostSuperuserPasswordIsNotReplacedInSilence() throws Exception {
        Path folder = Folders.used(temporary, "data");
        Files.delete(folder.resolve("secrets/postgres"));
        assertThatThrownBy(() -> LocalPostgres.start(folder)).hasMessageContaining("secrets/postgres: is missing");
    }

    @Test
    void aFolderThatCannotBeOneIsNamed() throws Exception {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThatThrownBy(() -> LocalPostgres.start(file)).hasMessageContaining(file + " is a file, not a folder");
        assertThatThrownBy(() -> LocalPostgres.start(file.resolve("data")))
                .isInstanceOf(LocalPostgresException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aFullDiskIsCalledSo() {
        DataFolder folder = new DataFolder(temporary);
        assertThat(folder.failure("cannot be used", new IOException("No space left on device")))
                .hasMessageContaining("the disk is full");
        assertThat(folder.failure(
                        "PostgreSQL did not start",
                        List.of("FATAL: could not write lock file: No space left on device")))
                .hasMessageContaining("the disk is full");
    }

    @Test
    void theLogStaysBounded() throws Exception {
        byte[] said = ("x".repeat(999) + "\n").repeat(30_000).getBytes(StandardCharsets.US_ASCII);
        Path file = temporary.resolve("postgres.log");
        ServerLog log = ServerLog.follow(new ByteArrayInputStream(said), file);
        log.awaitEnd(Duration.ofSeconds(20));
        assertThat(log.awaitReady(Duration.ZERO)).isFalse();
        assertThat(Files.size(file)).isLessThan(9L << 20);
        assertThat(Files.size(temporary.resolve("postgres.log.1"))).isLessThan(9L << 20);
    }

    private static void execute(LocalPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.ownerUrl().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int answer(LocalPostgres postgres) throws SQLException {
        try (Connection connection = postgres.ownerUrl().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT answer FROM kept")) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }
}
