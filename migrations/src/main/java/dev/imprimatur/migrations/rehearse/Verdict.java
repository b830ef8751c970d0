package dev.imprimatur.migrations.rehearse;

import java.util.List;
import java.util.Locale;

/** What came of a step. */
public enum Verdict {
    PASSED,
    /** Nothing is wrong, but not everything could be shown. */
    UNPROVEN,
    FAILED;

    /** The worst that the findings say. */
    public static Verdict of(List<Finding> findings) {
        return findings.stream()
                .map(finding -> switch (finding.weight()) {
                    case FAILS -> FAILED;
                    case UNPROVEN -> UNPROVEN;
                    case NOTED -> PASSED;
                })
                .max(Verdict::compareTo)
                .orElse(PASSED);
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
