package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Checksum;
import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.MigrationException.Reason;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.layout.Layout;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which steps of a chain a database has already, as the layout's own runner has noted there. */
final class AppliedSteps {

    private final Chain chain;
    private final Connection connection;
    /** By version, as the runner calls it: what stands in the way of going on from there; empty when nothing does. */
    private final Map<String, String> versions = new LinkedHashMap<>();

    /** It stands for all before it: golang-migrate keeps one row, and Flyway may begin with one. */
    private String baseline = "";

    private AppliedSteps(Chain chain, Connection connection) {
        this.chain = chain;
        this.connection = connection;
    }

    /**
     * How many steps, from the first, are applied; 0 where no history is kept.
     *
     * @throws MigrationException {@link Reason#USAGE} when the history does not fit the files
     */
    static int count(Connection connection, Chain chain) throws SQLException {
        return new AppliedSteps(chain, connection).count();
    }

    private int count() throws SQLException {
        boolean kept = switch (chain.layout()) {
            case IMPRIMATUR ->
                read(
                        "migrate.history",
                        "SELECT number, CASE WHEN state <> 'applied' THEN state END, '' FROM %s ORDER BY 1");
            // One row, for the newest of them.
            case GOLANG_MIGRATE ->
                read("schema_migrations", "SELECT version, CASE WHEN dirty THEN 'dirty' END, '' FROM %s ORDER BY 1");
            case DIESEL -> read("__diesel_schema_migrations", "SELECT version, NULL, '' FROM %s ORDER BY 1");
            case GOOSE -> read("goose_db_version", """
                        SELECT version_id, NULL, '' FROM (
                          SELECT DISTINCT ON (version_id) version_id, is_applied FROM %s ORDER BY version_id, id DESC) last
                         WHERE is_applied AND version_id <> 0 ORDER BY 1""");
            case DBMATE -> read("schema_migrations", "SELECT version, NULL, '' FROM %s ORDER BY 1");
            case FLYWAY -> read("flyway_schema_history", """
                        SELECT version, CASE WHEN NOT success THEN 'failed' END, type FROM (
                          SELECT DISTINCT ON (version) * FROM %s WHERE version IS NOT NULL
                           ORDER BY version, installed_rank DESC) last
                         WHERE type NOT LIKE 'UNDO%%' ORDER BY installed_rank""");
        };
        if (!kept || versions.isEmpty()) {
            return 0;
        }
        if (chain.layout() == Layout.GOLANG_MIGRATE) {
            baseline = versions.keySet().iterator().next();
        }
        requireKnown();
        int count = prefix();
        if (chain.layout().hasPhases()) {
            requireUnedited(count);
        }
        return count;
    }

    private boolean read(String table, String query) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery("SELECT pg_catalog.to_regclass('" + table + "') IS NOT NULL")) {
                row.next();
                if (!row.getBoolean(1)) {
                    return false;
                }
            }
            try (ResultSet row = statement.executeQuery(query.formatted(table))) {
                while (row.next()) {
                    String state = row.getString(2);
                    String version = plain(row.getString(1));
                    versions.put(version, state == null ? "" : state);
                    baseline = row.getString(3).equals("BASELINE") ? version : baseline;
                }
            }
        }
        for (Map.Entry<String, String> version : versions.entrySet()) {
            if (!version.getValue().isEmpty()) {
                throw refused(
                        "the database says of %s that it is %s: end it there with the tool that applies it, or mend it"
                                .formatted(version.getKey(), version.getValue()));
            }
        }
        return true;
    }

    private void requireKnown() {
        Set<String> known = new HashSet<>();
        chain.steps().forEach(step -> known.add(version(step)));
        for (String version : versions.keySet()) {
            boolean before = version.equals(baseline)
                    && known.stream().allMatch(each -> each.isEmpty() || isBefore(baseline, each));
            if (!known.contains(version) && !before) {
                throw refused(
                        "the database has applied %s, and there is no such file in %s: take the files that it was made with"
                                .formatted(version, chain.path()));
            }
        }
    }

    private int prefix() {
        List<ChainStep> steps = chain.steps();
        int newest = 0;
        for (int i = 0; i < steps.size(); i++) {
            newest = versions.containsKey(version(steps.get(i))) ? i + 1 : newest;
        }
        for (ChainStep step : steps.subList(0, newest)) {
            boolean stoodFor = !baseline.isEmpty() && isBefore(version(step), baseline);
            if (!stoodFor && !versions.containsKey(version(step)) && isVersioned(step)) {
                throw refused(
                        "the database has applied %s, but not %s, which stands before it: apply that there, or give it a later number"
                                .formatted(steps.get(newest - 1).name(), step.name()));
            }
        }
        return newest;
    }

    private static boolean isBefore(String version, String other) {
        List<BigInteger> parts = parts(version);
        List<BigInteger> others = parts(other);
        for (int i = 0; i < Math.min(parts.size(), others.size()); i++) {
            if (!parts.get(i).equals(others.get(i))) {
                return parts.get(i).compareTo(others.get(i)) < 0;
            }
        }
        return parts.size() < others.size();
    }

    private static List<BigInteger> parts(String version) {
        return Pattern.compile("\\d+")
                .matcher(version)
                .results()
                .map(part -> new BigInteger(part.group()))
                .toList();
    }

    private boolean isVersioned(ChainStep step) {
        return !version(step).isEmpty() && !step.forward().statements().list().isEmpty();
    }

    private void requireUnedited(int count) throws SQLException {
        Map<String, String> checksums = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT number, name, checksum FROM migrate.history")) {
            while (row.next()) {
                checksums.put(row.getString(2), row.getString(3));
            }
        }
        for (ChainStep step : chain.steps().subList(0, count)) {
            String applied = checksums.get(step.name());
            if (!Checksum.of(step.forward().statements().list()).equals(applied)) {
                throw refused(
                        "%s is not what was applied there under its number: restore the file".formatted(step.name()));
            }
        }
    }

    private MigrationException refused(String why) throws MigrationException {
        return new MigrationException(
                Reason.USAGE,
                "The history of the database does not fit %s: %s. Or rehearse without --url, on a server of this tool's own."
                        .formatted(chain.path(), why));
    }

    /** What the runner calls a step. */
    private String version(ChainStep step) {
        String name = step.name();
        return plain(
                switch (chain.layout()) {
                    case IMPRIMATUR, GOLANG_MIGRATE, GOOSE, DBMATE -> name.replaceFirst("(?s)^(\\d*).*", "$1");
                    case DIESEL -> name.replaceFirst("(?s)_.*", "").replace("-", "");
                    case FLYWAY -> name.replaceFirst("(?s)^[VB](.*?)__.*", "$1").replace('_', '.');
                });
    }

    /** Without what makes no other version: leading zeros, and Flyway's last ones. */
    private String plain(String version) {
        return switch (chain.layout()) {
            case IMPRIMATUR, GOLANG_MIGRATE, GOOSE -> version.replaceFirst("^0+(?=\\d)", "");
            case DIESEL, DBMATE -> version;
            case FLYWAY -> version.replaceAll("(?<![0-9])0+(?=\\d)", "").replaceFirst("(?:\\.0)+$", "");
        };
    }
}
