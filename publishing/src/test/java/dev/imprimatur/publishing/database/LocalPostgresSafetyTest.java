package dev.imprimatur.publishing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresSafetyTest {
    @TempDir
    static Path temporary;

    static LocalPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = LocalPostgres.start(Folders.used(temporary, "shared"));
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void losesNothingThatWasCommitted() {
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
            assertThat(one(postgres.ownerUrl(), "SHOW " + setting)).as(setting).isEqualTo("on");
        }
    }

    @Test
    void sortsAndStoresTextAlikeOnEveryMachine() {
        assertThat(one(postgres.ownerUrl(), """
                        SELECT concat_ws(' ', datlocprovider, datlocale, pg_encoding_to_char(encoding))
                        FROM pg_database WHERE datname = current_database()""")).isEqualTo("b C.UTF-8 UTF8");
    }

    @Test
    void theOwnerOwnsTheDatabaseAndTheAppOwnsNothing() {
        assertThat(one(
                        postgres.ownerUrl(),
                        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"))
                .isEqualTo("imprimatur_owner");
        assertThat(one(postgres.appUrl(), """
                        SELECT concat_ws(' ', current_user, rolsuper, rolcreatedb, rolcreaterole)
                        FROM pg_roles WHERE rolname = current_user""")).isEqualTo("imprimatur_app f f f");
        assertThat(one(postgres.superuserUrl(), "SHOW is_superuser")).isEqualTo("on");
        assertThatThrownBy(() -> one(postgres.appUrl(), "CREATE TABLE mine ()"))
                .isInstanceOf(JdbiException.class)
                .hasMessageContaining("permission denied for schema public");
    }

    @Test
    void wrongAndMissingPasswordsAreRefused() {
        for (DatabaseUrl url : List.of(postgres.superuserUrl(), postgres.ownerUrl(), postgres.appUrl())) {
            DatabaseUrl wrong = DatabaseUrl.of(url.host(), url.port(), url.database(), url.user(), "wrong");
            assertThatThrownBy(wrong::connect)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
            DatabaseUrl none =
                    new DatabaseUrl(url.host(), url.port(), url.database(), url.user(), null, url.parameters());
            assertThatThrownBy(none::connect).hasMessageContaining("SCRAM");
        }
        assertThat(one(
                        postgres.superuserUrl(),
                        "SELECT count(*) FROM pg_authid WHERE rolpassword LIKE 'SCRAM-SHA-256$4096:%'"))
                .isEqualTo("3");
        assertThat(one(postgres.superuserUrl(), "SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules"))
                .isEqualTo("scram-sha-256");
    }

    @Test
    void passwordsAreForTheOwnerOfTheFolderOnly() throws Exception {
        Path folder = postgres.dataFolder();
        assertThat(mode(folder.resolve("secrets"))).isEqualTo("rwx------");
        assertThat(mode(folder.resolve("postgres"))).isEqualTo("rwx------");
        for (String file : List.of(
                "secrets/postgres",
                "secrets/imprimatur_owner",
                "secrets/imprimatur_app",
                "running.properties",
                "postgres.log")) {
            assertThat(mode(folder.resolve(file))).as(file).isEqualTo("rw-------");
        }
        for (DatabaseUrl url : List.of(postgres.superuserUrl(), postgres.ownerUrl(), postgres.appUrl())) {
            assertThat(url.password()).hasSize(32);
            assertThat(url.toString()).doesNotContain(url.password());
            assertThat(folder.resolve("postgres.log")).content().doesNotContain(url.password());
        }
    }

    @Test
    void listensOnLoopbackOnly() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "the system tells who listens");
        List<String> sockets = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
        if (Files.exists(Path.of("/proc/net/tcp6"))) {
            sockets.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
        }
        String port = String.format(Locale.ROOT, ":%04X", postgres.port());
        assertThat(sockets.stream()
                        .map(line -> line.strip().split("\\s+"))
                        .filter(fields -> fields[1].endsWith(port) && fields[3].equals("0A"))
                        .map(fields -> fields[1]))
                .containsExactly("0100007F" + port);
        assertThat(one(postgres.superuserUrl(), "SHOW unix_socket_directories")).isEmpty();
    }

    @Test
    void ctrlCInTheTerminalReachesUsAndNotTheServer() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "setsid");
        Path pidFile = postgres.dataFolder().resolve("postgres/postmaster.pid");
        String pid = Files.readAllLines(pidFile).getFirst();
        String session = Files.readString(Path.of("/proc", pid, "stat")).split(" ", 7)[5];
        assertThat(session).isEqualTo(pid);
    }

    @Test
    void startedByRootItRunsAsTheFoldersOwnerAndMovesBackWithTheFolder() throws Exception {
        assumeTrue(new UnixSystem().getUid() == 0, "root");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv");
        Path parent = Files.createTempDirectory("imprimatur");
        Path folder = parent.resolve("data");
        try {
            Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
            Files.createDirectory(folder);
            Files.setAttribute(folder, "unix:uid", 65534);
            assertThat(ranBy(folder)).isEqualTo(65534);
            assertThat(mode(folder.resolve("secrets"))).isEqualTo("rwx------");

            Files.setAttribute(folder, "unix:uid", 0);
            assumeTrue(Command.run(List.of("unshare", "-U", "true")).succeeded(), "user namespaces");
            assertThat(ranBy(folder)).isEqualTo(0);
        } finally {
            DataFolder.deleteTree(parent);
        }
    }

    @Test
    void whereRootFindsNoWayAroundItSaysWhatElseWorks() {
        DataFolder folder = new DataFolder(postgres.dataFolder());
        PostgresBinaries programs = PostgresBinaries.in(folder);
        List<RunAs> hopeless = List.of(
                new RunAs(List.of("/bin/sh", "-c", "echo unshare failed: Operation not permitted; exit 1"), 0, 0));
        assertThatThrownBy(() -> RunAs.firstThatWorks(hopeless, folder, programs))
                .hasMessageContaining("refuses to run as root")
                .hasMessageContaining("unshare failed: Operation not permitted")
                .hasMessageContaining("DATABASE_URL");
    }

    @Test
    void aPoolGivesUpInTime() {
        try (Database database = Database.open(
                postgres.appUrl(), Database.Limits.named("imprimatur test").withConnections(2))) {
            for (String[] setting : new String[][] {
                {"application_name", "imprimatur test"},
                {"statement_timeout", "30s"},
                {"lock_timeout", "5s"},
                {"idle_in_transaction_session_timeout", "30s"}
            }) {
                assertThat(one(database.jdbi(), "SHOW " + setting[0])).isEqualTo(setting[1]);
            }
        }
    }

    @Test
    void aPoolThatCannotConnectSaysWhereWithoutThePassword() {
        DatabaseUrl url = postgres.appUrl();
        DatabaseUrl wrong = DatabaseUrl.of(url.host(), url.port(), url.database(), url.user(), "opensesame");
        assertThatThrownBy(() -> Database.open(wrong, Database.Limits.named("test")))
                .hasMessageContaining("postgres://imprimatur_app:***@127.0.0.1:" + url.port() + "/imprimatur")
                .hasMessageContaining("password authentication failed")
                .hasMessageNotContaining("opensesame");
    }

    private static Object ranBy(Path folder) throws Exception {
        try (LocalPostgres started = LocalPostgres.start(folder)) {
            assertThat(one(started.ownerUrl(), "SELECT 1")).isEqualTo("1");
            return Files.getAttribute(folder.resolve("postgres/postmaster.pid"), "unix:uid");
        }
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static String one(DatabaseUrl url, String sql) {
        return one(Jdbi.create(() -> connect(url)), sql);
    }

    private static String one(Jdbi jdbi, String sql) {
        return jdbi.withHandle(
                handle -> handle.createQuery(sql).mapTo(String.class).one());
    }

    private static Connection connect(DatabaseUrl url) throws SQLException {
        return url.connect();
    }
}
