package dev.imprimatur.migrations;

import dev.imprimatur.migrations.Failure.Moment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes down what happens during a run, and passes it on. Of a batch's ranges it counts, and never keeps a key. */
final class Timeline implements Consumer<Progress> {

    private final Consumer<? super Progress> next;
    private final List<Moment> moments = new ArrayList<>();
    private long rows;

    Timeline(Consumer<? super Progress> next) {
        this.next = next;
        note("the run began");
    }

    @Override
    public void accept(Progress happened) {
        switch (happened) {
            case Progress.Waiting waiting -> note("waited for another run: " + waiting.holder());
            case Progress.Started started -> {
                rows = started.step().start().rows();
                note("began %s, %d of %d%s"
                        .formatted(
                                started.step().title(),
                                started.position(),
                                started.of(),
                                started.step().resumes() ? ", where an earlier run stopped" : ""));
            }
            case Progress.Retrying retrying ->
                note("attempt %d of %s got no lock; tried again after %s%s"
                        .formatted(
                                retrying.attempt(),
                                retrying.step().title(),
                                Words.duration(retrying.pause()),
                                retrying.holders().isEmpty() ? "" : "; locks were held by " + retrying.holders()));
            case Progress.IndexRecovered recovered ->
                note("dropped the invalid index %s of a failed build".formatted(recovered.index()));
            case Progress.RangeDone range -> rows = range.rows();
            case Progress.Ended ended ->
                note("ended %s after %s".formatted(ended.step().title(), Words.duration(ended.duration())));
        }
        next.accept(happened);
    }

    /** Notes the end of a step that did not reach its own. */
    void stopped(Step step, String sqlState) {
        note("%s stopped%s%s"
                .formatted(
                        step.title(),
                        sqlState.isEmpty() ? "" : " with SQLSTATE " + sqlState,
                        rows > 0 ? " after %d rows".formatted(rows) : ""));
    }

    private void note(String what) {
        moments.add(new Moment(Instant.now(), what));
    }

    List<Moment> moments() {
        return List.copyOf(moments);
    }
}
