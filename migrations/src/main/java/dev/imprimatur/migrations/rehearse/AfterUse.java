package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.rows.GeneratedRows;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way back once somebody has used the new schema: it must not fail on rows that are only possible now, and must leave
 * alone those that were there before.
 */
final class AfterUse {

    /**
     * What the way back is held against.
     *
     * @param before the state before the step
     * @param reached the state behind it
     * @param rows those before the step
     * @param generated what is written
     * @param told how the plain way back differed: not told a second time
     */
    record Expected(State before, State reached, Rows rows, GeneratedRows generated, List<Finding> told) {}

    private AfterUse() {}

    static void check(ChainStep step, Part down, Ground ground, Expected expected, List<Finding> findings)
            throws SQLException, Use.NeedsCommit {
        Set<String> tables = expected.reached().rows().shapes().keySet();
        List<String> written = Use.write(
                ground,
                expected.generated(),
                expected.before().catalog(),
                expected.reached().catalog(),
                tables);
        if (written.isEmpty()) {
            return;
        }
        Run back = ground.run(down);
        if (back.failure().isPresent()) {
            Finding failed = Failures.finding(
                    FindingCode.USED_BACK_FAILS, step.name(), back.failure().get());
            findings.add(new Finding(
                    failed.code(),
                    failed.object(),
                    failed.detail() + "\nafter rows were written through the new schema:\n  "
                            + String.join("\n  ", written),
                    failed.place()));
            return;
        }
        Set<String> known = new HashSet<>();
        expected.told().forEach(finding -> known.add(finding.object()));
        State returned = ground.look(connection -> State.read(
                        connection,
                        ground,
                        expected.before().catalog(),
                        Optional.of(expected.rows().shapes().keySet()))
                .withHashes(connection));
        Rows rows = returned.rows();
        Differences differences = new Differences(step, down, FindingCode.USED_BACK_DIFFERS);
        differences.ofCatalogs(expected.before().catalog(), returned.catalog(), known).stream()
                .filter(finding -> finding.code() != FindingCode.ORDER_DIFFERS)
                .forEach(findings::add);
        for (String table : expected.rows().digests().keySet()) {
            if (!known.contains(Names.table(table))) {
                expected.rows()
                        .lostIn(rows, table)
                        .ifPresent(detail -> findings.add(differences.ofRow(
                                table,
                                detail + "\nafter rows were written through the new schema:\n  "
                                        + String.join("\n  ", written))));
            }
        }
    }
}
