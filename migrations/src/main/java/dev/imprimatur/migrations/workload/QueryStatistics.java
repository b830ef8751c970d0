package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.MigrationException;
import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Statements;
import dev.imprimatur.migrations.Token;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what a database was asked, as pg_stat_statements remembers it. */
final class QueryStatistics {

    private static final String WHERE_IT_IS = """
            SELECT pg_catalog.format('%I.pg_stat_statements', home.nspname)
              FROM pg_catalog.pg_extension extension
              JOIN pg_catalog.pg_namespace home ON home.oid = extension.extnamespace
             WHERE extension.extname = 'pg_stat_statements'""";

    private static final String OF_THIS_DATABASE = """
             WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
               AND toplevel
             GROUP BY query ORDER BY sum(calls) DESC, query""";

    /** The server's own, and this tool's. */
    private static final Set<String> NOT_THEIRS =
            Set.of("pg_catalog", "information_schema", "migrate", "pg_stat_statements");

    private QueryStatistics() {}

    static List<Query> read(Connection connection) throws SQLException {
        List<Query> queries = new ArrayList<>();
        int hidden = 0;
        for (String text : texts(connection)) {
            if (text.equals("<insufficient privilege>")) {
                hidden++;
            } else if (isTheirs(text)) {
                queries.add(new Query(text, Optional.empty(), List.of()));
            }
        }
        if (hidden > 0) {
            throw unusable("this role may not read what other roles have asked; GRANT pg_read_all_stats to it");
        }
        return queries;
    }

    private static List<String> texts(Connection connection) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            String view = null;
            try (ResultSet row = statement.executeQuery(WHERE_IT_IS)) {
                if (row.next()) {
                    view = row.getString(1);
                }
            }
            if (view == null) {
                throw unusable("the extension pg_stat_statements is not in this database; CREATE EXTENSION"
                        + " pg_stat_statements, or name a file");
            }
            List<String> texts = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("SELECT query FROM " + view + " " + OF_THIS_DATABASE)) {
                while (row.next()) {
                    texts.add(row.getString(1));
                }
            } catch (SQLException e) {
                if ("55000".equals(e.getSQLState())) {
                    throw unusable("the server was started without pg_stat_statements in shared_preload_libraries");
                }
                throw e;
            }
            return texts;
        }
    }

    private static boolean isTheirs(String text) {
        List<Statement> list = Statements.of(text).list();
        return list.size() != 1
                || (Planner.isQuery(list.getFirst())
                        && list.getFirst().tokens().stream().noneMatch(QueryStatistics::isNotTheirs));
    }

    private static boolean isNotTheirs(Token token) {
        return switch (token.kind()) {
            case WORD, QUOTED_IDENTIFIER -> NOT_THEIRS.contains(token.identifier());
            case STRING, DOLLAR_STRING, NUMBER, PARAMETER, OPERATOR, COMMENT -> false;
        };
    }

    private static MigrationException unusable(String why) {
        return new MigrationException(
                MigrationException.Reason.USAGE, "The statistics cannot be used as a workload: " + why + ".");
    }
}
