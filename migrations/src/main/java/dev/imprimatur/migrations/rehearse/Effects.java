package dev.imprimatur.migrations.rehearse;

import dev.imprimatur.migrations.snapshot.CatalogObject;
import dev.imprimatur.migrations.snapshot.Effect;
import dev.imprimatur.migrations.snapshot.Fact;
import java.util.stream.Collectors;

/** Tells an effect with the definitions on both sides. */
final class Effects {

    private Effects() {}

    static String told(Effect effect) {
        return effect.line()
                + switch (effect) {
                    case Effect.Added(CatalogObject object, var ignored) -> side("after", facts(object));
                    case Effect.Dropped(CatalogObject object, var ignored) -> side("before", facts(object));
                    case Effect.Changed changed ->
                        side("before", changed.before().orElse("none"))
                                + side("after", changed.after().orElse("none"));
                    case Effect.Reordered ignored -> "";
                };
    }

    private static String facts(CatalogObject object) {
        return object.facts().entrySet().stream()
                .filter(fact -> fact.getKey() != Fact.OWNER && fact.getKey() != Fact.STORAGE)
                .filter(fact -> !fact.getValue().isBlank())
                .map(fact -> fact.getKey().word() + " " + value(fact.getKey(), fact.getValue()))
                .collect(Collectors.joining("; "));
    }

    /** A list in one line, but code as it was written. */
    private static String value(Fact fact, String text) {
        return fact == Fact.BODY || fact == Fact.DEFINITION ? text.strip() : text.replace("\n", ", ");
    }

    private static String side(String label, String text) {
        return text.isEmpty() ? "" : "\n" + label + ": " + text.strip().replace("\n", "\n  ");
    }
}
