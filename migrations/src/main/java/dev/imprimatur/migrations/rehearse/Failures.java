package dev.imprimatur.migrations.rehearse;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells what a failure means: a fault of the step, a step that takes too long, or something that is missing. */
final class Failures {

    private static final Pattern MISSING_ROLE = Pattern.compile("role \"(.+)\" does not exist");
    private static final Pattern MISSING_EXTENSION = Pattern.compile(
            "extension \"(.+)\" is not available|could not open extension control file .*|could not access file .*");

    private Failures() {}

    static Finding finding(FindingCode code, String object, Failure failure) {
        if (failure.error() instanceof Limits.Exceeded) {
            return new Finding(FindingCode.ESCAPES_COPY, object, failure.detail(), Optional.of(failure.place()));
        }
        if (failure.isTimeout()) {
            return new Finding(
                    FindingCode.TIMED_OUT,
                    object,
                    "a statement was ended after the time it may take (--step-timeout)\n" + failure.detail(),
                    Optional.of(failure.place()));
        }
        if (missingRole(failure).isPresent()
                || MISSING_EXTENSION.matcher(failure.message()).matches()) {
            return new Finding(
                    FindingCode.MISSING_PREREQUISITE,
                    object,
                    "make it in a file that runs first (--prelude FILE)\n" + failure.detail(),
                    Optional.of(failure.place()));
        }
        return new Finding(code, object, failure.detail(), Optional.of(failure.place()));
    }

    /** The role that the statement names and nobody made. */
    static Optional<String> missingRole(Failure failure) {
        Matcher role = MISSING_ROLE.matcher(failure.message());
        return failure.sqlState().equals("42704") && role.matches() ? Optional.of(role.group(1)) : Optional.empty();
    }
}
