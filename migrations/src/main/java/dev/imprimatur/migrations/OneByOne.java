package dev.imprimatur.migrations;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Runs a {@code no-transaction} step: each statement is committed by itself. What can run in a transaction does, together
 * with the note that it is done, so it is never run twice. Only what refuses one ({@code CONCURRENTLY}, VACUUM) is run
 * bare with the note after it; should the run end between the two, the statement meets its own result when it is run
 * again, which is recognised for indexes.
 */
final class OneByOne {

    private final Workbench bench;
    private final Step step;
    private final Left left;
    private final Script script;

    OneByOne(Workbench bench, Step step, Left left) {
        this.bench = bench;
        this.step = step;
        this.left = left;
        this.script = step.script();
    }

    void run(long start) throws StepFailure {
        Mark first = step.resumes() ? step.start() : Mark.START.afterStatements(script, 0);
        left.begun(first);
        bench.note(() -> bench.history().mark(step, first));
        List<Statement> statements = script.statements().list();
        Mark mark = first;
        for (int i = first.statements(); i < statements.size(); i++) {
            Statement statement = statements.get(i);
            Mark after = mark.afterStatements(script, i + 1);
            boolean mayHaveRun = step.resumes() && i == first.statements();
            try {
                bench.patiently(step, () -> run(statement, after, mayHaveRun));
            } catch (StepFailure failure) {
                cleanAfter(failure, statement, i);
                throw failure;
            }
            mark = after;
            left.begun(mark);
        }
        Mark last = mark;
        bench.note(() -> bench.history().end(step, last, StepRunner.since(start)));
    }

    private void run(Statement statement, Mark after, boolean mayHaveRun) throws StepFailure {
        if (!statement.refusesTransaction()) {
            try {
                bench.inTransaction(
                        () -> bench.execute(statement, statement.text()),
                        () -> bench.history().mark(step, after));
                return;
            } catch (StepFailure failure) {
                if (!failure.refusesTransaction()) {
                    throw failure;
                }
            }
        }
        bare(statement, mayHaveRun);
        bench.note(() -> bench.history().mark(step, after));
    }

    private void bare(Statement statement, boolean mayHaveRun) throws StepFailure {
        Optional<ConcurrentIndex> index = ConcurrentIndex.of(statement);
        if (index.isPresent()) {
            switch (state(index.get(), statement)) {
                case ABSENT -> {}
                case INVALID -> recover(index.get(), statement);
                case VALID -> {
                    if (mayHaveRun) {
                        return;
                    }
                }
            }
        }
        try {
            bench.bare(statement);
        } catch (StepFailure failure) {
            boolean goneAlready = failure.sqlState().equals("42704") && statement.startsWith("DROP", "INDEX");
            if (!mayHaveRun || !goneAlready) {
                throw failure;
            }
        }
    }

    private void cleanAfter(StepFailure failure, Statement statement, int done) {
        if (failure.isConnectionLost()) {
            return;
        }
        try {
            clean(statement, done);
        } catch (StepFailure second) {
            failure.addSuppressed(second);
        }
    }

    /** Leaves no invalid index, and no note of a step of which nothing was done. */
    private void clean(Statement statement, int done) throws StepFailure {
        bench.prepare();
        Optional<ConcurrentIndex> index = ConcurrentIndex.of(statement);
        if (index.isPresent() && state(index.get(), statement) == ConcurrentIndex.State.INVALID) {
            recover(index.get(), statement);
        }
        boolean leavesNothing = index.isPresent() || !statement.refusesTransaction();
        if (done == 0 && leavesNothing) {
            bench.note(() -> bench.history().unmark(step));
            left.cleared();
        }
    }

    private ConcurrentIndex.State state(ConcurrentIndex index, Statement statement) throws StepFailure {
        try {
            return index.state(bench.connection());
        } catch (SQLException e) {
            throw new StepFailure(StepFailure.At.STATEMENT, Optional.of(statement), e);
        }
    }

    private void recover(ConcurrentIndex index, Statement statement) throws StepFailure {
        try {
            index.drop(bench.connection());
        } catch (SQLException e) {
            throw new StepFailure(StepFailure.At.STATEMENT, Optional.of(statement), e);
        }
        bench.tell(new Progress.IndexRecovered(step, index.name()));
    }
}
