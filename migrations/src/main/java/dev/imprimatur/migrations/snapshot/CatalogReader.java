package dev.imprimatur.migrations.snapshot;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs the queries of this package. Each gives one row an object: {@code kind} and {@code name}, {@code parent_kind} and
 * {@code parent_name} where it has one, and a column for each {@link Fact}, called as the fact in lower case.
 */
final class CatalogReader {

    private static final Set<String> NUMBERS = Set.of("smallint", "integer", "bigint", "numeric");

    private static final int SEQUENCES_AT_ONCE = 10;

    /** The path decides how names are written. */
    private static final String FOR_ALL = settings(Map.of("search_path", "", "jit", "off"));

    /**
     * What is for reading a part, whose queries start from a few identifiers: they are planned once a session, without a look
     * at how much there is, and never go through a whole catalog.
     */
    private static final String FOR_PARTS = settings(Map.of(
            "search_path", "",
            "jit", "off",
            "plan_cache_mode", "force_generic_plan",
            "enable_seqscan", "off",
            "enable_hashjoin", "off",
            "enable_mergejoin", "off",
            "enable_hashagg", "off"));

    /** Brings back the settings that there were. */
    private static final String UNDONE = "ROLLBACK TO SAVEPOINT catalog; RELEASE SAVEPOINT catalog";

    private final Connection connection;
    private SortedMap<ObjectId, CatalogObject> objects = new TreeMap<>();
    private final Set<ObjectId> fresh = new HashSet<>();

    CatalogReader(Connection connection) {
        this.connection = connection;
    }

    Snapshot read() throws SQLException {
        if (!connection.getAutoCommit()) {
            execute("SAVEPOINT catalog; " + FOR_ALL);
            read(new Scope.All());
            execute(UNDONE);
            return new Snapshot(objects);
        }
        connection.setAutoCommit(false);
        try {
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; " + FOR_ALL);
            read(new Scope.All());
            return new Snapshot(objects);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** What the transaction may have changed is read, and the rest taken from before. */
    Snapshot readSince(Snapshot before) throws SQLException {
        execute("SAVEPOINT catalog; " + FOR_PARTS);
        Affected affected = Affected.read(connection);
        Optional<SortedMap<ObjectId, CatalogObject>> kept =
                affected.isMost() ? Optional.empty() : affected.keptOf(before);
        if (kept.isPresent()) {
            objects = kept.get();
            read(new Scope.Of(affected.relations(), affected.groups()));
            execute(UNDONE);
        } else {
            execute(UNDONE + "; SAVEPOINT catalog; " + FOR_ALL);
            read(new Scope.All());
            execute(UNDONE);
        }
        return new Snapshot(objects);
    }

    private void read(Scope scope) throws SQLException {
        if (scope.groups().isEmpty()) {
            return;
        }
        String text = Older.fit(connection, scope.queries());
        try (PreparedStatement queries = connection.prepareStatement(text)) {
            Array relations = connection.createArrayOf("oid", scope.relations().toArray());
            long parameters = text.chars().filter(c -> c == '?').count();
            for (int i = 1; i <= parameters; i++) {
                queries.setArray(i, relations);
            }
            boolean hasRows = queries.execute();
            while (hasRows) {
                try (ResultSet rows = queries.getResultSet()) {
                    take(rows);
                }
                hasRows = queries.getMoreResults();
            }
        }
        readSequencesBehind();
    }

    private void take(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        while (rows.next()) {
            Map<Fact, String> facts = new EnumMap<>(Fact.class);
            Kind kind = Kind.OTHER;
            String name = "";
            String parentKind = null;
            String parentName = null;
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                String value = rows.getString(i);
                if (value == null) {
                    continue;
                }
                switch (columns.getColumnLabel(i)) {
                    case "kind" -> kind = kind(value);
                    case "name" -> name = value;
                    case "parent_kind" -> parentKind = value;
                    case "parent_name" -> parentName = value;
                    default -> facts.put(Fact.valueOf(columns.getColumnLabel(i).toUpperCase(Locale.ROOT)), value);
                }
            }
            ObjectId id = new ObjectId(kind, name);
            Optional<ObjectId> parent = parentKind == null || parentName == null
                    ? Optional.empty()
                    : Optional.of(new ObjectId(kind(parentKind), parentName));
            objects.put(id, new CatalogObject(id, parent, facts));
            fresh.add(id);
        }
    }

    private static Kind kind(String word) {
        return Kind.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** A sequence may stand anywhere, but not so that the next row it numbers meets one that exists. */
    private void readSequencesBehind() throws SQLException {
        List<CatalogObject> owned = fresh.stream()
                .filter(id -> id.kind() == Kind.SEQUENCE)
                .map(id -> Objects.requireNonNull(objects.get(id)))
                .filter(this::numbersAColumn)
                .toList();
        if (owned.isEmpty()) {
            return;
        }
        // Planning a union takes time that grows faster than its parts, so there are several, in one round trip.
        List<String> unions = new ArrayList<>();
        for (int from = 0; from < owned.size(); from += SEQUENCES_AT_ONCE) {
            unions.add(owned.subList(from, Math.min(from + SEQUENCES_AT_ONCE, owned.size())).stream()
                    .map(CatalogReader::behind)
                    .collect(Collectors.joining("\nUNION ALL\n")));
        }
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            boolean hasRows = statement.execute(String.join(";\n", unions));
            while (hasRows) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        markBehind(new ObjectId(Kind.SEQUENCE, rows.getString(1)));
                    }
                }
                hasRows = statement.getMoreResults();
            }
        }
    }

    private void markBehind(ObjectId id) {
        objects.computeIfPresent(id, (same, object) -> {
            Map<Fact, String> facts = new EnumMap<>(object.facts());
            facts.put(Fact.BEHIND_ITS_COLUMN, "yes");
            return new CatalogObject(id, object.parent(), facts);
        });
    }

    /** A sequence may belong to a column of any type; only numbers compare with where it stands. */
    private boolean numbersAColumn(CatalogObject sequence) {
        return sequence.fact(Fact.OWNED_BY)
                .map(column -> objects.get(new ObjectId(Kind.COLUMN, column)))
                .flatMap(column -> column.fact(Fact.TYPE))
                .filter(type -> NUMBERS.contains(type))
                .isPresent();
    }

    private static String behind(CatalogObject sequence) {
        String column = sequence.fact(Fact.OWNED_BY).orElseThrow();
        ObjectId table = sequence.parent().orElseThrow();
        boolean falls = sequence.fact(Fact.INCREMENT).orElse("1").startsWith("-");
        return """
                SELECT '%1$s' FROM %2$s sequence
                 WHERE (SELECT %3$s(numbered.%4$s) FROM %5$s numbered)
                       %6$s CASE WHEN sequence.is_called THEN sequence.last_value + %7$s ELSE sequence.last_value END""".formatted(
                        sequence.id().name().replace("'", "''"),
                        sequence.id().name(),
                        falls ? "min" : "max",
                        column.substring(table.name().length() + 1),
                        table.name(),
                        falls ? "<=" : ">=",
                        sequence.fact(Fact.INCREMENT).orElse("1"));
    }

    private static String settings(Map<String, String> values) {
        return values.entrySet().stream()
                .map(setting ->
                        "pg_catalog.set_config('%s', '%s', true)".formatted(setting.getKey(), setting.getValue()))
                .collect(Collectors.joining(", ", "SELECT ", ""));
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
