package dev.imprimatur.migrations.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.rehearse.Report;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonReportTest {

    private static JsonNode read(Report report) {
        return JsonMapper.shared().readTree(Format.JSON.write(report, Look.from(Samples.BASE)));
    }

    @Test
    void scriptsFindTheMembersThatArePromised() {
        JsonNode json = read(Samples.failing());
        assertThat(json.get("tool").asString()).isEqualTo("imprimatur migrate rehearse");
        assertThat(json.get("version").asString()).isEqualTo("0.1.0");
        assertThat(json.get("server").asString()).isEqualTo("17.11");
        assertThat(json.get("layout").asString()).isEqualTo("imprimatur");
        assertThat(json.get("seconds").asDouble()).isEqualTo(3.21);
        assertThat(json.get("steps").size()).isEqualTo(4);

        JsonNode step = json.at("/steps/1");
        assertThat(step.get("name").asString()).isEqualTo("0001_expand_post_slugs");
        assertThat(step.get("phase").asString()).isEqualTo("expand");
        assertThat(step.get("verdict").asString()).isEqualTo("failed");
        assertThat(step.at("/findings/0/code").asString()).isEqualTo("back-differs");
        assertThat(step.at("/findings/0/object").asString()).isEqualTo("column posts.status");
        assertThat(step.at("/findings/0/detail").asString()).contains("before: text NOT NULL DEFAULT");
        assertThat(step.at("/findings/0/file").asString()).isEqualTo("db/migrations/0001_expand_post_slugs.down.sql");
        assertThat(step.at("/findings/0/line").asInt()).isEqualTo(3);
        assertThat(step.at("/forward/ms").asDouble()).isEqualTo(6.25);
        assertThat(step.at("/forward/rows").asInt()).isZero();
        assertThat(step.at("/forward/walBytes").asInt()).isEqualTo(160_000);
        assertThat(json.at("/steps/3/back/rewrites").asInt()).isEqualTo(1);
        assertThat(json.at("/steps/3/findings/0/excused").asString()).contains("snapshot");

        assertThat(json.at("/unwind/reached").asInt()).isEqualTo(2);
        assertThat(json.at("/unwind/of").asInt()).isEqualTo(4);
        assertThat(json.at("/unwind/findings/0/code").asString()).isEqualTo("unwind-fails");
        assertThat(json.at("/tables/filled").size()).isEqualTo(14);
        assertThat(json.at("/tables/empty/0/name").asString()).isEqualTo("public.drafts");
        assertThat(json.at("/tables/empty/0/reason").asString()).contains("length(title)");
    }

    @Test
    void whatWasNotRunIsNull() {
        JsonNode step = read(Samples.hostile()).at("/steps/0");
        assertThat(step.get("forward").isNull()).isTrue();
        assertThat(step.get("back").isNull()).isTrue();
        assertThat(step.get("phase").isNull()).isTrue();
    }

    @Test
    void foreignTextComesBackAsItWas() {
        JsonNode json = read(Samples.hostile());
        assertThat(json.at("/steps/0/findings/0/object").asString()).isEqualTo(Samples.HOSTILE);
        assertThat(json.at("/tables/empty/0/reason").asString()).isEqualTo(Samples.HOSTILE);
    }
}
