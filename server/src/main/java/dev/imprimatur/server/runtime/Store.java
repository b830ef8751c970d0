package dev.imprimatur.server.runtime;

import dev.imprimatur.migrations.ConnectionSource;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationFolder;
import dev.imprimatur.migrations.Migrator;
import dev.imprimatur.migrations.Plan;
import dev.imprimatur.migrations.Status;
import dev.imprimatur.publishing.ErrorCode;
import dev.imprimatur.publishing.RefusedException;
import dev.imprimatur.publishing.database.Database;
import dev.imprimatur.publishing.database.DatabaseUrl;
import dev.imprimatur.publishing.database.LocalPostgres;
import dev.imprimatur.publishing.database.LocalPostgresException;
import dev.imprimatur.server.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database that this program works on, with a schema that fits it: the embedded one, or the one it was given. */
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final String FORBIDDEN = "42501";

    /** As the build has called it; classes that no build has packed have no version. */
    private static final String VERSION =
            Objects.requireNonNullElse(Store.class.getPackage().getImplementationVersion(), "development");

    private final @Nullable LocalPostgres local;
    private final Database database;

    private Store(@Nullable LocalPostgres local, Database database) {
        this.local = local;
        this.database = database;
    }

    /** Whether a schema that is behind may be brought forward. The embedded one always is. */
    public enum Migrate {
        WHEN_EMBEDDED,
        ALWAYS
    }

    /**
     * For the server: it owns an embedded database alone.
     *
     * @throws RefusedException CANNOT_START, SCHEMA_BEHIND, SCHEMA_NEWER; DATABASE_UNAVAILABLE while it migrates
     */
    public static Store open(Settings settings, Migrate migrate) {
        return open(settings, migrate, "imprimatur", false);
    }

    /** For a command beside the server: it shares an embedded database that is running, or starts it briefly. */
    public static Store join(Settings settings) {
        return open(settings, Migrate.WHEN_EMBEDDED, "imprimatur command", true);
    }

    private static Store open(Settings settings, Migrate migrate, String name, boolean shared) {
        LocalPostgres local = null;
        Database database = null;
        try {
            if (settings.database().isEmpty()) {
                local = shared ? LocalPostgres.connectOrStart(settings.data()) : LocalPostgres.start(settings.data());
            }
            DatabaseUrl app = local == null ? settings.database().orElseThrow() : local.appUrl();
            DatabaseUrl owner = local == null ? settings.owner().orElse(app) : local.ownerUrl();
            boolean mayMigrate = local != null ? local.isStartedHere() : migrate == Migrate.ALWAYS;
            if (mayMigrate) {
                migrate(owner, local != null);
            }
            database = Database.open(app, Database.Limits.named(name).withConnections(settings.connections()));
            check(database);
            warnWhenOwner(database.jdbi());
            if (!shared) {
                recordDeploy(database);
            }
            return new Store(local, database);
        } catch (LocalPostgresException | IllegalStateException e) {
            throw closing(database, local, new RefusedException(ErrorCode.CANNOT_START, said(e), e));
        } catch (RuntimeException e) {
            throw closing(database, local, e);
        }
    }

    private static RuntimeException closing(
            @Nullable Database database, @Nullable LocalPostgres local, RuntimeException failure) {
        if (database != null) {
            database.close();
        }
        if (local != null) {
            local.close();
        }
        return failure;
    }

    public Jdbi jdbi() {
        return database.jdbi();
    }

    Connection connection() throws SQLException {
        return database.dataSource().getConnection();
    }

    /** Whether this process alone uses the database, because it started it. */
    boolean isAlone() {
        return local != null && local.isStartedHere();
    }

    /** What never changes over the life of this database; made when first asked for. */
    UUID installation() {
        return jdbi().withHandle(handle -> {
            handle.createUpdate("INSERT INTO installation (id) VALUES (:id) ON CONFLICT DO NOTHING")
                    .bind("id", UUID.randomUUID())
                    .execute();
            return handle.createQuery("SELECT id FROM installation")
                    .mapTo(UUID.class)
                    .one();
        });
    }

    @Override
    public void close() {
        database.close();
        if (local != null) {
            local.close();
        }
    }

    /**
     * On a database that this process alone uses, nothing older runs that a contract could break: this program is the
     * deploy that the contract waits for.
     */
    private static void migrate(DatabaseUrl owner, boolean alone) {
        try {
            Migrator migrator = new Migrator(owner::connect, MigrationFolder.read(Home.path("db", "migrations")));
            Plan plan = alone ? migrator.upAlone(VERSION) : migrator.up();
            plan.waiting().ifPresent(waiting -> LOG.info("{}", waiting.why()));
            try (Connection connection = owner.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(Files.readString(Home.path("db", "roles.sql")));
            }
        } catch (MigrationException e) {
            throw refusal(e);
        } catch (SQLException e) {
            throw new RefusedException(
                    ErrorCode.CANNOT_START,
                    "db/roles.sql could not be run as %s: %s".formatted(owner, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RefusedException refusal(MigrationException e) {
        ErrorCode code = switch (e.reason()) {
            case UNREACHABLE, CONNECTION_LOST -> ErrorCode.DATABASE_UNAVAILABLE;
            case NEWER_DATABASE -> ErrorCode.SCHEMA_NEWER;
            case DISK_FULL -> ErrorCode.DATABASE_FULL;
            case BUSY, LOCK_TIMEOUT -> ErrorCode.BUSY;
            case FOLDER_UNREADABLE,
                    LINT,
                    USAGE,
                    EDITED,
                    OUT_OF_ORDER,
                    INTERRUPTED,
                    UNREHEARSED,
                    LOSSY,
                    STATEMENT_FAILED,
                    STOPPED -> ErrorCode.CANNOT_START;
        };
        return new RefusedException(code, said(e), e);
    }

    /**
     * Returns if the database answers and its schema serves this program. A newer one does: while others are replaced by
     * that newer program, this one goes on.
     */
    void checkReady() {
        try {
            check(database);
        } catch (RefusedException e) {
            if (e.code() != ErrorCode.SCHEMA_NEWER) {
                throw e;
            }
        }
    }

    /** The schema must be the one that this program was built for. */
    private static void check(Database database) {
        Status status;
        try {
            status = new Migrator(
                            ConnectionSource.of(database.dataSource()),
                            MigrationFolder.read(Home.path("db", "migrations")))
                    .status();
        } catch (MigrationException e) {
            if (e.getCause() instanceof SQLException sql && FORBIDDEN.equals(sql.getSQLState())) {
                throw new RefusedException(
                        ErrorCode.CANNOT_START,
                        "the server's role may not read which migrations are applied; run db/roles.sql as the owner,"
                                + " after each migration",
                        e);
            }
            throw refusal(e);
        }
        switch (status.standing()) {
            case CURRENT, WAITING -> {}
            case BEHIND ->
                throw new RefusedException(
                        ErrorCode.SCHEMA_BEHIND,
                        "the database's schema is behind this program; run: imprimatur migrate up, or start with --migrate");
            case NEWER ->
                throw new RefusedException(
                        ErrorCode.SCHEMA_NEWER,
                        "the database has migrations that this program does not know; start the newer program");
            case INTERRUPTED, CONFLICT ->
                throw new RefusedException(
                        ErrorCode.CANNOT_START,
                        status.refusal().orElse("a migration was interrupted") + "; see: imprimatur migrate status");
        }
    }

    /** A contract waits for this. That nobody could write it down is no reason to serve nothing. */
    private static void recordDeploy(Database database) {
        try {
            new Migrator(
                            ConnectionSource.of(database.dataSource()),
                            MigrationFolder.read(Home.path("db", "migrations")))
                    .deployed(VERSION);
        } catch (MigrationException e) {
            LOG.warn(
                    "this deploy could not be recorded, so no contract step will follow it; run `imprimatur migrate up`"
                            + " and db/roles.sql as the owner: {}",
                    e.getMessage());
        }
    }

    private static void warnWhenOwner(Jdbi jdbi) {
        boolean owner = jdbi.withHandle(
                handle -> handle.createQuery("""
                        SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class
                        WHERE oid = 'public.audit'::regclass""").mapTo(Boolean.class).one());
        if (owner) {
            LOG.warn("the server runs as the owner of its tables, who may change the audit; give it the role"
                    + " imprimatur_app (db/roles.sql)");
        }
    }

    private static String said(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
