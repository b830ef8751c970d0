package dev.imprimatur.migrations;

import dev.imprimatur.migrations.StepFailure.At;
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
        BatchKeys keys = reading(statement, () -> new BatchKeys(bench.connection(), batch, statement));
        Mark mark = step.resumes() ? step.start() : Mark.START.afterStatements(step.script(), 0);
        Mark first = mark;
        left.begun(first);
        bench.note(() -> bench.history().mark(step, first));
        while (true) {
            Optional<String> behind = mark.lastKey();
            Optional<KeyRange> range = reading(statement, () -> keys.after(behind));
            if (range.isEmpty()) {
                Mark last = mark;
                bench.note(() -> bench.history().end(step, last, StepRunner.since(start)));
                return;
            }
            mark = run(
                    batch,
                    statement,
                    keys.text(range.get()),
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

    /** Asks the server something about the keys. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws SQLException;
    }

    private static <T> T reading(Statement statement, Question<T> question) throws StepFailure {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new StepFailure(At.STATEMENT, Optional.of(statement), e);
        }
    }
}
