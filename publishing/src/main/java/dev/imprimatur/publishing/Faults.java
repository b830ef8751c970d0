package dev.imprimatur.publishing;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Gathers every fault of one request, so that whoever made it reads them all at once, and not the first alone. */
public final class Faults {
    private static final int MOST = 100;
    private static final int IN_WORDS = 8;

    private final List<FieldError> errors = new ArrayList<>();
    private final Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);
    private int unlisted;

    /** One more; a place that is at fault already is not named again. */
    public void add(ErrorCode code, String pointer, String detail) {
        if (errors.stream().anyMatch(known -> known.pointer().equals(pointer))) {
            return;
        }
        codes.add(code);
        if (errors.size() < MOST) {
            errors.add(new FieldError(pointer, detail));
        } else {
            unlisted++;
        }
    }

    /** All that this refusal names; one that names no field is the whole request's. */
    public void add(RefusedException refused) {
        if (refused.errors().isEmpty()) {
            add(refused.code(), "", refused.detail());
        }
        refused.errors().forEach(error -> add(refused.code(), error.pointer(), error.detail()));
    }

    /** What this gives; or null, with its faults taken in. */
    public <T> @Nullable T take(Supplier<@Nullable T> reading) {
        try {
            return reading.get();
        } catch (RefusedException refused) {
            add(refused);
            return null;
        }
    }

    public boolean isEmpty() {
        return codes.isEmpty();
    }

    /**
     * Refuses if there was any fault: by the code that all share, else MALFORMED if something could not even be read,
     * else INVALID_FIELD.
     */
    public void refuse() {
        if (isEmpty()) {
            return;
        }
        ErrorCode code = codes.size() == 1
                ? codes.iterator().next()
                : codes.contains(ErrorCode.MALFORMED) ? ErrorCode.MALFORMED : ErrorCode.INVALID_FIELD;
        String detail = errors.stream().limit(IN_WORDS).map(FieldError::detail).collect(Collectors.joining("; "));
        int unsaid = errors.size() + unlisted - IN_WORDS;
        List<FieldError> all = new ArrayList<>(errors);
        if (unlisted > 0) {
            all.add(new FieldError("", "and %,d more".formatted(unlisted)));
        }
        throw new RefusedException(code, unsaid > 0 ? "%s; and %,d more".formatted(detail, unsaid) : detail, all);
    }
}
