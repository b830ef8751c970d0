package dev.imprimatur.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.rehearse.Report;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class JunitReportTest {

    private static Element read(Report report) throws Exception {
        String xml = Format.JUNIT.write(report, Look.from(Samples.BASE));
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml)))
                .getDocumentElement();
    }

    private static List<Element> all(Element root, String name) {
        NodeList nodes = root.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    @Test
    void aStepIsACaseAndSoIsTheWayBackThroughTheChain() throws Exception {
        Element root = read(Samples.failing());
        assertThat(all(root, "testcase"))
                .extracting(step -> step.getAttribute("name"))
                .containsExactly(
                        "0000_initial_schema",
                        "0001_expand_post_slugs",
                        "0002_backfill_post_slugs",
                        "0003_contract_old_slugs",
                        "0004_expand_tags",
                        "0005_contract_tags",
                        "unwind");
        assertThat(all(root, "testcase").get(2).getAttribute("time")).isEqualTo("1.680");
    }

    @Test
    void whatFailedIsAFailureAndWhatIsUnprovenOrNotReachedIsSkippedWithItsReason() throws Exception {
        Element root = read(Samples.failing());
        assertThat(all(root, "failure"))
                .extracting(failure -> failure.getAttribute("type"))
                .containsExactly("back-differs", "unwind-fails");
        assertThat(all(root, "failure").getFirst().getTextContent())
                .contains("0001_expand_post_slugs.down.sql:3", "before: text", "used-back-fails", "Let the down file");
        assertThat(all(root, "skipped"))
                .extracting(skipped -> skipped.getAttribute("message"))
                .containsExactly(
                        "unproven table drafts: something could not be tried",
                        "The rehearsal did not reach this step.",
                        "The rehearsal did not reach this step.");
    }

    @Test
    void theCountsAreThoseOfTheCases() throws Exception {
        for (Report report : List.of(Samples.passing(), Samples.failing(), Samples.long200(), Samples.hostile())) {
            Element suite = all(read(report), "testsuite").getFirst();
            assertThat(suite.getAttribute("tests"))
                    .isEqualTo("" + all(suite, "testcase").size());
            assertThat(suite.getAttribute("failures"))
                    .isEqualTo("" + all(suite, "failure").size());
            assertThat(suite.getAttribute("skipped"))
                    .isEqualTo("" + all(suite, "skipped").size());
        }
    }

    @Test
    void foreignTextIsNoMarkupAndHoldsNoCharacterThatXmlForbids() throws Exception {
        Element root = read(Samples.hostile());
        assertThat(all(root, "script")).isEmpty();
        assertThat(all(root, "failure").getFirst().getTextContent())
                .contains("<script>alert(1)</script> ]]> &amp;", "\\u0000", "\\ud800");
        assertThat(all(root, "testcase").getFirst().getAttribute("name")).contains("<script>", "\"'`|");
    }
}
