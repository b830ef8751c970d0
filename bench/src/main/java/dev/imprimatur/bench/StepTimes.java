package dev.imprimatur.bench;

import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.rehearse.Rehearsal;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.rehearse.Verdict;
import dev.imprimatur.migrations.rehearse.Watcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long a rehearsal took.
 *
 * @param steps each, from its beginning to its end
 * @param whole all of it but the start of the server or the copy of the database: what is made ready, the steps, and the
 *     way back through the whole chain
 */
record StepTimes(List<Duration> steps, Duration whole) {

    private static final class Clock implements Watcher {
        private final List<Duration> steps = new ArrayList<>();
        private long began;

        @Override
        public void begins(String step, int number, int of) {
            began = System.nanoTime();
        }

        @Override
        public void ended(StepReport step) {
            steps.add(Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** @throws IllegalStateException when a step fails: what does not run to its end is no measurement */
    static StepTimes of(Rehearsal rehearsal) {
        Clock clock = new Clock();
        Report report = rehearsal.watchedBy(clock).run();
        if (report.verdict() == Verdict.FAILED || !report.left().isEmpty()) {
            throw new IllegalStateException("The rehearsal failed: " + failures(report));
        }
        return new StepTimes(List.copyOf(clock.steps), report.took());
    }

    private static List<String> failures(Report report) {
        List<Finding> findings = new ArrayList<>(report.unwind().findings());
        report.steps().forEach(step -> findings.addAll(step.findings()));
        return findings.stream()
                .filter(finding -> Verdict.of(List.of(finding)) == Verdict.FAILED)
                .map(Finding::toString)
                .limit(5)
                .toList();
    }

    double perSecond() {
        return steps.size() / seconds(whole);
    }

    Figures milliseconds() {
        return Figures.of(steps, step -> seconds(step) * 1000);
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
