package dev.imprimatur.migrations.rehearse;

import java.util.Locale;

/** Everything that a rehearsal can find. The names are stable; reports and build servers may rely on them. */
public enum FindingCode {
    FORWARD_FAILS(Weight.FAILS, "the way there fails"),
    BACK_FAILS(Weight.FAILS, "the way back fails"),
    BACK_DIFFERS(Weight.FAILS, "after the way back, something is not as it was before"),
    ORDER_DIFFERS(Weight.NOTED, "after the way back, columns stand in another order"),
    AGAIN_FAILS(Weight.FAILS, "after the way back, the way there fails"),
    AGAIN_DIFFERS(Weight.FAILS, "the way there gives something else the second time"),
    USED_BACK_FAILS(Weight.FAILS, "the way back fails once the new schema has been used"),
    USED_BACK_DIFFERS(
            Weight.FAILS, "the way back changes rows that were there before, once the new schema has been used"),
    UNWIND_FAILS(Weight.FAILS, "the way back fails when the whole chain is taken back"),
    UNWIND_DIFFERS(Weight.FAILS, "something is not as it was when the whole chain is taken back"),
    PHASE_EXCEEDED(Weight.FAILS, "the step does more than its phase may do"),
    ROWS_CHANGED(Weight.FAILS, "rows change that the phase must leave alone"),
    NOT_IDEMPOTENT(Weight.FAILS, "a second run of the backfill changes rows again"),
    INVALID_LEFT_BEHIND(Weight.FAILS, "a constraint or index is not valid"),
    BROKEN_READER(Weight.FAILS, "a query of the old code fails"),
    BROKEN_WRITER(Weight.FAILS, "a write of the old code fails"),
    PLAN_REGRESSION(Weight.FAILS, "a query of the old code becomes much more expensive"),
    UNPROVEN(Weight.UNPROVEN, "something could not be tried"),
    NO_DOWN(Weight.UNPROVEN, "there is no way back"),
    UNREADABLE(Weight.FAILS, "a file cannot be read"),
    TIMED_OUT(Weight.FAILS, "a statement took longer than allowed"),
    ESCAPES_COPY(Weight.FAILS, "a statement would change something outside the copy"),
    MISSING_PREREQUISITE(Weight.FAILS, "something is missing that the chain takes for granted");

    /** What a finding means for its step. */
    public enum Weight {
        FAILS,
        UNPROVEN,
        NOTED
    }

    private final Weight weight;
    private final String meaning;

    FindingCode(Weight weight, String meaning) {
        this.weight = weight;
        this.meaning = meaning;
    }

    /** The stable name in reports: {@code back-differs}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Weight weight() {
        return weight;
    }

    /** What it means, as the second half of a sentence. */
    public String meaning() {
        return meaning;
    }
}
