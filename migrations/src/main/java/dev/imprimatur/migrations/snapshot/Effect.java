package dev.imprimatur.migrations.snapshot;

import java.util.List;
import java.util.Optional;

/** One difference between two snapshots. */
public sealed interface Effect {

    /** The object that differs. */
    ObjectId id();

    EffectClass effectClass();

    /** In one line: {@code column posts.slug lost its default 'x'}. */
    String line();

    /** An object that was not there before; what belongs to it is not told apart. */
    record Added(CatalogObject object, EffectClass effectClass) implements Effect {
        @Override
        public ObjectId id() {
            return object.id();
        }

        @Override
        public String line() {
            return object.fact(Fact.PRIVILEGES)
                    .map(privileges -> "new " + id() + ": " + privileges)
                    .orElse("new " + id());
        }
    }

    /** An object that is there no more; what belonged to it is not told apart. */
    record Dropped(CatalogObject object, EffectClass effectClass) implements Effect {
        @Override
        public ObjectId id() {
            return object.id();
        }

        @Override
        public String line() {
            return id() + " is gone";
        }
    }

    /**
     * A fact that differs.
     *
     * @param before empty when the fact did not hold
     * @param after empty when it no longer holds
     */
    record Changed(ObjectId id, Fact fact, Optional<String> before, Optional<String> after, EffectClass effectClass)
            implements Effect {
        @Override
        public String line() {
            return switch (fact.form()) {
                case FLAG -> id + (after.isPresent() ? " is now " : " is no longer ") + fact.word();
                case LONG -> id + longLine();
                case VALUE -> id + valueLine();
            };
        }

        private String longLine() {
            if (before.isEmpty()) {
                return " gained a " + fact.word();
            }
            return after.isEmpty() ? " lost its " + fact.word() : " has another " + fact.word();
        }

        private String valueLine() {
            String was = before.map(Changed::shown).orElse("");
            String is = after.map(Changed::shown).orElse("");
            if (before.isEmpty()) {
                return " gained the " + fact.word() + " " + is;
            }
            return after.isEmpty()
                    ? " lost its " + fact.word() + " " + was
                    : " has the " + fact.word() + " " + is + " instead of " + was;
        }

        private static String shown(String value) {
            String line = value.replace("\n", ", ");
            return line.length() <= 120 ? line : line.substring(0, 119) + "…";
        }
    }

    /** The same columns in another order: an INSERT without column list would break. */
    record Reordered(ObjectId id, List<String> before, List<String> after) implements Effect {
        public Reordered {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        @Override
        public EffectClass effectClass() {
            return EffectClass.ADDITIVE;
        }

        @Override
        public String line() {
            return id + " has its columns in the order " + String.join(", ", after) + " instead of "
                    + String.join(", ", before);
        }
    }
}
