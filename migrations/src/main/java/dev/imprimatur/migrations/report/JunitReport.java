package dev.imprimatur.migrations.report;

import dev.imprimatur.migrations.rehearse.Figures;
import dev.imprimatur.migrations.rehearse.Finding;
import dev.imprimatur.migrations.rehearse.FindingCode.Weight;
import dev.imprimatur.migrations.rehearse.Report;
import dev.imprimatur.migrations.rehearse.StepReport;
import dev.imprimatur.migrations.rehearse.Verdict;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** JUnit's XML: a case a step and one for the way back through the chain. What is unproven or not reached is skipped. */
final class JunitReport {

    /** A step, as JUnit's words have it. */
    private record Case(String name, double seconds, Verdict verdict, List<Finding> findings, String otherwise) {}

    private final Look look;
    private final XMLStreamWriter xml;

    private JunitReport(Look look, XMLStreamWriter xml) {
        this.look = look;
        this.xml = xml;
    }

    static String write(Report report, Look look) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            new JunitReport(look, xml).suites(report);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a report in memory cannot be written", e);
        }
        return text + "\n";
    }

    private void suites(Report report) throws XMLStreamException {
        List<Case> cases = cases(report);
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuites");
        counts(report, cases);
        xml.writeStartElement("testsuite");
        counts(report, cases);
        for (Case each : cases) {
            write(each, report);
        }
        xml.writeStartElement("system-out");
        xml.writeCharacters(Summary.of(report) + "\n"
                + report.notes().stream().map(note -> Plain.line(note) + "\n").collect(Collectors.joining()));
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private void counts(Report report, List<Case> cases) throws XMLStreamException {
        attribute("name", Report.TOOL + " " + look.shown(report.path()));
        attribute("tests", Integer.toString(cases.size()));
        attribute("failures", count(cases, Verdict.FAILED));
        attribute("errors", "0");
        attribute("skipped", count(cases, Verdict.UNPROVEN));
        attribute("time", seconds(report.took().toNanos() / 1e9));
    }

    private static List<Case> cases(Report report) {
        List<Case> cases = new ArrayList<>();
        for (StepReport step : report.steps()) {
            double seconds = (milliseconds(step.forward()) + milliseconds(step.back())) / 1000;
            cases.add(new Case(step.name(), seconds, step.verdict(), step.findings(), ""));
        }
        for (String name : report.left()) {
            cases.add(new Case(name, 0, Verdict.UNPROVEN, List.of(), "The rehearsal did not reach this step."));
        }
        Report.Unwind unwind = report.unwind();
        Verdict verdict = Verdict.of(unwind.findings());
        boolean whole = unwind.reached() == unwind.of();
        cases.add(new Case(
                Told.UNWIND,
                0,
                verdict == Verdict.PASSED && !whole ? Verdict.UNPROVEN : verdict,
                unwind.findings(),
                "Taken back: " + unwind.reached() + " of " + Amount.of(unwind.of(), "step") + "."));
        return cases;
    }

    private void write(Case step, Report report) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        attribute("classname", look.shown(report.path()));
        attribute("name", step.name());
        attribute("time", seconds(step.seconds()));
        switch (step.verdict()) {
            case PASSED -> {}
            case UNPROVEN -> outcome("skipped", step, Weight.UNPROVEN);
            case FAILED -> outcome("failure", step, Weight.FAILS);
        }
        xml.writeEndElement();
    }

    private void outcome(String element, Case step, Weight cause) throws XMLStreamException {
        List<Finding> causes = step.findings().stream()
                .filter(finding -> finding.weight() == cause)
                .toList();
        xml.writeStartElement(element);
        attribute(
                "message",
                causes.isEmpty()
                        ? step.otherwise()
                        : causes.stream()
                                .map(finding -> finding.code().id() + " " + finding.object() + ": "
                                        + finding.code().meaning())
                                .collect(Collectors.joining("; ")));
        if (element.equals("failure")) {
            attribute("type", causes.getFirst().code().id());
        }
        xml.writeCharacters(step.findings().stream()
                .map(finding -> FindingText.of(finding, look))
                .collect(Collectors.joining("\n")));
        xml.writeEndElement();
    }

    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, Plain.line(value));
    }

    private static String count(List<Case> cases, Verdict verdict) {
        return Long.toString(
                cases.stream().filter(step -> step.verdict() == verdict).count());
    }

    private static double milliseconds(Optional<Figures> figures) {
        return figures.map(Figures::milliseconds).orElse(0.0);
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }
}
