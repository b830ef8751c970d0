package dev.imprimatur.migrations;

import dev.imprimatur.migrations.StepFailure.At;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Runs a {@linkplain Directive.Batch batch}: each range of keys in a transaction, together with the note of its end. */
final class RangeByRange {

    private final Workbench bench;
    private final Step step;
    private final Left left;

    RangeByRange(Workbench bench, Step step, Left left) {
        this.bench = bench;
        this.step = step;
        this.left = left;
    }

    void run(Directive.Batch batch, long start) throws StepFailure {
        Statement statement = step.script().statements().list().getFirst();
        String type = keyType(batch, statement);
        Mark mark = step.resumes() ? step.start() : Mark.START.afterStatements(step.script(), 0);
        Mark first = mark;
        left.begun(first);
        bench.note(() -> bench.history().mark(step, first));
        while (true) {
            Optional<KeyRange> range = next(batch, type, mark, statement);
            if (range.isEmpty()) {
                Mark last = mark;
                bench.note(() -> bench.history().end(step, last, StepRunner.since(start)));
                return;
            }
            mark = run(
                    batch,
                    statement,
                    range.get().fill(statement, type),
                    mark.afterRange(batch, range.get().last(), 0));
            left.begun(mark);
            bench.tell(new Progress.RangeDone(step, mark.rows(), range.get().last()));
        }
    }

    private Mark run(Directive.Batch batch, Statement statement, String text, Mark reached) throws StepFailure {
        Mark[] after = {reached};
        try {
            bench.patiently(
                    step,
                    () -> bench.inTransaction(
                            () -> after[0] = reached.afterRange(
                                    batch, reached.lastKey().orElseThrow(), bench.execute(statement, text)),
                            () -> bench.history().mark(step, after[0])));
        } catch (StepFailure failure) {
            if (left.mark().lastKey().isEmpty() && !failure.isConnectionLost()) {
                bench.prepare();
                bench.note(() -> bench.history().unmark(step));
                left.cleared();
            }
            throw failure;
        }
        return after[0];
    }

    private String keyType(Directive.Batch batch, Statement statement) throws StepFailure {
        try (PreparedStatement query = bench.connection().prepareStatement("""
                SELECT pg_catalog.format_type(attribute.atttypid, attribute.atttypmod), attribute.attnotnull,
                       EXISTS (SELECT FROM pg_catalog.pg_index index
                                WHERE index.indrelid = attribute.attrelid AND index.indisvalid
                                  AND index.indpred IS NULL AND index.indkey[0] = attribute.attnum)
                  FROM pg_catalog.pg_attribute attribute
                 WHERE attribute.attrelid = pg_catalog.to_regclass(?)
                   AND attribute.attname = (pg_catalog.parse_ident(?))[1]
                   AND attribute.attnum > 0 AND NOT attribute.attisdropped
                """)) {
            query.setString(1, batch.table());
            query.setString(2, batch.key());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw unfit(
                            statement, "42703", "There is no column " + batch.key() + " in a table " + batch.table());
                }
                if (!row.getBoolean(2)) {
                    throw unfit(statement, "23502", batch.key() + " may be NULL: rows without a key would be missed");
                }
                if (!row.getBoolean(3)) {
                    throw unfit(
                            statement, "42704", batch.key() + " has no index: each range would read the whole table");
                }
                return row.getString(1);
            }
        } catch (SQLException e) {
            throw new StepFailure(At.STATEMENT, Optional.of(statement), e);
        }
    }

    private static SQLException unfit(Statement statement, String sqlState, String what) {
        return new SQLException("the batch on line " + statement.line() + " cannot run: " + what, sqlState);
    }

    /** The next keys behind those done. Keys travel as text: the session's settings keep every digit of them. */
    private Optional<KeyRange> next(Directive.Batch batch, String type, Mark mark, Statement statement)
            throws StepFailure {
        String behind = mark.lastKey()
                .map(key -> "WHERE " + batch.key() + " > '" + key.replace("'", "''") + "'::" + type)
                .orElse("");
        // Ordered by keys.key: a bare key would be the result's text, which orders 1000 before 900.
        String sql = """
                WITH keys AS MATERIALIZED (SELECT %1$s AS key FROM %2$s %3$s ORDER BY %1$s LIMIT %4$d)
                SELECT (SELECT keys.key::text FROM keys ORDER BY keys.key LIMIT 1),
                       (SELECT keys.key::text FROM keys ORDER BY keys.key DESC LIMIT 1)
                """.formatted(batch.key(), batch.table(), behind, batch.size());
        try (java.sql.Statement query = bench.connection().createStatement()) {
            query.setEscapeProcessing(false);
            try (ResultSet row = query.executeQuery(sql)) {
                row.next();
                String first = row.getString(1);
                String last = row.getString(2);
                return first == null || last == null ? Optional.empty() : Optional.of(new KeyRange(first, last));
            }
        } catch (SQLException e) {
            throw new StepFailure(At.STATEMENT, Optional.of(statement), e);
        }
    }
}
