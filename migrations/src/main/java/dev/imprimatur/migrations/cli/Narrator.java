package dev.imprimatur.migrations.cli;

import dev.imprimatur.migrations.Direction;
import dev.imprimatur.migrations.Progress;
import dev.imprimatur.migrations.Step;
import dev.imprimatur.migrations.Words;
import java.time.Duration;
import java.util.function.Consumer;

/** Tells a run: on a terminal one living line a step, elsewhere plain lines that a log can keep. */
final class Narrator implements Consumer<Progress> {

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Surroundings surroundings;
    private long lastLine = System.nanoTime();

    Narrator(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void accept(Progress progress) {
        switch (progress) {
            case Progress.Waiting waiting -> line("waiting for another run: " + waiting.holder());
            case Progress.Started started -> {
                lastLine = System.nanoTime();
                passing("%s (%d of %d) ...".formatted(started.step().title(), started.position(), started.of()));
            }
            case Progress.Retrying retrying ->
                line("%s: attempt %d got no lock; again in %s%s"
                        .formatted(
                                retrying.step().title(),
                                retrying.attempt(),
                                Words.duration(retrying.pause()),
                                retrying.holders().isEmpty() ? "" : "; locks are held by " + retrying.holders()));
            case Progress.IndexRecovered recovered ->
                line("%s: dropped the invalid index %s of a failed build"
                        .formatted(recovered.step().title(), recovered.index()));
            case Progress.RangeDone range -> range(range);
            case Progress.Ended ended -> line(ending(ended.step()) + " in " + Words.duration(ended.duration()));
        }
    }

    private static String ending(Step step) {
        String name = step.migration().name();
        return step.direction() == Direction.FORWARD ? "applied " + name : "took back " + name;
    }

    private void range(Progress.RangeDone range) {
        String text = "%s: %,d rows done, up to key %s".formatted(range.step().title(), range.rows(), range.lastKey());
        if (surroundings.terminal()) {
            passing(text);
        } else if (System.nanoTime() - lastLine > BETWEEN_LINES.toNanos()) {
            line(text);
        }
    }

    private void passing(String text) {
        if (surroundings.terminal()) {
            surroundings.out().print(CLEAR_LINE + "  " + text);
            surroundings.out().flush();
        }
    }

    private void line(String text) {
        lastLine = System.nanoTime();
        surroundings.out().println((surroundings.terminal() ? CLEAR_LINE : "") + "  " + text);
    }
}
