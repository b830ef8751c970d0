package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.Statement;
import dev.imprimatur.migrations.Statements;
import dev.imprimatur.migrations.layout.ChainStep;
import dev.imprimatur.migrations.layout.Part;
import dev.imprimatur.migrations.snapshot.Effect;
import dev.imprimatur.migrations.snapshot.EffectClass;
import dev.imprimatur.migrations.snapshot.Snapshot;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds out which statement of a step belongs into which phase, by running them one by one. */
final class Split {

    private Split() {}

    /** The files that would pass, in words; empty when the statements cannot be told apart by running them. */
    static Optional<String> of(ChainStep step, Ground ground, Snapshot before) throws SQLException {
        Map<Phase, List<Integer>> lines = new TreeMap<>();
        Part forward = step.forward();
        Snapshot last = before;
        ground.reset();
        for (Statement statement : forward.statements().list()) {
            Run run = ground.run(new Part(
                    forward.file(),
                    new Statements(List.of(statement), List.of(), List.of()),
                    forward.transaction(),
                    forward.batch(),
                    Optional.empty()));
            if (run.failure().isPresent()) {
                ground.reset();
                return Optional.empty();
            }
            Snapshot now = ground.look(connection -> ground.catalog(connection, before));
            EffectClass worst = last.effectsTo(now).stream()
                    .map(Effect::effectClass)
                    .max(EffectClass::compareTo)
                    .orElse(run.rows() > 0 ? EffectClass.DATA : EffectClass.ADDITIVE);
            lines.computeIfAbsent(PhaseRules.of(worst), none -> new ArrayList<>())
                    .add(statement.line());
            last = now;
        }
        ground.reset();
        if (lines.size() == 1) {
            return Optional.of("all of it belongs into `"
                    + lines.keySet().iterator().next().word() + "`");
        }
        return Optional.of(lines.entrySet().stream()
                .map(phase -> "`" + phase.getKey().word() + "`: the statement"
                        + (phase.getValue().size() == 1 ? " on line " : "s on lines ")
                        + phase.getValue().stream().map(String::valueOf).collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; ", "split it into one file a phase: ", "")));
    }
}
