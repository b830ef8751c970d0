package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.layout.Unread;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a step's files tell before any of it is run. */
final class Foreseen {

    private Foreseen() {}

    static List<Finding> in(ChainStep step, Venue venue) {
        List<Finding> findings = new ArrayList<>();
        for (Unread unread : step.unread()) {
            findings.add(new Finding(
                    step.isOnlyNamed() ? FindingCode.UNPROVEN : FindingCode.UNREADABLE,
                    step.name(),
                    unread.problem() + "; " + unread.remedy(),
                    Optional.of(new Finding.Place(unread.file(), unread.line()))));
        }
        Escape.of(step.forward(), venue)
                .or(() -> step.down().flatMap(down -> Escape.of(down, venue)))
                .ifPresent(escape -> findings.add(escapes(step, escape)));
        if (step.down().isEmpty() && step.unread().isEmpty()) {
            findings.add(new Finding(
                    FindingCode.NO_DOWN,
                    step.name(),
                    "nobody wrote a way back, so none could be tried",
                    Optional.of(new Finding.Place(step.forward().file(), 1))));
        }
        return findings;
    }

    private static Finding escapes(ChainStep step, Escape escape) {
        return new Finding(
                FindingCode.ESCAPES_COPY,
                step.name(),
                "this would change " + escape.what() + ", outside the copy; it was not run\nat: "
                        + escape.statement().text().lines().findFirst().orElse(""),
                Optional.of(new Finding.Place(
                        fileOf(step, escape), escape.statement().line())));
    }

    private static Path fileOf(ChainStep step, Escape escape) {
        return step.forward().statements().list().contains(escape.statement())
                ? step.forward().file()
                : step.down().map(Part::file).orElse(step.forward().file());
    }
}
