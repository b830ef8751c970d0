package dev.imprimatur.publishing.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of the server: made whole or not at all, and never replaced. */
final class Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final String HALF_MADE = "postgres.new-";

    private Cluster() {}

    /** Whether there is one; what is there but cannot be ours is refused before anything is touched. */
    static boolean isPresent(DataFolder data) {
        Path cluster = data.cluster();
        Path version = cluster.resolve("PG_VERSION");
        try {
            if (!Files.exists(cluster) || isEmpty(cluster)) {
                return false;
            }
            if (!Files.exists(version)) {
                throw new LocalPostgresException("There are files in " + cluster
                        + ", but no PostgreSQL database (no PG_VERSION). Move them away, or name another data folder.");
            }
            refuseOther(Files.readString(version).strip(), data);
            return true;
        } catch (IOException e) {
            throw data.failure("does not tell whose database it holds", e);
        }
    }

    private static void refuseOther(String major, DataFolder data) {
        if (!major.equals(PostgresBinaries.MAJOR)) {
            throw new LocalPostgresException("The data folder " + data.root() + " was written by PostgreSQL " + major
                    + ", and this program brings PostgreSQL " + PostgresBinaries.MAJOR
                    + ", which cannot read it. Nothing was touched. Dump the database with pg_dump of PostgreSQL "
                    + major
                    + ", start with a new folder, and restore it there; or run a PostgreSQL " + major
                    + " on it yourself and set DATABASE_URL.");
        }
    }

    static void ensure(DataFolder data, PostgresBinaries binaries, RunAs runAs, Passwords passwords) {
        try {
            deleteHalfMade(data);
            if (isPresent(data)) {
                runAs.own(data.cluster());
            } else {
                make(data, binaries, runAs, passwords);
            }
        } catch (IOException e) {
            throw data.failure("cannot hold a database", e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** The initdb of a killed run may still be at work: it is not waited for, and its folder's name is not used again. */
    private static void deleteHalfMade(DataFolder data) throws IOException {
        try (Stream<Path> files = Files.list(data.root())) {
            for (Path file : files.toList()) {
                if (String.valueOf(file.getFileName()).startsWith(HALF_MADE)) {
                    try {
                        DataFolder.deleteTree(file);
                    } catch (IOException | UncheckedIOException e) {
                        LOG.info(
                                "{} is still in use by a killed run ({}); the next start removes it",
                                file,
                                e.toString());
                    }
                }
            }
        }
    }

    private static void make(DataFolder data, PostgresBinaries binaries, RunAs runAs, Passwords passwords)
            throws IOException {
        long start = System.nanoTime();
        Path aside = Files.createTempDirectory(data.root(), HALF_MADE);
        Path password = aside.resolve("password");
        DataFolder.writePrivately(password, passwords.superuser());
        runAs.own(password);
        runAs.own(aside);
        Path cluster = aside.resolve("cluster");
        Command initdb = Command.run(runAs.command(
                binaries.program("initdb"),
                "--pgdata=" + cluster,
                "--username=" + Passwords.SUPERUSER,
                "--pwfile=" + password,
                "--auth-host=scram-sha-256",
                "--auth-local=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                // Either way initdb runs without fsync; this is about syncing everything once at its end.
                data.isThrownAway() ? "--no-sync" : "--sync-method=fsync",
                "--no-instructions"));
        if (!initdb.succeeded()) {
            throw data.failure("PostgreSQL could not make a database", initdb.output());
        }
        DataFolder.moveDurably(cluster, data.cluster());
        DataFolder.deleteTree(aside);
        LOG.debug("Made a database in {} ms", (System.nanoTime() - start) / 1_000_000);
    }
}
