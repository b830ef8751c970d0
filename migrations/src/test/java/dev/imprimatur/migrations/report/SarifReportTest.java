package dev.imprimatur.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.imprimatur.migrations.rehearse.FindingCode;
import dev.imprimatur.migrations.rehearse.Report;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SarifReportTest {

    private static String write(Report report) {
        return Format.SARIF.write(report, Look.from(Samples.BASE));
    }

    private static JsonNode run(Report report) {
        return JsonMapper.shared().readTree(write(report)).at("/runs/0");
    }

    static Stream<Report> reports() {
        return Stream.of(Samples.passing(), Samples.failing(), Samples.long200(), Samples.hostile());
    }

    @ParameterizedTest
    @MethodSource("reports")
    void itIsWhatThePublishedSchemaAsksFor(Report report) throws IOException {
        assertThat(schema().validate(write(report), InputFormat.JSON)).isEmpty();
    }

    @Test
    void theSchemaRefusesWhatIsWrong() throws IOException {
        String wrong = write(Samples.failing()).replace("\"startLine\": 3", "\"startLine\": 0");
        assertThat(schema().validate(wrong, InputFormat.JSON)).isNotEmpty();
    }

    private static Schema schema() throws IOException {
        try (InputStream schema = SarifReportTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(schema);
        }
    }

    @Test
    void everyCodeIsARuleWithWhatItMeansAndWhatToDo() {
        JsonNode rules = run(Samples.passing()).at("/tool/driver/rules");
        List<FindingCode> codes = List.of(FindingCode.values());
        assertThat(rules.size()).isEqualTo(codes.size());
        for (int i = 0; i < codes.size(); i++) {
            FindingCode code = codes.get(i);
            JsonNode rule = rules.get(i);
            assertThat(rule.get("id").asString()).isEqualTo(code.id());
            assertThat(rule.at("/shortDescription/text").asString())
                    .containsIgnoringCase(code.meaning())
                    .endsWith(".");
            assertThat(rule.at("/help/text").asString()).isEqualTo(Advice.on(code));
        }
    }

    @Test
    void aFindingPointsAtFileAndLineAndAnExcusedOneIsSuppressed() {
        JsonNode results = run(Samples.failing()).get("results");
        assertThat(results.size()).isEqualTo(5);
        JsonNode first = results.get(0);
        assertThat(first.get("ruleId").asString()).isEqualTo("back-differs");
        assertThat(first.get("level").asString()).isEqualTo("error");
        assertThat(first.at("/locations/0/physicalLocation/artifactLocation/uri")
                        .asString())
                .isEqualTo("db/migrations/0001_expand_post_slugs.down.sql");
        assertThat(first.at("/locations/0/physicalLocation/region/startLine").asInt())
                .isEqualTo(3);
        assertThat(first.has("suppressions")).isFalse();
        assertThat(results.get(4).at("/suppressions/0/justification").asString())
                .contains("snapshot");
        assertThat(results.get(4).get("level").asString()).isEqualTo("note");
    }

    @Test
    void aFileNameOfAnyCharactersIsAUri() {
        String uri = run(Samples.hostile())
                .at("/results/0/locations/0/physicalLocation/artifactLocation/uri")
                .asString();
        assertThat(URI.create(uri).getPath()).isEqualTo("db/migrations/a b%20:,x<y>.sql");
    }
}
