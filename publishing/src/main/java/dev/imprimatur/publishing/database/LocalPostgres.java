package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own, whose rows stay in a data folder: for those who bring none. Durable, loopback only, and
 * open only to who can read the folder. One process owns it at a time; others connect to it.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalPostgres.class);
    private static final String DATABASE = "imprimatur";
    private static final Duration TO_COME_OR_GO = Duration.ofSeconds(30);

    private final DataFolder folder;
    private final int port;
    private final Passwords passwords;
    private final @Nullable Lease lease;

    private LocalPostgres(DataFolder folder, int port, Passwords passwords, @Nullable Lease lease) {
        this.folder = folder;
        this.port = port;
        this.passwords = passwords;
        this.lease = lease;
    }

    /** Makes the folder and the database where there is none. Whoever closes last closes this after all else. */
    public static LocalPostgres start(Path dataFolder) {
        DataFolder folder = DataFolder.open(dataFolder);
        return launch(folder, moveIn(folder));
    }

    /**
     * A new data folder whose rows nobody wants back: whatever starts there starts sooner, and does not wait for the
     * disk. The caller deletes it.
     */
    public static Path createThrownAwayFolder(String name) throws IOException {
        Path folder = Files.createTempDirectory(name);
        DataFolder.markThrownAway(folder);
        return folder;
    }

    /** For a command that needs the server for a moment: the running one, or one that {@link #close} stops again. */
    public static LocalPostgres connectOrStart(Path dataFolder) {
        DataFolder folder = DataFolder.open(dataFolder);
        Instant deadline = Instant.now().plus(TO_COME_OR_GO);
        while (true) {
            FolderLock lock = FolderLock.tryAcquire(folder, Tenant.Stay.BRIEF);
            if (lock != null) {
                return launch(folder, lock);
            }
            Tenant tenant = Tenant.of(folder);
            if (tenant != null && tenant.port() != 0 && (tenant.stay() == Tenant.Stay.LONG || tenant.isThisProcess())) {
                LocalPostgres running = new LocalPostgres(folder, tenant.port(), Passwords.read(folder), null);
                if (running.answers(Instant.now().isAfter(deadline))) {
                    return running;
                }
            }
            if (Instant.now().isAfter(deadline)) {
                throw inUse(folder, tenant);
            }
            Command.await(Duration.ofMillis(20), () -> false);
        }
    }

    /** For migrations and whatever else defines the schema. */
    public DatabaseUrl ownerUrl() {
        return url(Passwords.OWNER, passwords.owner());
    }

    /** For serving: this role may do only what was granted to it. */
    public DatabaseUrl appUrl() {
        return url(Passwords.APP, passwords.app());
    }

    /** For what neither may do, such as roles and copies of the database. */
    public DatabaseUrl superuserUrl() {
        return url(Passwords.SUPERUSER, passwords.superuser());
    }

    public int port() {
        return port;
    }

    public Path dataFolder() {
        return folder.root();
    }

    /** False if it belongs to another process, which then also is the one to stop it. */
    public boolean isStartedHere() {
        return lease != null;
    }

    @Override
    public void close() {
        if (lease != null) {
            lease.end();
        }
    }

    private static FolderLock moveIn(DataFolder folder) {
        Instant deadline = Instant.now().plus(TO_COME_OR_GO);
        while (true) {
            FolderLock lock = FolderLock.tryAcquire(folder, Tenant.Stay.LONG);
            if (lock != null) {
                return lock;
            }
            Tenant tenant = Tenant.of(folder);
            boolean stays = tenant != null && tenant.stay() == Tenant.Stay.LONG;
            if (stays || Instant.now().isAfter(deadline)) {
                throw inUse(folder, tenant);
            }
            Command.await(Duration.ofMillis(20), () -> false);
        }
    }

    private static LocalPostgresException inUse(DataFolder folder, @Nullable Tenant tenant) {
        return new LocalPostgresException("The data folder " + folder.root() + " is in use by process "
                + (tenant == null ? "(unknown)" : tenant.pid()) + ". Stop that one first, or name another folder.");
    }

    private static LocalPostgres launch(DataFolder folder, FolderLock lock) {
        Postmaster postmaster = null;
        boolean launched = false;
        try {
            long begin = System.nanoTime();
            Passwords passwords = Passwords.readOrMake(folder);
            Orphan.stopIfAny(folder);
            Programs programs = programs(folder);
            Cluster.ensure(folder, programs.binaries, programs.runAs, passwords);
            long start = System.nanoTime();
            postmaster = Postmaster.start(folder, programs.binaries, programs.runAs);
            long ready = System.nanoTime();
            LocalPostgres started =
                    new LocalPostgres(folder, postmaster.port(), passwords, new Lease(lock, postmaster));
            started.makeRolesAndDatabase();
            lock.announce(postmaster.port());
            LOG.debug(
                    "PostgreSQL in {}: prepared in {} ms, started in {} ms, roles in {} ms",
                    folder.root(),
                    (start - begin) / 1_000_000,
                    (ready - start) / 1_000_000,
                    (System.nanoTime() - ready) / 1_000_000);
            launched = true;
            return started;
        } catch (IOException e) {
            throw folder.failure("cannot be used", e);
        } finally {
            if (!launched) {
                try (lock) {
                    if (postmaster != null) {
                        postmaster.stop();
                    }
                }
            }
        }
    }

    private record Programs(PostgresBinaries binaries, RunAs runAs) {}

    /**
     * A folder that is kept has programs of its own: what was built may be built anew or moved away at any time. One
     * that is thrown away runs those that were built where they are, unless the user that PostgreSQL runs as cannot.
     */
    private static Programs programs(DataFolder folder) throws IOException {
        Optional<PostgresBinaries> built = folder.isThrownAway() ? PostgresBinaries.built() : Optional.empty();
        if (built.isPresent()) {
            try {
                return new Programs(built.get(), RunAs.find(folder, built.get()));
            } catch (LocalPostgresException e) {
                LOG.debug("The programs in {} are out of reach", built.get().folder(), e);
            }
        }
        PostgresBinaries own = PostgresBinaries.in(folder);
        own.deleteOthers();
        return new Programs(own, RunAs.find(folder, own));
    }

    private void makeRolesAndDatabase() {
        DatabaseUrl maintenance =
                DatabaseUrl.of("127.0.0.1", port, "postgres", Passwords.SUPERUSER, passwords.superuser());
        try (Connection connection = maintenance.connect()) {
            Bootstrap.run(connection, passwords, DATABASE);
        } catch (SQLException e) {
            throw new LocalPostgresException(
                    "PostgreSQL in " + folder.root() + " started, but cannot be prepared: " + e.getMessage(), e);
        }
    }

    private boolean answers(boolean mustAnswer) {
        try (Connection connection = ownerUrl().connect()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            if (mustAnswer) {
                throw new LocalPostgresException(
                        "The PostgreSQL that runs in " + folder.root() + " (port " + port + ") does not let us in: "
                                + e.getMessage(),
                        e);
            }
            return false;
        }
    }

    private DatabaseUrl url(String user, String password) {
        return DatabaseUrl.of("127.0.0.1", port, DATABASE, user, password);
    }
}
