package dev.imprimatur.migrations.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventType.REPORTING_ENTRY_PUBLISHED;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class RehearsedTest {

    private static final String CHAINS = "src/test/resources/dev/imprimatur/migrations/junit/";
    private static final List<String> BODIES = new ArrayList<>();

    static class Passing {
        @Rehearsed(CHAINS + "passing")
        void comeBack() {
            BODIES.add("back");
        }
    }

    static class Failing {
        @Rehearsed(CHAINS + "failing")
        void comeBack() {
            BODIES.add("ran");
        }
    }

    static class AcceptingUnproven {
        @Rehearsed(value = CHAINS + "failing", rows = 3, layout = "golang-migrate", acceptUnproven = true)
        void comeBack() {
            BODIES.add("ran");
        }
    }

    static class Unfounded {
        @Rehearsed(CHAINS + "nowhere")
        void comeBack() {}

        @Rehearsed(value = CHAINS + "passing", layout = "alembic")
        void comeBackInAnUnknownLayout() {}

        @Rehearsed(value = CHAINS + "passing", prelude = CHAINS + "no-prelude.sql")
        void comeBackBehindAPreludeThatIsNotThere() {}
    }

    /** What a test did, in the way that JUnit tells it. */
    private record Told(String name, TestExecutionResult result) {
        String line() {
            return name + " " + result.getStatus();
        }

        String message() {
            return result.getThrowable().map(Throwable::getMessage).orElse("");
        }
    }

    /** Rehearsed once: each rehearsal starts a server. */
    private static List<Told> failing = List.of();

    private static long bodiesOfFailing;

    @BeforeAll
    static void rehearseTheFailingChain() {
        failing = tests(run(Failing.class));
        bodiesOfFailing = BODIES.size();
        BODIES.clear();
    }

    @Test
    void aChainThatComesBackIsATestAStepAndOneForTheUnwinding() {
        assertThat(tests(run(Passing.class)))
                .extracting(Told::line)
                .containsExactly("1_create_members SUCCESSFUL", "2_add_nickname SUCCESSFUL", "unwind SUCCESSFUL");
        assertThat(BODIES).filteredOn("back"::equals).hasSize(3);
    }

    @Test
    void aStepThatDoesNotComeBackFailsWithWhatDiffersAndWhere() {
        assertThat(failing)
                .extracting(Told::line)
                .containsExactly(
                        "1_create_members SUCCESSFUL",
                        "2_keep_for_good ABORTED",
                        "3_let_names_be_unknown FAILED",
                        "4_add_column_twice FAILED",
                        "5_never_reached ABORTED",
                        "unwind FAILED");
        assertThat(failing.get(2).message())
                .contains("back-differs column members.name at " + CHAINS + "failing/3_let_names_be_unknown.")
                .contains("Let the down file restore exactly what the step changed");
        assertThat(failing.get(3).message()).contains("forward-fails").contains("4_add_column_twice.up.sql:1");
    }

    @Test
    void aStepThatProvesNothingIsAbortedWithItsReason() {
        assertThat(failing.get(1).message()).contains("no-down").contains("nobody wrote a way back");
        assertThat(failing.get(4).message()).isEqualTo("The rehearsal did not reach this step.");
    }

    @Test
    void theBodyRunsForWhatPassedAlone() {
        assertThat(bodiesOfFailing).isEqualTo(1);
    }

    @Test
    void anAcceptedStepPassesAndStillSaysWhatIsUnproven() {
        EngineExecutionResults results = run(AcceptingUnproven.class);
        assertThat(tests(results))
                .extracting(Told::line)
                .contains("2_keep_for_good SUCCESSFUL", "3_let_names_be_unknown FAILED", "5_never_reached ABORTED");
        assertThat(results.allEvents()
                        .filter(event -> event.getType() == REPORTING_ENTRY_PUBLISHED)
                        .flatMap(event -> event.getPayload(ReportEntry.class).stream())
                        .map(ReportEntry::getKeyValuePairs)
                        .flatMap(pairs -> pairs.entrySet().stream())
                        .filter(pair -> pair.getKey().equals("unproven"))
                        .map(Map.Entry::getValue))
                .anyMatch(value -> value.contains("nobody wrote a way back"));
    }

    @Test
    void aFolderThatCannotBeRehearsedFailsTheMethod() {
        EngineExecutionResults results = run(Unfounded.class);
        Map<String, String> failed = results.containerEvents().failed().stream()
                .collect(Collectors.toMap(
                        event -> event.getTestDescriptor().getDisplayName(),
                        event -> told(event).message()));
        assertThat(tests(results)).isEmpty();
        assertThat(failed.get("comeBack()")).contains(CHAINS + "nowhere");
        assertThat(failed.get("comeBackInAnUnknownLayout()"))
                .contains("knows no layout `alembic`")
                .contains("flyway");
        assertThat(failed.get("comeBackBehindAPreludeThatIsNotThere()")).contains("no-prelude.sql");
    }

    private static EngineExecutionResults run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .execute();
    }

    private static List<Told> tests(EngineExecutionResults results) {
        return results.testEvents().finished().stream().map(RehearsedTest::told).toList();
    }

    private static Told told(Event event) {
        return new Told(
                event.getTestDescriptor().getDisplayName(), event.getRequiredPayload(TestExecutionResult.class));
    }
}
