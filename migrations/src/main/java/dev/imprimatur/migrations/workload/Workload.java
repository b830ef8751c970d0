package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.MigrationException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The queries that running code sends to a database.
 *
 * <p>Whether a change of the schema breaks them shows in two probes, one before it and one after:
 *
 * <pre>{@code
 * Probe before = workload.probe(connection);
 * // the change
 * List<Broken> broken = workload.probe(connection, before).brokenSince(before);
 * }</pre>
 *
 * @param queries in the order in which they were given, no text twice
 */
public record Workload(List<Query> queries) {

    /** No queries: nothing is probed, nothing is broken. */
    public static final Workload NONE = new Workload(List.of());

    public Workload {
        queries = List.copyOf(queries);
    }

    /**
     * Reads a file of SQL statements, each ended by a semicolon, with literals or {@code $1} where values are. Statements
     * under a comment {@code -- release: 1.4.0} (or several, separated by commas) are sent by that release, until the
     * next such comment.
     *
     * @throws MigrationException {@link MigrationException.Reason#USAGE}, with file and line, when the file cannot be
     *     read, is not UTF-8, holds a command of psql, or something in it has no end
     */
    public static Workload ofFile(Path file) {
        return new Workload(new QueryFile(file).read());
    }

    /**
     * Reads the normalised texts that {@code pg_stat_statements} holds of the connection's database, most called first,
     * without utility statements, those on the catalog, and those of this tool.
     *
     * @throws MigrationException {@link MigrationException.Reason#USAGE} when the extension is not there or the role may
     *     not read every text
     * @throws SQLException when the connection breaks
     */
    public static Workload ofStatistics(Connection connection) throws SQLException {
        return new Workload(QueryStatistics.read(connection));
    }

    /**
     * Tries every query: each is planned, and what writes is run with made-up parameters and rolled back. Inside a
     * transaction of the caller nothing is left of it when this returns, on a connection with auto-commit neither; only
     * sequences may have moved. The {@code search_path} and the role are the caller's, and should be the application's.
     * Autovacuum should be off.
     *
     * <p>A timeout or a lock that stays is {@link Untestable}, never {@link Refused}.
     *
     * @param connection in simple query mode, as {@link dev.imprimatur.migrations.DatabaseUrl#open()} gives it
     * @throws SQLException when the connection is lost: nothing is known then, and another may be tried
     */
    public Probe probe(Connection connection) throws SQLException {
        return new Prober(this, connection).probe(Optional.empty());
    }

    /**
     * Tries every query again; a write that ran before, with the same parameters.
     *
     * @param before a probe of this workload
     * @throws IllegalArgumentException when it is of another
     * @throws SQLException when the connection is lost
     */
    public Probe probe(Connection connection, Probe before) throws SQLException {
        if (!before.workload().equals(this)) {
            throw new IllegalArgumentException("the probe before is of another workload");
        }
        return new Prober(this, connection).probe(Optional.of(before));
    }

    /** Every release that the workload speaks of, the oldest first. */
    public List<Release> releases() {
        return queries.stream()
                .flatMap(query -> query.releases().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The oldest release that still works, as does every later one: the code may be rolled back to it, and not further.
     *
     * @param broken since the change in question; regressions do not count
     * @return empty when not even the newest release works, or the workload speaks of none
     */
    public Optional<Release> oldestThatWorks(Collection<Broken> broken) {
        Set<Release> lost = broken.stream()
                .filter(one -> one.kind() != Broken.Kind.REGRESSION)
                .flatMap(one -> one.query().releases().stream())
                .collect(Collectors.toSet());
        Release oldest = null;
        for (Release release : releases().reversed()) {
            if (lost.contains(release)) {
                break;
            }
            oldest = release;
        }
        return Optional.ofNullable(oldest);
    }
}
