package dev.imprimatur.migrations.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imprimatur.migrations.HundredSteps;
import dev.imprimatur.migrations.layout.Chain;
import dev.imprimatur.migrations.layout.Layout;
import dev.imprimatur.migrations.layout.Layouts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The chain that has every kind of object, rehearsed in each layout. */
class HundredStepsRehearsalTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aSoundChainOfAHundredStepsPasses(Layout layout) throws Exception {
        Report report = Written.onLentServer(chain(layout), Rehearsal::keepGoing);
        assertThat(Written.told(report)).as(Written.whole(report)).isEqualTo(expected(layout));
        assertThat(report.steps()).hasSize(HundredSteps.steps().size());
        assertThat(report.unwind().reached()).isEqualTo(report.steps().size());
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        layout.historyTable()
                .ifPresent(history ->
                        assertThat(report.tables().filled()).isNotEmpty().doesNotContain(history));
    }

    /** It takes as long as all that stands above; the chain of {@link BothWaysTest} is tried both ways at any time. */
    @Test
    @EnabledIfSystemProperty(
            named = "imprimatur.long",
            matches = "true",
            disabledReason = "runs with -Dimprimatur.long=true, as .ci/run has it")
    void onCopiesTheSameIsFound() throws Exception {
        assertThat(BothWaysTest.both(chain(Layout.IMPRIMATUR)).verdict()).isEqualTo(Verdict.PASSED);
    }

    /** Where a step has no phase, its way back may change rows. */
    private static List<String> expected(Layout layout) {
        return layout.hasPhases()
                ? List.of("unwind: unwind-differs table lib.visits_old 0006_expand_visits_default.down.sql:2 excused")
                : List.of();
    }

    private Chain chain(Layout layout) throws IOException {
        HundredSteps.write(folder, layout);
        return Layouts.read(folder, layout);
    }
}
