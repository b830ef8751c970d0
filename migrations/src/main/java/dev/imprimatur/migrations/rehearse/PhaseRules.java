package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.Phase;
import dev.imprimatur.migrations.snapshot.Effect;
import dev.imprimatur.migrations.snapshot.EffectClass;
import java.util.List;
import java.util.Optional;

/** Which effects a phase may have. */
final class PhaseRules {

    private PhaseRules() {}

    static boolean allows(Phase phase, EffectClass effect) {
        return switch (phase) {
            case BASELINE, CONTRACT -> true;
            case EXPAND -> effect == EffectClass.ADDITIVE;
            case BACKFILL -> effect == EffectClass.DATA;
            case CONSTRAIN -> effect == EffectClass.ADDITIVE || effect == EffectClass.RESTRICTIVE;
        };
    }

    /** The phase whose right the effect is. */
    static Phase of(EffectClass effect) {
        return switch (effect) {
            case ADDITIVE -> Phase.EXPAND;
            case DATA -> Phase.BACKFILL;
            case RESTRICTIVE -> Phase.CONSTRAIN;
            case DESTRUCTIVE -> Phase.CONTRACT;
        };
    }

    /** The phase that allows all that a step does; empty for a step that does nothing. */
    static Optional<Phase> infer(List<Effect> effects, boolean rowsChanged) {
        return effects.stream()
                .map(Effect::effectClass)
                .max(EffectClass::compareTo)
                .or(() -> rowsChanged ? Optional.of(EffectClass.DATA) : Optional.empty())
                .map(PhaseRules::of);
    }

    static List<Effect> exceeding(Phase phase, List<Effect> effects) {
        return effects.stream()
                .filter(effect -> !allows(phase, effect.effectClass()))
                .toList();
    }
}
