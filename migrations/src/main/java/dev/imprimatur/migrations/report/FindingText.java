package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Finding;
import java.util.stream.Collectors;

/** A finding as the message of a failed test. */
public final class FindingText {

    private FindingText() {}

    /** Its name, object and place in a line; the detail, indented; and what to do about it. Ends with a line break. */
    public static String of(Finding finding, Look look) {
        return Plain.line(finding.code().id() + " " + finding.object())
                + finding.place()
                        .map(place -> " at " + Plain.line(look.shown(place)))
                        .orElse("")
                + "\n"
                + Plain.lines(finding.detail()).stream()
                        .map(line -> "  " + line + "\n")
                        .collect(Collectors.joining())
                + finding.excused().map(why -> "Excused: " + Plain.line(why)).orElse(Advice.on(finding.code()))
                + "\n";
    }
}
