package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.rows.TableDigest;
import dev.imprimatur.migrations.snapshot.Effect;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns differences between two states into findings about one file of a step. */
final class Differences {

    private final ChainStep step;
    private final Part part;
    private final FindingCode code;

    /** @param part the file that should have made both states equal */
    Differences(ChainStep step, Part part, FindingCode code) {
        this.step = step;
        this.part = part;
        this.code = code;
    }

    /** How the catalog differs; objects in {@code known} were told before. */
    List<Finding> ofCatalogs(Snapshot expected, Snapshot found, Set<String> known) {
        List<Finding> findings = new ArrayList<>();
        for (Effect effect : expected.effectsTo(found)) {
            String object = effect.id().toString();
            boolean order = effect instanceof Effect.Reordered;
            if (!known.contains(object) || order) {
                findings.add(finding(
                        order ? FindingCode.ORDER_DIFFERS : code, object, Effects.told(effect), excuseOfCatalog()));
            }
        }
        return findings;
    }

    List<Finding> ofRows(List<TableDigest.Difference> differences) {
        return differences.stream()
                .map(difference -> finding(code, Names.table(difference.table()), difference.line(), excuseOfRows()))
                .toList();
    }

    List<Finding> ofGlobals(Globals expected, Globals found) {
        return expected.differencesTo(found).stream()
                .map(difference -> finding(code, difference.object(), difference.detail(), excuseOfCatalog()))
                .toList();
    }

    Finding ofRow(String table, String detail) {
        return finding(code, Names.table(table), detail, excuseOfRows());
    }

    private Finding finding(FindingCode what, String object, String detail, Optional<String> excuse) {
        return new Finding(what, object, detail, Blame.place(object, part, step.forward()), excuse);
    }

    /** Rows that cannot come back are what {@code lossy} declares; what a second run does has nothing to do with it. */
    private Optional<String> excuseOfRows() {
        return code == FindingCode.NOT_IDEMPOTENT
                ? Optional.empty()
                : step.down().flatMap(Part::lossy);
    }

    /** Only a way back without any statement says by {@code lossy} that there is none. */
    private Optional<String> excuseOfCatalog() {
        return step.down().filter(down -> down.statements().list().isEmpty()).flatMap(Part::lossy);
    }
}
