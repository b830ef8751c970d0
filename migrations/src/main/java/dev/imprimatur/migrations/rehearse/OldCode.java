package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Directive;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.workload.Broken;
import dev.imprimatur.migrations.workload.Probe;
import dev.imprimatur.migrations.workload.Release;
import dev.imprimatur.migrations.workload.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The queries of the code that runs while a step is applied, tried before it and after it. */
final class OldCode {

    private final Workload workload;
    private @Nullable Probe before;
    private List<Broken> lost = List.of();

    OldCode(Workload workload) {
        this.workload = workload;
    }

    boolean isSilent() {
        return workload.queries().isEmpty();
    }

    /** Tries everything on the state before a step. */
    void before(Connection connection) throws SQLException {
        before = workload.probe(connection);
    }

    /** Tries everything again, and tells what a step has broken. */
    List<Finding> brokenBy(ChainStep step, Connection connection) throws SQLException {
        Probe earlier = before;
        if (earlier == null) {
            return List.of();
        }
        Probe now = workload.probe(connection, earlier);
        List<Broken> broken = now.brokenSince(earlier);
        before = now;
        lost = broken.stream()
                .filter(one -> one.kind() != Broken.Kind.REGRESSION)
                .filter(one -> excuse(step, one).isEmpty())
                .toList();
        Optional<Release> oldest = workload.oldestThatWorks(broken);
        String rollback = workload.releases().isEmpty()
                ? ""
                : "\nthe oldest release that still works behind this step: "
                        + oldest.map(Release::name).orElse("none");
        return broken.stream()
                .map(one -> new Finding(
                        code(one.kind()),
                        one.query().brief(),
                        one.detail() + (one.kind() == Broken.Kind.REGRESSION ? "" : rollback),
                        Optional.of(new Finding.Place(step.forward().file(), 1)),
                        excuse(step, one)))
                .toList();
    }

    /** What the last step has broken, but for what is only slower, or means to be refused. */
    List<Broken> lost() {
        return lost;
    }

    /** Only writes that are refused as the file says it means them to be. */
    private static Optional<String> excuse(ChainStep step, Broken broken) {
        if (broken.kind() != Broken.Kind.WRITER) {
            return Optional.empty();
        }
        return step.forward().statements().comments().stream()
                .map(comment -> Directive.of(comment.text()))
                .filter(Directive.Reading.Read.class::isInstance)
                .map(reading -> ((Directive.Reading.Read) reading).directive())
                .filter(Directive.Refuses.class::isInstance)
                .map(Directive.Refuses.class::cast)
                .filter(refuses -> broken.sqlState().startsWith(refuses.sqlState()))
                .map(refuses -> "it is meant to refuse (" + refuses.sqlState() + "): " + refuses.why())
                .findFirst();
    }

    private static FindingCode code(Broken.Kind kind) {
        return switch (kind) {
            case READER -> FindingCode.BROKEN_READER;
            case WRITER -> FindingCode.BROKEN_WRITER;
            case REGRESSION -> FindingCode.PLAN_REGRESSION;
        };
    }

    /** How much of the workload can say something, now. */
    Optional<String> coverage() {
        Probe last = before;
        return last == null
                ? Optional.empty()
                : Optional.of("old code: " + last.coverage()
                        + last.costsUnchecked()
                                .map(why -> "; plan costs not compared: " + why)
                                .orElse(""));
    }
}
