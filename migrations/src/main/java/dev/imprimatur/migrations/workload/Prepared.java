package dev.imprimatur.migrations.workload;

import dev.imprimatur.migrations.workload.Sandbox.After;
import dev.imprimatur.migrations.workload.Sandbox.Attempt;
import java.sql.SQLException;
import java.util.List;

/** A statement prepared in the session. A rollback does not forget it, so closing does. */
final class Prepared implements AutoCloseable {

    private static final String NAME = "imprimatur_workload";

    private final Sandbox sandbox;
    private final Attempt attempt;

    Prepared(Sandbox sandbox, String text) throws SQLException {
        this.sandbox = sandbox;
        this.attempt = sandbox.attempt("PREPARE " + NAME + " AS ", text, After.KEEP);
    }

    Attempt attempt() {
        return attempt;
    }

    /** The types of its parameters, as the server worked them out: OID and name. */
    List<ParameterType> types() throws SQLException {
        return sandbox.rows("""
                        SELECT type.oid::bigint, pg_catalog.format_type(type.oid, NULL)
                          FROM pg_catalog.pg_prepared_statements prepared,
                               pg_catalog.unnest(prepared.parameter_types) WITH ORDINALITY AS parameter (type, number)
                          JOIN pg_catalog.pg_type type ON type.oid = parameter.type
                         WHERE prepared.name = '%s' ORDER BY parameter.number""".formatted(NAME)).stream()
                .map(row -> new ParameterType(Long.parseLong(row.get(0)), row.get(1)))
                .toList();
    }

    record ParameterType(long oid, String name) {}

    /** The statement that runs it, with these as its parameters. */
    String execute(List<String> literals) {
        return "EXECUTE " + NAME + (literals.isEmpty() ? "" : "(" + String.join(", ", literals) + ")");
    }

    @Override
    public void close() throws SQLException {
        if (attempt instanceof Attempt.Done) {
            sandbox.rows("DEALLOCATE " + NAME);
        }
    }
}
