package dev.imprimatur.migrations.snapshot;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything in one database that a migration can change, but for rows, roles and large objects (which are compared like rows). Left out are the
 * server's own schemas, the schema {@code migrate} of this tool, temporary objects, the members of extensions, internal
 * triggers, and where a sequence stands (unless it is {@linkplain Fact#BEHIND_ITS_COLUMN behind its column}).
 *
 * @param objects by id
 */
public record Snapshot(SortedMap<ObjectId, CatalogObject> objects) {

    public Snapshot {
        objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
    }

    /**
     * Reads the catalog in a handful of round trips. Inside a transaction of the caller it sees what the transaction sees and
     * leaves the transaction open and its {@code search_path} as it was; otherwise it reads in one transaction of its
     * own, so that the snapshot is of one moment.
     *
     * @param connection to a server of version 14 or later, as a role that may read every table with an owned sequence
     * @throws SQLException when the server refuses a query; a caller's transaction is then aborted
     */
    public static Snapshot read(Connection connection) throws SQLException {
        return new CatalogReader(connection).read();
    }

    /**
     * The same as {@link #read}, in less time: reads what the current transaction may have changed, and takes the rest, the
     * same instances, from {@code before}. All is read where what changed cannot be told, as after a role was renamed,
     * and where most has changed.
     *
     * @param connection in a transaction, whose changes so far are all that lies between {@code before} and now; with
     *     auto-commit on everything is read
     * @param before the state in which this transaction began, sequences included: they do not come back when a
     *     transaction rolls back
     * @throws SQLException when the server refuses a query; the transaction is then aborted
     */
    public static Snapshot since(Connection connection, Snapshot before) throws SQLException {
        return connection.getAutoCommit() ? read(connection) : new CatalogReader(connection).readSince(before);
    }

    public Optional<CatalogObject> object(Kind kind, String name) {
        return Optional.ofNullable(objects.get(new ObjectId(kind, name)));
    }

    /** How many objects of each kind there are. */
    public Map<Kind, Long> counts() {
        return objects.keySet().stream()
                .collect(Collectors.groupingBy(ObjectId::kind, TreeMap::new, Collectors.counting()));
    }

    /**
     * SHA-256 over all objects in order, as 64 lower-case hexadecimal digits: equal exactly when
     * {@link #effectsTo(Snapshot)} finds nothing. It holds for one release of this tool and one major version of the
     * server; another may know more facts.
     */
    public String fingerprint() {
        return Fingerprint.of(this);
    }

    /**
     * What happened from this snapshot to {@code after}; empty exactly when both are equal. Objects that come or go
     * with their parent are not listed beside it.
     */
    public List<Effect> effectsTo(Snapshot after) {
        return new Comparison(this, after).effects();
    }
}
