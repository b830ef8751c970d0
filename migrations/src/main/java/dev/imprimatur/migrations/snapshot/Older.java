package dev.imprimatur.migrations.snapshot;

import java.sql.Connection;
import java.sql.SQLException;

/** Our queries for servers that lack something which they ask for: PostgreSQL 14 publishes whole tables only. */
final class Older {

    private static final int WITH_PUBLISHED_SCHEMAS = 15;

    private Older() {}

    /** The query as the connection's server understands it. */
    static String fit(Connection connection, String query) throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion() >= WITH_PUBLISHED_SCHEMAS
                ? query
                : query.replace(OwnChanges.PUBLISHED_SCHEMAS, "")
                        .replace(
                                "pg_publication_namespace s",
                                "(SELECT 0::oid AS pnnspid, 0::oid AS pnpubid WHERE false) s")
                        .replace("= ANY (r.prattrs)", "= 0")
                        .replace("pg_get_expr(r.prqual, r.prrelid)", "NULL::text");
    }
}
