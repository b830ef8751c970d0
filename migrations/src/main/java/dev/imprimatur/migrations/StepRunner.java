package dev.imprimatur.migrations;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The one place where a step is run, in the way that its file asks for. */
final class StepRunner {

    private final Workbench bench;
    private final Background background;

    StepRunner(Workbench bench, Background background) {
        this.bench = bench;
        this.background = background;
    }

    /** Stops the run before the step, for the tool's own bookkeeping has failed. */
    MigrationException stopped(Step step, SQLException e) {
        StepFailure failure = new StepFailure(StepFailure.At.HISTORY, Optional.empty(), e);
        return new Explanation(step, failure, new Left()).asException(bench, background);
    }

    /**
     * Runs the step to its end.
     *
     * @throws MigrationException telling what failed and what is left
     */
    void run(Step step) {
        long start = System.nanoTime();
        Left left = new Left();
        try {
            bench.prepare();
            Script script = step.script();
            if (script.batch().isPresent()) {
                new RangeByRange(bench, step, left).run(script.batch().get(), start);
            } else if (script.withoutTransaction() || step.start().statements() > 0) {
                new OneByOne(bench, step, left).run(start);
            } else {
                atOnce(step, start);
            }
        } catch (StepFailure failure) {
            throw new Explanation(step, failure, left).asException(bench, background);
        }
        bench.tell(new Progress.Ended(step, since(start)));
    }

    private void atOnce(Step step, long start) throws StepFailure {
        List<Statement> statements = step.script().statements().list();
        bench.patiently(
                step,
                () -> bench.inTransaction(
                        () -> {
                            for (Statement statement : statements) {
                                bench.execute(statement, statement.text());
                            }
                        },
                        () -> bench.history().end(step, Mark.START, since(start))));
    }

    static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
