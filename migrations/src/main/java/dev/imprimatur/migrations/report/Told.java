package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.rehearse.Finding.Place;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.StepReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A finding with what formats need around it that have no steps of their own.
 *
 * @param scene the step's name, or {@link #UNWIND}
 * @param place the statement at fault; where it is not known, the beginning of the step's file, or the folder
 */
record Told(String scene, Finding finding, Place place) {

    static final String UNWIND = "unwind";

    /** All findings of a report, the grave ones first, else in the order of the steps. */
    static List<Told> all(Report report) {
        List<Told> all = new ArrayList<>();
        for (StepReport step : report.steps()) {
            for (Finding finding : step.findings()) {
                all.add(new Told(step.name(), finding, finding.place().orElse(new Place(step.file(), 1))));
            }
        }
        for (Finding finding : report.unwind().findings()) {
            all.add(new Told(UNWIND, finding, finding.place().orElseGet(() -> fileOf(finding, report))));
        }
        all.sort(Comparator.comparing(told -> told.finding().weight()));
        return all;
    }

    private static Place fileOf(Finding finding, Report report) {
        return report.steps().stream()
                .filter(step -> step.name().equals(finding.object()))
                .findFirst()
                .map(step -> new Place(step.file(), 1))
                .orElse(new Place(report.path(), 1));
    }
}
