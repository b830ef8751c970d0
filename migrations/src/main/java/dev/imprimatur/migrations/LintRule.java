package dev.imprimatur.migrations;

import java.util.Locale;

/** Everything that {@code migrate lint} can find. The names are stable; reports and editors may rely on them. */
public enum LintRule {
    FILE_NAME(true),
    NUMBER_DUPLICATE(true),
    NUMBER_GAP(true),
    DOWN_MISSING(true),
    FORWARD_MISSING(true),
    UNREADABLE(true),
    INVALID_UTF8(true),
    NUL_BYTE(true),
    EMPTY(true),
    UNTERMINATED(true),
    PSQL_COMMAND(true),
    COPY_STDIN(true),
    TRANSACTION_CONTROL(true),
    DIRECTIVE(true),
    BATCH(true),
    NEEDS_NO_TRANSACTION(true),
    INDEX_UNNAMED(true),
    REGISTRY_MISSING(false),
    REGISTRY_ROW_MISSING(false),
    REGISTRY_ROW_DUPLICATE(false),
    REGISTRY_ROW_STRAY(false),
    REGISTRY_NUMBER(false),
    REGISTRY_DATE(false),
    REGISTRY_NAME(false),
    REGISTRY_PLAN(false),
    REGISTRY_COST(false),
    REGISTRY_NOTES(false);

    private final boolean blocks;

    LintRule(boolean blocks) {
        this.blocks = blocks;
    }

    /** The rule's name in output, such as {@code down-missing}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** True when a folder with such a finding cannot be applied at all; the papers alone do not stop a run. */
    public boolean blocks() {
        return blocks;
    }
}
